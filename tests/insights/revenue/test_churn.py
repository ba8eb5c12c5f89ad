"""Churn four ways, and what is expected of the next 90 days."""

import pytest
from django.test import Client

from accounts.models import Company, User
from billing.selectors.revenue_rows import MonthRow
from customers.models import Customer
from health.models import Run, Standing
from insights.churn_ahead import ahead_observed
from insights.churn_charts import churn_figure, groups_figure
from insights.churn_lines import churn_lines, lost_of
from insights.churn_words import (
    churn_sentence,
    groups_headline,
    rate_words,
    renewed_words,
)
from tests import world
from tests.insights.revenue.conftest import Sold, day
from tests.pages import facts, main_of, part, queries, words

URL = "/churn/"


def month(number: int, **fields: object) -> MonthRow:
    return MonthRow(day(number, 1), "segment", **{"value": "1", **fields})  # type: ignore[arg-type]


def test_without_a_ledger(mara_client: Client, company: Company) -> None:
    for url in (URL, "/churn/ahead/", "/cohorts/", "/revenue/conventions/compare/"):
        assert "Nobody pays anything yet" in mara_client.get(url).content.decode()


def test_four_ways_with_causes(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get(URL)
    customers, share, revenue, of_it = facts(response)
    assert customers == "Customers lost 3 2 chose to 1 by a failed payment"
    assert share == "Of customers, a month – too few customers for a share"
    assert revenue == (
        "Monthly revenue lost €1,510 €1,260 by choice, €250 by failed payments"
        " and €100 from those who stayed"
    )
    assert of_it.startswith("Of revenue, a month 4")
    assert response.context["sentence"] == (
        "3 customers left, and with them €1,510 a month."
        " 1 of them because a payment failed."
    )


def test_by_a_dimension_in_a_month(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get(f"{URL}?month=2026-06&by=source")
    assert [
        (line.name, line.lost.customers, line.lost.revenue)
        for line in response.context["lines"]
    ] == [("Fair", 1, 900), ("Not told", 1, 360)]
    assert "Of customers, a month" in part(response, "h-by")
    reasons = mara_client.get(f"{URL}?by=reason")
    assert "Of customers, a month" not in part(reasons, "h-by")
    assert [line.name for line in reasons.context["lines"]] == [
        "rival",
        "price",
        "card",
    ]


def test_a_month_without_departures(mara_client: Client, sold: Sold) -> None:
    page = words(main_of(mara_client.get(f"{URL}?month=2025-12")))
    assert "Nobody left." in page
    assert page.count("Nobody left in these months") == 2


def test_a_csm_counts_the_own(ana_client: Client, sold: Sold) -> None:
    assert facts(ana_client.get(URL))[0].startswith("Customers lost 2 ")


def test_the_page_asks_as_often_for_more(
    mara_client: Client, ana: User, sold: Sold
) -> None:
    before = queries(mara_client, URL)
    for number in range(2):
        customer = world.make_customer(f"More {number}", owner=ana)
        world.leave(customer, days=3)
    assert queries(mara_client, URL) == before


def many(lost: int) -> list[MonthRow]:
    return [
        month(
            number, opening=1000, churn=-10 * lost, customers_opening=100,
            customers_lost=lost, customers_lost_involuntary=1,
        )
        for number in range(1, 7)
    ]  # fmt: skip


def test_shares_with_ranges() -> None:
    lost = lost_of(many(4), 6)
    assert lost.mean_opening == 100
    assert (lost.voluntary, lost.revenue_voluntary) == (18, 240)
    assert rate_words(lost.customers_rate) == "4.0% (2.7% to 5.9%)"
    assert rate_words(lost_of(many(4)[:1], 1).revenue_rate) == "4.0%"
    assert rate_words(None) == "–"


def test_renewals_in_words() -> None:
    assert renewed_words(0, 0) == ""
    assert renewed_words(1, 1) == (
        "1 of 1 subscription that came up for renewal renewed."
    )
    assert renewed_words(20, 18) == (
        "18 of 20 subscriptions that came up for renewal renewed. 90.0% (69.9% to 97.2%)"
    )


def test_who_loses_clearly_more_is_named() -> None:
    whole = lost_of(many(4), 6)
    rows = [
        *many(4),
        *(month(n, value="2", customers_opening=100, customers_lost=20) for n in range(1, 7)),
        month(1, value="3", customers_opening=2),
    ]  # fmt: skip
    lines = churn_lines(
        rows, "segment", names={"1": "Small", "2": "Big", "3": "Tiny"},
        period=(day(1, 1), day(6, 1)), months=6,
    )  # fmt: skip
    assert [line.name for line in lines] == ["Small", "Big", "Tiny"]
    assert groups_headline(lines, whole) == "Big: clearly more leave than of all"
    assert groups_headline(lines[:1], whole).startswith("No group clearly")
    figure = groups_figure(lines, whole, headline="h", subtitle="s")
    assert figure is not None
    assert [row[0] for row in figure.rows] == ["Big", "Small"]
    assert groups_figure(lines[:1], whole, headline="h", subtitle="s") is None


def test_the_worst_month_is_named() -> None:
    figure = churn_figure([*many(4), month(7, customers_opening=100, customers_lost=9)], subtitle="s")  # fmt: skip
    assert figure is not None
    assert figure.headline == "July 2026 was the worst month: 9.0% of customers left"
    assert figure.rows[0] == ("July 2026", "9 of 100 (4.8% – 16.2%)", "–")
    few = churn_figure([month(1, opening=5, churn=-5, customers_opening=1)] * 2, subtitle="s")  # fmt: skip
    assert few is not None
    assert few.headline == "Too few customers for a share of them"
    assert churn_figure([month(1)], subtitle="s") is None


def test_one_departure_in_words() -> None:
    lost = lost_of([month(1, churn=-50, customers_lost=1)], 1)
    assert churn_sentence(lost, currency="EUR")[0] == (
        "1 customer left, and with it €50 a month."
    )


def test_ahead_by_what_was_observed(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get("/churn/ahead/")
    page = words(main_of(response))
    assert "no learned forecasts are in use yet" in page
    names = [line.name for line in response.context["ahead"].lines]
    assert names == ["Not told", "Mature", "Renewal"] or "Mature" in names


def test_a_rate_carried_on_for_three_months() -> None:
    now = month(7, closing=1000, customers_closing=100)
    [line] = ahead_observed([*many(4), now], now=day(7, 1)).lines
    assert line.lost == pytest.approx(100 * (1 - 0.96**3))
    assert line.low is not None
    assert line.high is not None
    assert line.low < line.lost < line.high
    assert line.mrr_lost == pytest.approx(1000 * (1 - 0.96**3))


def test_ahead_by_the_forecasts_in_use(
    ana_client: Client, sold: Sold, customers_scored: None
) -> None:
    response = ana_client.get("/churn/ahead/")
    ahead = response.context["ahead"]
    own = Standing.objects.exclude(customer__name="Secret Ltd").filter(mrr__gt=0)
    assert ahead.customers == own.count()
    assert ahead.lost == pytest.approx(sum(row.churn for row in own))
    assert ahead.mrr_lost == pytest.approx(
        sum(row.churn * float(row.mrr) for row in own)
    )
    assert "version 7 of the forecasts" in words(main_of(response))


@pytest.fixture
def customers_scored(sold: Sold) -> None:
    """A night with a version of the forecasts, as far as the page is concerned."""
    world.score()
    run = Run.objects.get()
    run.parameters["forecast"]["number"] = 7
    run.save(update_fields=["parameters"])
    assert Customer.objects.count() == 5
