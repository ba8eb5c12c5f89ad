"""What is expected of a customer, and what stands behind it."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Company, User
from billing.models import Invoice, Plan
from customers.models import Customer
from health.calculations.churn.choosing import Method
from health.customer_forecast_money import worth_of
from health.customer_forecast_words import told_pushes
from health.features import feature_codes
from health.models import ForecastVersion, Run, Score, Standing, ValueCheck
from health.services.customer_forecast import customer_forecast
from health.services.overrides import override_set
from tests import world
from tests.learnt import learnt_content
from tests.pages import facts, main_of, part, queries, words
from tests.world import NOW, TODAY, days_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def version(company: Company) -> ForecastVersion:
    return world.forecast_version(learnt_content(), as_of=days_ago(5))


@pytest.fixture
def customer(version: ForecastVersion, ana: User) -> Customer:
    """Somebody whose usage and invoices come in stands by: no source is late."""
    world.healthy_customer("Kestrel", owner=ana)
    found = world.failing_customer("Brightwater", owner=ana)
    world.score()
    return found


def standing_of(customer: Customer) -> Standing:
    return Standing.objects.select_related("run").get(pk=customer.pk)


def address(customer: Customer) -> str:
    return reverse("customer_forecast", args=[customer.pk])


def section(client: Client, customer: Customer, heading: str) -> str:
    response = client.get(address(customer))
    assert response.status_code == 200
    return part(response, heading)


def points(text: str) -> list[float]:
    """This will read signed numbers with a tenth."""
    found = re.findall(r"[+\N{MINUS SIGN}]?\d+\.\d(?!\d|%)", text)
    return [float(number.replace("\N{MINUS SIGN}", "-")) for number in found]


def test_all_is_as_the_run_said(customer: Customer) -> None:
    standing = standing_of(customer)
    found = customer_forecast(standing=standing, now=NOW)
    assert found
    assert found.explained
    assert found.staying
    assert not found.changed
    assert found.explained.p == pytest.approx(standing.churn, abs=1e-6)
    assert 1 - found.staying.alive[3] == pytest.approx(standing.churn, abs=1e-12)
    pushes = found.explained.pushes
    assert pushes.points.sum() + pushes.average == pytest.approx(found.explained.p)
    codes = feature_codes()
    strongest = pushes.strongest()[0]
    assert standing.churn_reasons == [codes[pushes.names[at]] for at in strongest]
    assert standing.churn_points == pytest.approx(
        pushes.points[0, strongest].tolist(), abs=1e-6
    )
    worth = worth_of(standing, found.facts)
    assert worth.margin + worth.support + worth.acquisition == worth.earned
    assert worth.earned == round(standing.earned)
    assert worth.earned + worth.expected == round(standing.clv)


def test_only_renewals_end_a_yearly_contract(customer: Customer) -> None:
    found = customer_forecast(standing=standing_of(customer), now=NOW)
    assert found
    assert found.staying
    alive, renewals = found.staying.alive, found.staying.renewals
    assert np.diff(renewals).tolist() == [12] * (len(renewals) - 1)
    later = np.flatnonzero(np.diff(alive) < 0) + 1
    assert set(later[later > 3].tolist()) == {month for month in renewals if month > 3}
    assert np.all(found.staying.low <= alive)
    assert np.all(alive <= found.staying.high)


def test_what_became_known_later_changes_nothing(
    ana_client: Client, customer: Customer
) -> None:
    before = main_of(ana_client.get(address(customer)))
    late = world.invoice(customer, days=3, total="9999")
    Invoice.objects.filter(pk=late.pk).update(recorded_at=NOW + dt.timedelta(hours=1))
    world.answer(customer, days=1, score=10, recorded_at=NOW + dt.timedelta(hours=1))
    assert main_of(ana_client.get(address(customer))) == before


def test_the_chance_stands_beside_those_like_it_and_everybody(
    ana_client: Client, customer: Customer
) -> None:
    standing = standing_of(customer)
    content = learnt_content()
    assert content.churn
    group = content.churn.comparables.groups[standing.comparable]
    text = section(ana_client, customer, "h-chance")
    assert f"{standing.churn:.0%} May leave within 90 days" in text
    assert f"All customers {content.base.rate:.0%}" in text
    assert (
        f"Of {group.cases} customers scored like this, {group.share:.0%}"
        f" ({100 * group.low:.0f} to {group.high:.0%}) left within 90 days."
    ) in text
    assert "Chance of leaving Model" in text
    assert "A model learnt from this company's own past" in text


def test_the_chance_is_parted_by_cause(ana_client: Client, customer: Customer) -> None:
    text = section(ana_client, customer, "h-chance")
    found = re.search(
        r"splits into ([\d.]+)% for leaving by choice and ([\d.]+)% because", text
    )
    assert found
    parts = [float(share) for share in found.groups()]
    assert all(parts)
    assert sum(parts) == pytest.approx(100 * standing_of(customer).churn, abs=0.051)


def test_the_pushes_shown_add_up(ana_client: Client, customer: Customer) -> None:
    response = ana_client.get(address(customer))
    html = response.content.decode()
    start, *pushes, end = [
        float(value.replace("\N{MINUS SIGN}", "-").rstrip("%"))
        for value in re.findall(r'<b class="num[^"]*">([^<]+)</b>', _pushes(html))
    ]
    assert len(pushes) == 9
    assert start + sum(pushes) == pytest.approx(end, abs=1e-9)
    assert end == pytest.approx(100 * standing_of(customer).churn, abs=0.051)
    text = part(response, "h-pushes")
    assert "An invoice is 46 days overdue Overdue invoice" in text
    assert "Nobody has used the product for 26 days Last used" in text
    url = reverse("customer_measure", args=[customer.pk, "overdue"])
    assert f'href="{url}?on=2026-06-30"' in html
    assert "others" in text


def _pushes(html: str) -> str:
    start = html.index('<ul class="pushes">')
    return html[start : html.index("</section>", start)]


def test_the_value_adds_up(ana_client: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(acquisition_cost=Decimal(500))
    world.invoice(customer, days=90, total="5000")
    for days in (80, 70, 60):
        world.open_ticket(customer, days=days)
    Company.objects.update(gross_margin=Decimal("0.75"), support_cost=Decimal(20))
    world.score()
    standing = standing_of(customer)
    text = section(ana_client, customer, "h-worth")
    assert "75% of €5,000 paid so far €3,750" in text
    assert "3 support tickets −€60" in text
    assert "Cost of winning it −€500" in text
    assert "Earned so far €3,190" in text
    expected = round(standing.clv) - 3190
    assert f"Expected margin of the next 60 months €{expected:,}" in text
    assert (
        f"In 8 of 10 cases between €{standing.clv_p10:,.0f} and"
        f" €{standing.clv_p90:,.0f} ; in half of them above €{standing.clv_p50:,.0f} ."
    ) in text


def test_value_at_risk_and_the_simple_formula_say_how_they_come_about(
    ana_client: Client, customer: Customer
) -> None:
    standing = standing_of(customer)
    text = section(ana_client, customer, "h-at-risk")
    lost = float(standing.value_at_risk) / standing.churn
    assert f"€{standing.value_at_risk:,.0f}" in text
    assert f"{standing.churn:.1%} of €{lost:,.0f}: the chance of leaving" in text
    text = section(ana_client, customer, "h-textbook")
    found = re.search(r"€12,000 a year × ([\d.]+) years, less €0", text)
    assert found
    assert 12_000 * float(found[1]) == pytest.approx(
        float(standing.clv_textbook), rel=0.01
    )


@pytest.mark.parametrize(
    ("realised", "verdict"),
    [
        (700, "Less than the range held."),
        (1000, "The range held."),
        (1300, "More than the range held."),
    ],
)
def test_last_years_forecast_stands_beside_what_came_in(
    ana_client: Client,
    customer: Customer,
    version: ForecastVersion,
    realised: int,
    verdict: str,
) -> None:
    text = section(ana_client, customer, "h-year-ago")
    assert "A forecast has to be a year old" in text
    older = world.forecast_version(learnt_content(), in_use=False)
    for number, checked in ((5000, version), (1100, older)):
        ValueCheck.objects.create(
            version=checked,
            customer=customer,
            as_of=days_ago(365),
            expected=number,
            low=800,
            mid=1050,
            high=1200,
            realised=realised,
            left=False,
        )
    text = section(ana_client, customer, "h-year-ago")
    assert "Expected on 30 June 2025 €1,100" in text
    assert f"Came in €{realised:,}" in text
    assert verdict in text
    assert "5,000" not in text


def test_the_chance_over_time(ana_client: Client, customer: Customer) -> None:
    text = section(ana_client, customer, "h-over-time")
    assert "After the next run you see here how it moves." in text
    earlier = Score.objects.get(customer=customer, as_of=TODAY)
    for days, churn in ((30, 0.05), (20, None)):
        world.score(days_ago(days))
        Score.objects.filter(customer=customer, as_of=days_ago(days)).update(
            churn=churn
        )
    world.score()
    text = section(ana_client, customer, "h-over-time")
    assert f"It rose from 5% on 31 May 2026 to {earlier.churn:.0%}" in text
    assert f"30 June 2026 {earlier.churn:.1%} 31 May 2026 5.0%" in text


def test_nobody_else_sees_it(charlie_client: Client, customer: Customer) -> None:
    response = charlie_client.get(address(customer))
    assert response.status_code == 404
    assert b"Brightwater" not in response.content


def test_its_queries_do_not_grow(ana_client: Client, customer: Customer) -> None:
    few = queries(ana_client, address(customer))
    for days in (40, 30, 20):
        world.invoice(customer, days=days)
        world.open_ticket(customer, days=days)
        world.score(days_ago(days))
    world.score()
    assert queries(ana_client, address(customer)) == few < 35


class TestWithoutAModel:
    """The band's rate, or an assumption."""

    def test_the_rate_of_the_band(
        self, ana_client: Client, company: Company, ana: User
    ) -> None:
        content = replace(learnt_content(), method=Method.BANDS, churn=None)
        world.forecast_version(content, reason="few_left")
        world.healthy_customer("Kestrel", owner=ana)
        customer = world.failing_customer("Brightwater", owner=ana)
        world.score()
        text = section(ana_client, customer, "h-chance")
        rate = content.bands.rates[1]
        assert "Chance of leaving Rate of the band" in text
        assert (
            f"{rate.events} of {rate.exposure:.0f} customers in this band left"
        ) in text
        assert "Fewer than 50 customers have left" in text
        assert "Scored like this, and left" not in text
        text = section(ana_client, customer, "h-pushes")
        assert "Single signals are weighed once a model has been learnt." in text
        card = part(ana_client.get(reverse("customer", args=[customer.pk])), "h-why")
        assert "May leave within 90 days Rate of the band" in card

    def test_an_assumption(
        self, ana_client: Client, company: Company, ana: User
    ) -> None:
        world.healthy_customer("Kestrel", owner=ana)
        customer = world.failing_customer("Brightwater", owner=ana)
        world.score()
        text = section(ana_client, customer, "h-chance")
        assert "Chance of leaving Assumption" in text
        assert "Nothing has been measured yet" in text
        text = section(ana_client, customer, "h-staying")
        assert "20 of 100 customers leave in a year" in text
        page = ana_client.get(address(customer)).content.decode()
        assert "Nothing has been learnt from the past yet." in page
        card = part(ana_client.get(reverse("customer", args=[customer.pk])), "h-why")
        assert "May leave within 90 days Assumption" in card
        assert "Nothing has been measured yet" in card


