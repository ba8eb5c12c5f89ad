"""Whom it pays to win: the page, its list of customers, its file."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, User
from customers.models import AcquisitionSpend, Campaign, Customer
from health.calculations.winning import EMPTY, table_of
from health.enums import RunKind, RunState, ShardState
from health.models import AcquisitionDay, Run, Standing
from health.services.acquisition import acquisition_now
from health.services.scorecards import scorecard_current
from tests import world
from tests.health.calculations.test_winning import won
from tests.pages import main_of, part, queries, rows, words
from tests.world import NOW, TODAY

URL = "/acquisition/"
FAIRS, ADS = 1, 2
YEAR = 2025


def a_run() -> Run:
    """This will save a finished run of which nothing but the day is needed."""
    return Run.objects.create(
        kind=RunKind.MANUAL,
        as_of=TODAY,
        local_date=TODAY,
        known_before=NOW,
        scorecard_version=scorecard_current(now=NOW),
        state=RunState.DONE,
        started_at=NOW,
        finished_at=NOW,
        customers=60,
    )


def a_day(*customers: tuple[int, int, int, float, float], **fields: object) -> None:
    """This will save the sums of customers: source, campaign, year, value, own cost."""
    names = ("origin", "segment", "plan", "cohort")
    table = table_of(won(*customers)) if customers else EMPTY
    values = {
        "run": a_run(),
        "as_of": TODAY,
        "state": ShardState.DONE,
        "parameters": {
            "sources": ["Trade fairs", "Paid ads"],
            "campaigns": [],
            "miss": 0.1,
            "checked": 0,
        },
        "content": {name: table.as_json() for name in names},
    }
    AcquisitionDay.objects.create(**{**values, **fields})


def spend(
    source: str, amount: int, *, day: dt.date | None = None, **more: object
) -> None:
    AcquisitionSpend.objects.create(
        source=source,
        amount=Decimal(amount),
        currency=more.pop("currency", "EUR"),
        spent_on=day or dt.date(YEAR, 3, 1),
        recorded_at=NOW,
        **more,
    )


@pytest.fixture
def fairs(company: Company) -> None:
    """30 customers of the fairs bring 40 each and cost 50; 25 of the ads bring 60."""
    a_day(*[(FAIRS, 0, YEAR, 40.0, 0.0)] * 30, *[(ADS, 0, YEAR, 60.0, 0.0)] * 25)
    spend("Trade fairs", 1500)
    spend("Paid ads", 25 * 50)


def test_what_loses_money_is_said_first(mara_client: Client, fairs: None) -> None:
    page = mara_client.get(URL)
    assert part(page, "h-found").startswith(
        "Customers from “Trade fairs” cost €50 and bring €40: each one loses €10."
        " 1 of 2 groups lose money for certain."
    )
    assert rows(page) == [
        (
            "Paid ads Pays off 25 €60 €58.04 to €61.96 €50 €1.2K in all €10"
            " €8.04 to €11.96 1.2 times cannot be told €60"
        ),
        (
            "Trade fairs Loses money 30 €40 €38.68 to €41.32 €50 €1.5K in all −€10"
            " −€11.32 to −€8.68 0.8 times not at all €40"
        ),
    ]
    assert main_of(page).count('data-verdict="loss"') == 1


def test_a_ratio_that_is_wanted_lowers_what_may_be_spent(
    mara_client: Client, fairs: None
) -> None:
    lines = rows(mara_client.get(URL, {"ratio": "3"}))
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["€20", "€13.33"]


def test_only_customers_of_a_year_can_be_asked_for(
    mara_client: Client, company: Company
) -> None:
    a_day(
        *[(FAIRS, 0, 2024, 90.0, 0.0)] * 20,
        *[(FAIRS, 0, 2025, 10.0, 0.0)] * 20,
    )
    spend("Trade fairs", 400, day=dt.date(2025, 3, 1))
    (line,) = rows(mara_client.get(URL, {"year": "2025"}))
    assert line.startswith("Trade fairs Loses money 20 €10")
    (line,) = rows(mara_client.get(URL))
    assert line.startswith("Trade fairs Pays off 40 €50")


def test_of_few_customers_nothing_is_said(
    mara_client: Client, company: Company
) -> None:
    a_day(*[(FAIRS, 0, YEAR, 40.0, 0.0)] * 19)
    spend("Trade fairs", 1500)
    page = mara_client.get(URL)
    (line,) = rows(page)
    assert line.startswith("Trade fairs Too few to say 19 €40 €78.95")
    assert "It cannot be said yet whom it pays to win." in part(page, "h-found")


def test_money_that_brought_nobody_is_shown(mara_client: Client, fairs: None) -> None:
    spend("Radio", 700)
    last = rows(mara_client.get(URL))[-1]
    assert last.startswith("Radio Brought nobody 0 – – €700 in all −€700 in all")
    segment = mara_client.get(URL, {"by": "segment"})
    assert "€700 was spent where nobody was won" in words(main_of(segment))


def test_money_without_a_rate_is_said_and_not_counted(
    mara_client: Client, fairs: None
) -> None:
    spend("Trade fairs", 99, currency="CHF")
    page = words(main_of(mara_client.get(URL)))
    assert "1 row of spend (CHF 99) does not count" in page


def test_where_no_cost_is_known_it_says_how_to_bring_it(
    mara_client: Client, company: Company
) -> None:
    a_day(*[(FAIRS, 0, YEAR, 40.0, 0.0)] * 30)
    page = mara_client.get(URL)
    assert "No cost of winning customers is known yet." in part(page, "h-found")
    (line,) = rows(page)
    assert line.startswith("Trade fairs No cost known 30")


@pytest.mark.parametrize("by", ["source", "campaign", "segment", "plan", "cohort"])
def test_every_way_to_group_costs_the_same(
    mara_client: Client, company: Company, by: str
) -> None:
    a_day((FAIRS, 0, YEAR, 40.0, 0.0))
    spend("Trade fairs", 10)
    one = queries(mara_client, f"{URL}?by={by}")
    AcquisitionDay.objects.all().delete()
    for number in range(3):
        campaign = Campaign.objects.create(external_id=f"K{number}", name="K")
        spend("", 10, campaign=campaign)
    a_day(*[(source, source, YEAR, 40.0, 0.0) for source in (1, 2, 1)], run=a_run())
    assert queries(mara_client, f"{URL}?by={by}") == one


def test_many_groups_come_in_pages(mara_client: Client, fairs: None) -> None:
    for number in range(60):
        spend(f"Leaflet {number:02}", 10 + number)
    first, second = (rows(mara_client.get(URL, {"page": n})) for n in ("1", "2"))
    assert (len(first), len(second)) == (40, 22)
    assert second[-1].startswith("Leaflet 59")
    assert rows(mara_client.get(URL, {"page": "99"})) == second


def test_before_the_sums_are_there(
    mara_client: Client, company: Company, ana: User
) -> None:
    assert "script/import" in main_of(mara_client.get(URL))
    world.make_customer(owner=ana)
    assert "made after each run" in words(main_of(mara_client.get(URL)))
    a_day(state=ShardState.FAILED, reason="ValueError: x")
    assert "could not be made: ValueError: x" in words(main_of(mara_client.get(URL)))


def test_it_is_for_leaders(
    ana_client: Client, viewer_client: Client, admin_client: Client, fairs: None
) -> None:
    for address in (URL, f"{URL}csv/", f"{URL}customers/?key=Trade+fairs"):
        assert ana_client.get(address).status_code == 403
        assert viewer_client.get(address).status_code == 403
        assert admin_client.get(address).status_code == 200


def test_the_file_has_every_group(mara_client: Client, fairs: None) -> None:
    answer = mara_client.get(f"{URL}csv/")
    assert answer["Content-Disposition"].endswith(f'"acquisition-source-{TODAY}.csv"')
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["Group"] for line in lines] == ["Paid ads", "Trade fairs"]
    assert {
        name: lines[1][name]
        for name in ("Customers", "CLV", "CAC", "Left of each", "Verdict", "Currency")
    } == {
        "Customers": "30",
        "CLV": "40.0",
        "CAC": "50.0",
        "Left of each": "-10.0",
        "Verdict": "Loses money",
        "Currency": "EUR",
    }


def test_a_file_of_nothing_is_not_found(mara_client: Client, company: Company) -> None:
    assert mara_client.get(f"{URL}csv/").status_code == 404


class TestCustomers:
    """The list behind a group."""

    def asked(self, client: Client, **query: object) -> list[str]:
        return rows(client.get(f"{URL}customers/", query))

    def test_it_lists_who_was_won_and_what_they_bring(
        self, mara_client: Client, company: Company, ana: User
    ) -> None:
        here = world.make_customer(
            "Here", owner=ana, acquisition_source="Fair", acquisition_cost=Decimal(100)
        )
        world.subscribe(here)
        world.make_customer("Gone", acquisition_source="Fair", since=world.days_ago(90))
        world.make_customer("Other", acquisition_source="Paid ads")
        acquisition_now(run=world.score())
        Standing.objects.update(clv=900, clv_p10=400, clv_p90=1900)
        Standing.objects.exclude(customer=here).delete()
        assert self.asked(mara_client, key="Fair") == [
            "Gone 1 April 2026 Mid-market Left, or not scored",
            "Here 30 June 2024 Mid-market €1K €500 to €2K",
        ]
        assert self.asked(mara_client, key="Fair", year="2024") == [
            "Here 30 June 2024 Mid-market €1K €500 to €2K"
        ]
        linked = Customer.objects.get(name="Here")
        assert f'href="/customers/{linked.pk}/"' in main_of(
            mara_client.get(f"{URL}customers/", {"key": "Fair"})
        )

    def test_pages_and_queries(self, mara_client: Client, company: Company) -> None:
        for _number in range(2):
            world.make_customer(acquisition_source="Fair")
        two = queries(mara_client, f"{URL}customers/?key=Fair")
        for _number in range(50):
            world.make_customer(acquisition_source="Fair")
        assert queries(mara_client, f"{URL}customers/?key=Fair") == two
        page = mara_client.get(f"{URL}customers/", {"key": "Fair"})
        assert len(rows(page)) == 50
        last = Customer.objects.order_by("-pk")[49]
        assert f"at={last.pk}" in main_of(page)
        assert len(self.asked(mara_client, key="Fair", at=last.pk)) == 2

    @pytest.mark.parametrize(
        "query",
        [
            {"by": "campaign", "key": "x"},
            {"by": "cohort", "key": "20265"},
            {"by": "cohort", "key": "11"},
            {"by": "plan", "key": "1" * 30},
        ],
    )
    def test_a_group_that_cannot_be_is_not_found(
        self, mara_client: Client, company: Company, query: dict[str, str]
    ) -> None:
        assert mara_client.get(f"{URL}customers/", query).status_code == 404

    def test_nobody_is_an_answer(self, mara_client: Client, company: Company) -> None:
        for query in ({"by": "campaign", "key": "7"}, {"by": "cohort", "key": "20261"}):
            page = mara_client.get(f"{URL}customers/", query)
            assert "No customer that you may see" in words(main_of(page))


def test_a_page_from_the_rows_on(
    mara_client: Client, company: Company, ana: User
) -> None:
    """Scored, summed and shown, with a cost that stands at the customers."""
    for _number in range(2):
        customer = world.healthy_customer("Kestrel", owner=ana)
        customer.acquisition_source, customer.acquisition_cost = "Fair", Decimal(500)
        customer.save()
    acquisition_now(run=world.score())
    (line,) = rows(mara_client.get(URL))
    assert line.startswith("Fair Too few to say 2 ")
    assert "€500 €1K in all" in line
