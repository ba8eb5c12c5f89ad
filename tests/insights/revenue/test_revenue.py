"""Monthly revenue: the page, and that every figure on it opens its rows."""

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Company, ExchangeRate, User
from billing.models import LedgerState
from billing.selectors.revenue import revenue_months
from billing.services.ledger import ledger_build
from customers.models import Customer
from insights.revenue_words import DIMENSIONS
from insights.selectors.revenue import customers_seen
from insights.selectors.revenue_movements import Wanted, movements_wanted
from tests import world
from tests.conftest import signed_in
from tests.insights.revenue.conftest import Sold, day
from tests.pages import facts, main_of, part, queries, words

URL = "/revenue/"


def test_a_stranger_is_asked_to_sign_in(client: Client, company: Company) -> None:
    assert client.get(URL)["Location"] == "/sign-in/?next=/revenue/"


def test_before_anybody_pays(ana_client: Client, company: Company) -> None:
    page = words(main_of(ana_client.get(URL)))
    assert "Nobody pays anything yet" in page


def test_before_the_first_sums(ana_client: Client, sold: Sold) -> None:
    LedgerState.objects.update(built_on=None)
    assert "Nothing summed yet" in words(main_of(ana_client.get(URL)))


def test_the_company_in_one_sentence_and_four_numbers(
    mara_client: Client, sold: Sold
) -> None:
    response = mara_client.get(URL)
    assert response.context["sentence"] == (
        "€1,110 a month less than at the end of May 2026: €250 came in, €1,360 leaked."
    )
    now, change, net, gross = facts(response)
    assert now == "Monthly revenue now €1,950 3 paying customers"
    assert change == "Change in June 2026 −€1,110"
    # A year ago 1,000 + 360 + 300 + 250 + 900; Kestrel and Heron never stopped.
    assert net.startswith("Kept of a year ago, with growth 60.5%")
    assert gross.startswith("Kept of a year ago, without growth 42.7%")


def test_a_csm_sees_the_own_customers_figures(ana_client: Client, sold: Sold) -> None:
    response = ana_client.get(URL)
    page = words(main_of(response))
    assert response.context["sentence"] == (
        "€210 a month less than at the end of May 2026: €250 came in, €460 leaked."
    )
    assert "For your customers only" in page
    assert "rival" not in page


def test_the_leaks_are_ranked(mara_client: Client, sold: Sold) -> None:
    leaks = {
        dimension: [(leak.name, leak.amount) for leak in ranked]
        for _name, dimension, ranked in mara_client.get(f"{URL}?month=2026-06").context[
            "leaks"
        ]
    }
    assert leaks == {
        "reason": [("rival", Decimal(900)), ("price", Decimal(360))],
        "plan": [("Team", Decimal(1360))],
        "segment": [("Mid-market", Decimal(1260)), ("Enterprise", Decimal(100))],
    }