class TestWithoutAForecast:
    def test_before_the_first_run(
        self, ana_client: Client, company: Company, ana: User
    ) -> None:
        customer = world.healthy_customer("New", owner=ana)
        text = section(ana_client, customer, "h-none")
        assert "Not forecast yet The next run is" in text
        Run.objects.create(
            kind="manual",
            as_of=TODAY,
            local_date=TODAY,
            known_before=NOW,
            started_at=NOW,
            scorecard_version=world.run_at_its_end().scorecard_version,
        )
        text = section(ana_client, customer, "h-none")
        assert "A run is under way" in text

    def test_who_has_left(
        self, ana_client: Client, customer: Customer, ana: User
    ) -> None:
        gone = world.make_customer("Gone", owner=ana)
        world.leave(gone, days=12)
        text = section(ana_client, gone, "h-none")
        assert "Left on 18 June 2026 Only customers who are with us" in text

    def test_a_run_from_before_forecasts_were_learnt(
        self, ana_client: Client, customer: Customer
    ) -> None:
        run = Run.objects.get()
        del run.parameters["forecast"]
        run.save()
        assert "Not forecast yet" in section(ana_client, customer, "h-none")
        card = ana_client.get(reverse("customer", args=[customer.pk]))
        assert "May leave within 90 days Probably" in part(card, "h-why")


