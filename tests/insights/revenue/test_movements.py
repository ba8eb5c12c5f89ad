"""The rows behind a figure."""

import pytest
from django.test import Client

from accounts.models import User
from billing.services.ledger import ledger_build
from insights.selectors import revenue_kept, revenue_movements
from tests import world
from tests.conftest import signed_in
from tests.insights.revenue.conftest import Sold
from tests.pages import main_of, queries, rows, words

URL = "/revenue/movements/"
JUNE = f"{URL}?month=2026-06"


def test_what_happened_stands_beside_each_row(mara_client: Client, sold: Sold) -> None:
    shown = rows(mara_client.get(JUNE))
    assert [row.split("Ana Popescu")[0].split("Charlie")[0].strip() for row in shown] == [
        "Lark Media", "Heron Labs", "Brightwater Logistics", "Secret Ltd",
    ]  # fmt: skip
    lark, heron, bright, _secret = shown
    assert "Came back €0 → €250" in lark
    assert "Started: Team, 20 seats" in lark
    assert "Changed: Team, 10 seats" in heron
    assert "Churn $400 → $0 −$400 −€360 Ended: Team" in bright
    kestrel = rows(mara_client.get(f"{URL}?month=2026-05"))
    assert "Upgraded: Pro, 30 seats" in kestrel[0]


def test_kinds_currency_and_cause_narrow_it(mara_client: Client, sold: Sold) -> None:
    def names(query: str) -> list[str]:
        found = mara_client.get(f"{URL}?from=2026-01&to=2026-06&{query}")
        return [line.movement.customer.name for line in found.context["lines"]]

    assert names("kind=4") == ["Heron Labs"]
    assert names("kind=4,3") == ["Heron Labs", "Kestrel Foods"]
    assert names("kind=4&kind=3") == ["Heron Labs", "Kestrel Foods"]
    assert names("currency=USD") == ["Brightwater Logistics"]
    assert names("cause=failed") == ["Lark Media"]
    assert names("cause=chose") == ["Brightwater Logistics", "Secret Ltd"]
    assert names("by=plan&value=none") == []
    assert names("by=tenure&value=none") == []
    assert names("by=segment&value=none") == []


def test_sums_per_currency_and_converted(mara_client: Client, sold: Sold) -> None:
    page = words(main_of(mara_client.get(JUNE)))
    assert "−€750 −$400 Converted, each at the rate of its day: −€1,110" in page
    alone = words(main_of(mara_client.get(f"{JUNE}&kind=4")))
    assert "Together −€100 a month" in alone


def test_an_address_without_sense_is_the_present_month(
    mara_client: Client, sold: Sold
) -> None:
    response = mara_client.get(f"{URL}?from=2026-13&kind=9&currency=x&at=x|y&by=z")
    assert response.context["count"] == 4
    assert response.context["wanted"].kinds == ()


def test_pages_follow_each_other(
    mara_client: Client, ana: User, sold: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revenue_movements, "PAGE_SIZE", 3)
    first = mara_client.get(JUNE)
    then = mara_client.get(f"{URL}{first.context['next_url']}")
    shown = [
        [line.movement.customer.name for line in page.context["lines"]]
        for page in (first, then)
    ]
    assert shown == [
        ["Lark Media", "Heron Labs", "Brightwater Logistics"], ["Secret Ltd"],
    ]  # fmt: skip
    assert then.context["next_url"] == ""
    assert then.context["previous_url"] == "?from=2026-06&to=2026-06"


def test_the_same_rows_as_a_file(mara_client: Client, sold: Sold) -> None:
    file = mara_client.get("/revenue/movements/file/?month=2026-06&kind=5")
    lines = file.content.decode().splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2026-06-08,Brightwater Logistics,")
    assert lines[1].endswith(",Churn,400.00,0.00,-400.00,USD,-360.00")


def test_without_a_ledger(mara_client: Client, company: object) -> None:
    assert "Nobody pays anything yet" in mara_client.get(URL).content.decode()
    file = mara_client.get("/revenue/movements/file/").content.decode()
    assert len(file.splitlines()) == 1


def test_no_rows_say_so(mara_client: Client, sold: Sold) -> None:
    assert "No movements" in mara_client.get(f"{URL}?month=2024-01").content.decode()


def test_the_list_asks_as_often_for_more_rows(
    mara_client: Client, ana: User, sold: Sold
) -> None:
    before = queries(mara_client, JUNE)
    for number in range(3):
        customer = world.make_customer(f"More {number}", owner=ana)
        world.subscribe(customer, mrr="10", since=world.days_ago(5))
    ledger_build(now=world.NOW)
    assert queries(mara_client, JUNE) == before


@pytest.mark.parametrize("who", ["mara", "ana"])
def test_the_customers_of_a_year_ago_come_to_both_retentions(
    who: str, mara: User, ana: User, sold: Sold
) -> None:
    client = signed_in({"mara": mara, "ana": ana}[who])
    response = client.get("/revenue/kept/?month=2026-06")
    rows, sums = response.context["rows"], response.context["sums"]
    assert [(row.customer, row.then, row.with_growth, row.without) for row in rows] == [
        ("Kestrel Foods", 1000, 1500, 1000),
        ("Brightwater Logistics", 360, 0, 0),
        ("Heron Labs", 300, 200, 200),
        # Back since, but it had left in between.
        ("Lark Media", 250, 0, 0),
    ] + [("Secret Ltd", 900, 0, 0)] * (who == "mara")
    assert sum(row.then for row in rows) == sums.year_ago
    assert sum(row.with_growth for row in rows) == sums.kept_with_expansion
    assert sum(row.without for row in rows) == sums.kept_without
    assert "left in between" in response.content.decode()


def test_pages_of_kept_customers(
    mara_client: Client, sold: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revenue_kept, "PAGE_SIZE", 2)
    first = mara_client.get("/revenue/kept/")
    then = mara_client.get(f"/revenue/kept/{first.context['next_url']}")
    last = mara_client.get(f"/revenue/kept/{then.context['next_url']}")
    shown = [[row.customer.split()[0] for row in page.context["rows"]] for page in (first, then, last)]  # fmt: skip
    assert shown == [["Kestrel", "Brightwater"], ["Heron", "Lark"], ["Secret"]]
    assert last.context["next_url"] == ""


def test_nobody_paid_a_year_ago(mara_client: Client, sold: Sold) -> None:
    page = mara_client.get("/revenue/kept/?month=2025-06").content.decode()
    assert "Nobody paid a year ago" in page