def test_months_in_one_currency(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get(f"{URL}?currency=USD")
    rows = {line.row.month: line.row for line in response.context["lines"]}
    june = rows[day(6, 1)]
    assert (june.opening, june.churn, june.closing) == (400, -400, 0)
    assert (june.customers_opening, june.customers_closing) == (1, 0)
    assert "leaks" not in response.context
    assert "summed for all currencies together" in part(response, "h-bucket")


def test_nothing_in_a_currency(mara_client: Client, sold: Sold) -> None:
    assert "Nothing was paid here" in words(
        main_of(mara_client.get(f"{URL}?currency=CHF"))
    )


def test_old_sums_and_missing_rates_are_told(admin_client: Client, sold: Sold) -> None:
    ExchangeRate.objects.all().delete()
    ledger_build(now=world.NOW)
    LedgerState.objects.count_up()
    page = words(main_of(admin_client.get(URL)))
    assert "Something has changed since" in page
    assert "no exchange rate for some days of USD" in page
    assert "Enter rates" in page


def linked(client: Client, url: str) -> list[tuple[str, dict[str, list[str]]]]:
    """This will return what every link to rows says, and what it asks for."""
    found = re.findall(
        r'<a href="(/revenue/movements/\?[^"]+)">(.*?)</a>', main_of(client.get(url)), re.DOTALL,
    )  # fmt: skip
    return [
        (words(text), parse_qs(urlsplit(href.replace("&amp;", "&")).query))
        for href, text in found
    ]


@pytest.mark.parametrize("who", ["mara", "ana"])
def test_the_rows_come_to_the_figure(
    who: str, mara: User, ana: User, sold: Sold
) -> None:
    client = signed_in({"mara": mara, "ana": ana}[who])
    for currency, count in (("", 5), ("USD", 1)):
        response = client.get(f"{URL}?currency={currency}")
        cells = [
            cell
            for line in response.context["lines"]
            for cell in line.cells
            if cell.url
        ]
        assert len(cells) == count
        for cell in cells:
            listed = client.get(cell.url).context
            amounts = [total.amount for total in listed["totals"]]
            assert (sum(amounts) if currency else listed["converted"]) == cell.amount


@pytest.mark.parametrize("who", ["mara", "ana"])
def test_the_rows_of_a_group_come_to_its_sums(
    who: str, mara: User, ana: User, sold: Sold
) -> None:
    user = {"mara": mara, "ana": ana}[who]
    first, last = day(1, 1, 2025), day(6, 30)
    customers = customers_seen(user)
    for dimension in DIMENSIONS:
        sums: dict[str, Decimal] = {}
        for row in revenue_months(first, last, dimension, customers=customers):
            sums[row.value] = sums.get(row.value, Decimal(0)) + row.churn
        lost = {value: amount for value, amount in sums.items() if amount}
        assert sum(lost.values()) == (-1510 if who == "mara" else -610)
        for value, amount in lost.items():
            wanted = Wanted(first, last, kinds=(5,), by=dimension, value=value)
            rows = movements_wanted(user, wanted, until=world.TODAY)
            assert sum(row.converted or 0 for row in rows) == amount, dimension


def test_the_page_asks_as_often_for_more_customers(
    mara_client: Client, ana: User, sold: Sold
) -> None:
    before = queries(mara_client, URL)
    for number in range(3):
        world.subscribe(world.make_customer(f"More {number}", owner=ana), mrr="10")
    ledger_build(now=world.NOW)
    assert queries(mara_client, URL) == before


def test_the_months_as_a_file(mara_client: Client, sold: Sold) -> None:
    lines = mara_client.get("/revenue/file/?months=12").content.decode().splitlines()
    assert len(lines) == 13
    assert lines[-1] == (
        "2026-06,EUR,3060.00,0.00,250.00,0.00,-100.00,-1260.00,0.00,1950.00,3,2"
    )


def test_every_row_of_the_table_meets(mara_client: Client, sold: Sold) -> None:
    lines = mara_client.get(f"{URL}?months=0").context["lines"]
    assert [line.row.month for line in lines][-1] == dt.date(2025, 1, 1)
    for line in lines:
        moved = sum(cell.amount for cell in line.cells)
        assert line.row.opening + moved + line.row.revaluation == line.row.closing


def test_customers_of_charlie_do_not_show(ana_client: Client, sold: Sold) -> None:
    assert Customer.objects.filter(name="Secret Ltd").exists()
    for url in (
        "/revenue/movements/?from=2025-01&to=2026-06",
        "/churn/departures/",
        "/churn/",
        "/revenue/conventions/compare/?a=chartmogul&month=2026-06",
    ):
        assert "Secret Ltd" not in ana_client.get(url).content.decode()
    file = ana_client.get("/revenue/movements/file/?from=2025-01&to=2026-06")
    assert "Secret Ltd" not in file.content.decode()
    assert (
        "Secret Ltd" not in ana_client.get("/churn/departures/file/").content.decode()
    )