def test_late_data_is_said(
    ana_client: Client, version: ForecastVersion, ana: User
) -> None:
    customer = world.failing_customer("Brightwater", owner=ana)
    world.score()
    page = words(ana_client.get(address(customer)).content.decode())
    assert "Late data: usage" in page


def test_data_corrected_since_is_not_explained(
    ana_client: Client, customer: Customer
) -> None:
    Invoice.objects.filter(customer=customer).delete()
    text = section(ana_client, customer, "h-pushes")
    assert "was corrected after the last run" in text
    assert points(text) == []


def test_a_score_set_by_hand_is_explained_still(
    ana_client: Client, ana: User, customer: Customer
) -> None:
    override_set(
        customer=customer,
        score=77,
        reason="They signed for three years.",
        expires_on=TODAY,
        by=Actor(ana),
        today=TODAY,
        now=NOW,
    )
    assert "others" in section(ana_client, customer, "h-pushes")


def test_who_pays_nothing_has_no_simple_formula(
    ana_client: Client, version: ForecastVersion, ana: User
) -> None:
    customer = world.make_customer("Free", owner=ana)
    world.subscribe(customer, mrr="0")
    world.score()
    text = section(ana_client, customer, "h-textbook")
    assert "It pays nothing now" in text


def test_the_facts_of_the_contract_are_pushes_too(
    ana_client: Client, customer: Customer
) -> None:
    found = customer_forecast(standing=standing_of(customer), now=NOW)
    assert found
    assert found.explained
    told = told_pushes(found.explained)
    keys = {push.key for push in (*told.pushes, *told.others)}
    assert {"tenure", "renewal", "mrr", "tickets"} <= keys
    assert not any(key.endswith(":trend") for key in keys)
    assert Plan.objects.get(pk=int(found.facts["plan_id"][0])).name == "Team"


def test_the_customers_card_tells_it_in_short(
    ana_client: Client, customer: Customer
) -> None:
    response = ana_client.get(reverse("customer", args=[customer.pk]))
    text = part(response, "h-why")
    standing = standing_of(customer)
    assert f"{standing.churn:.0%} May leave within 90 days Model" in text
    assert "customers scored like this" in text
    assert standing.churn_points
    for push in standing.churn_points:
        assert f"{100 * push:+.1f}" in text
    assert address(customer) in response.content.decode()
    assert f"€{standing.clv:,.0f}" in " ".join(facts(response))
