"""Customers without a subscription: learnt from, and forecast by a night."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from accounts.models import Company
from billing.models import Invoice
from customers.models import Customer
from health.calculations.buyers import Bought, learn_buyers, who_buys
from health.calculations.buyers_forecast import Terms, buyers_forecast
from health.calculations.forecast import Economics
from health.calculations.forecast_content import ForecastContent
from health.enums import TrainingCause
from health.models import Board, ForecastVersion, PortfolioDay, Score, Standing
from health.selectors.buyers import bought_by, bought_by_all, spent_since
from health.selectors.frame import Moment
from health.services.training.buyers import buyers_check, buyers_learn
from health.services.training.planning import training_start
from health.services.training.working import training_work
from tests import world
from tests.health.calculations.purchases import published
from tests.health.facts.frames import end_of, facts
from tests.health.services.trainings import learn_little
from tests.learnt import PRIOR, learnt_past
from tests.world import NOW, TODAY, days_ago, noon

pytestmark = pytest.mark.django_db
HERE = Moment(TODAY, NOW, "UTC", "EUR")
PRICES = Economics(0.8, 0.0, discount_rate=0.1, horizon_months=60)


def nothing_learnt() -> ForecastContent:
    return ForecastContent.assumed(PRIOR, learnt_past().chosen(np.zeros(0, dtype=int)))


def buys(*days: int, total: str = "30") -> Customer:
    """This will save a customer with purchases so many days ago."""
    customer = world.make_customer(since=days_ago(max(days)))
    for back in days:
        world.invoice(customer, days=back, total=total, paid_after=0)
    return customer


def many(count: int, returning: int) -> None:
    """This will save buyers of whom some came back, with two statements."""
    people = [
        world.make_customer(since=days_ago(30 + number % 300), name=f"B{number}")
        for number in range(count)
    ]
    rows = []
    for number, customer in enumerate(people):
        days = [30 + number % 300]
        if number < returning:
            days += list(range(3 + number % 25, days[0], 11 + number))[:6]
        rows += [
            Invoice(
                customer=customer,
                external_id=f"M{number}-{back}",
                issued_on=days_ago(back),
                due_on=days_ago(back),
                total=Decimal(20 + number % 9),
                currency="EUR",
                recorded_at=noon(days_ago(back)),
            )
            for back in days
        ]
    Invoice.objects.bulk_create(rows)


def test_all_buyers_are_read_as_the_facts_have_them(company: Company) -> None:
    """Also those in another currency, with tickets, or known of later."""
    subscribed = buys(80, 40)
    world.subscribe(subscribed, since=days_ago(20))
    customer = buys(300, 200, 90)
    world.open_ticket(customer, days=50)
    buys(44)
    late = buys(90, 60)
    Invoice.objects.filter(customer=late, issued_on=days_ago(60)).update(
        recorded_at=noon(days_ago(2))
    )
    for day, count in ((TODAY, 3), (days_ago(30), 4)):
        moment = replace(HERE, as_of=day, known_before=min(NOW, end_of(day)))
        got = bought_by_all(moment)
        then = facts(day, moment.known_before)
        want = Bought.of(then, who_buys(then))
        assert len(got.x) == count
        for name in Bought.__slots__:
            assert getattr(got, name).tolist() == getattr(want, name).tolist(), name


def test_a_currency_without_a_rate_teaches_nothing(company: Company) -> None:
    world.invoice(world.make_customer(), days=9, currency="CHF")
    assert bought_by_all(HERE).x.tolist() == []


def test_learnt_from_all_that_is_known(company: Company) -> None:
    many(100, 30)
    found = buyers_learn(moment=HERE)
    assert found is not None
    want = learn_buyers(bought_by_all(HERE))
    assert want is not None
    assert found.as_json() == want.as_json()
    assert (found.purchases.customers_, found.purchases.repeaters_) == (100, 30)


def test_one_too_few_teaches_nothing(company: Company) -> None:
    many(99, 40)
    assert buyers_learn(moment=HERE) is None


def test_ranges_learn_from_the_year_since(company: Company) -> None:
    """100 had bought by then; who of them bought since, and nobody who came later."""
    many(100, 40)
    before = replace(HERE, as_of=days_ago(2), known_before=noon(days_ago(1)))
    world.invoice(Customer.objects.get(name="B7"), days=1, total="50")
    world.invoice(world.make_customer("New"), days=1, total="99")
    who, amount = spent_since(HERE, after=before.as_of)
    names = Customer.objects.in_bulk(who.tolist())
    assert [names[pk].name for pk in who.tolist()] == ["B7", "New"]
    assert amount.tolist() == [50.0, 99.0]
    ids, bought = bought_by(before)
    assert (len(ids), len(bought.x)) == (100, 100)
    learnt = buyers_learn(moment=HERE)
    assert learnt is not None
    options = {"moment": HERE, "economics": PRICES}
    found = buyers_check(buyers=learnt, before=before, **options)
    # Hardly anything came in of what a year was to bring.
    assert found.miss == pytest.approx(0.5, abs=0.05)
    assert found.widening.groups == (0,)
    early = replace(before, as_of=days_ago(320), known_before=noon(days_ago(320)))
    assert buyers_check(buyers=learnt, before=early, **options) is learnt


def test_a_late_source_makes_nobody_silent(company: Company) -> None:
    """Invoices are expected every 45 days; 75 days of silence are 30 of lateness."""
    many(100, 30)
    later = dt.timedelta(days=72)
    moment = replace(HERE, as_of=TODAY + later, known_before=NOW + later)
    found, now = buyers_learn(moment=moment), bought_by_all(HERE)
    shifted = replace(now, age=now.age + 72 - 30)
    want = learn_buyers(shifted)
    assert found is not None
    assert want is not None
    assert found.purchases.alpha_ == want.purchases.alpha_


def test_a_training_learns_them_even_where_nobody_else_is(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told of as leaving; the version holds how they buy all the same."""
    learn_little(monkeypatch)
    many(100, 30)
    training = training_start(cause=TrainingCause.ASKED, as_of=TODAY, now=NOW)
    training_work(training_id=training.pk, now=NOW, seconds=None)
    version = ForecastVersion.objects.get()
    want = buyers_learn(moment=replace(HERE, known_before=training.known_before))
    assert want is not None
    assert version.content["buyers"] == want.as_json()


class TestNight:
    @pytest.fixture
    def four(self, company: Company) -> list[Customer]:
        """One that comes often, one that stayed away, one that came once; a subscriber."""
        found = [buys(272, 150, 40, 6), buys(272, 250, 240), buys(91)]
        found.append(world.healthy_customer("subscriber"))
        content = replace(nothing_learnt(), buyers=published(doubt=0.01))
        world.forecast_version(content, as_of=days_ago(1))
        world.score()
        return found

    def test_standings_are_those_of_the_purchases(self, four: list[Customer]) -> None:
        rows = Bought(
            x=np.array([3.0, 2.0, 0.0]),
            recency=np.array([266.0, 32.0, 0.0]),
            age=np.array([272.0, 272.0, 91.0]),
            mean=np.array([30.0, 30.0, 0.0]),
            tickets=np.zeros(3),
        )
        terms = Terms(0.8, 25.0, 0.1, 60, 0.2)
        want = buyers_forecast(published(doubt=0.01), rows, terms)
        found = [Standing.objects.get(pk=one.pk) for one in four]
        for place, one in enumerate(found[:3]):
            assert one.alive == pytest.approx(want.alive[place], rel=1e-6)
            assert one.churn == pytest.approx(want.p90[place], rel=1e-6)
            assert one.churn_low < one.churn < one.churn_high
            earned = 0.8 * 30 * (4, 3, 1)[place]
            assert float(one.earned) == pytest.approx(earned, abs=0.01)
            assert float(one.clv) == pytest.approx(
                earned + want.expected[place], abs=0.01
            )
            assert float(one.value_at_risk) == pytest.approx(
                want.at_risk[place], abs=0.01
            )
            assert one.mrr == 0
        assert want.gone.tolist() == [False, True, False]
        assert [one.gone for one in found] == [False, True, False, False]
        assert found[3].alive is None
        assert Score.objects.get(customer=four[1]).churn == found[1].churn

    def test_who_is_gone_is_at_risk_no_more_and_counted_apart(
        self, four: list[Customer]
    ) -> None:
        gone = Board.objects.get(pk=four[1].pk)
        assert (gone.gone, gone.at_risk, gone.queue_value) == (True, False, 0)
        assert Board.objects.filter(gone=True).count() == 1
        day = PortfolioDay.objects.get(as_of=TODAY, owner_id=0)
        assert (day.customers, day.gone) == (4, 1)

    def test_the_setting_says_who_is_gone(self, four: list[Customer]) -> None:
        Company.objects.update(gone_below="0")
        world.score(now=NOW + dt.timedelta(minutes=1))
        assert not Standing.objects.filter(gone=True).exists()
        Company.objects.update(gone_below="0.7")
        world.score(now=NOW + dt.timedelta(minutes=2))
        gone = Standing.objects.filter(gone=True).order_by("pk")
        assert list(gone.values_list("pk", flat=True)) == [four[1].pk, four[2].pk]

    def test_whoever_buys_again_is_back(self, four: list[Customer]) -> None:
        world.invoice(four[1], days=0, total="30", paid_after=None)
        world.score(now=NOW + dt.timedelta(minutes=1))
        assert not Standing.objects.get(pk=four[1].pk).gone


def test_with_too_few_nothing_is_expected(company: Company) -> None:
    customer = buys(272, 150, 40)
    world.forecast_version(nothing_learnt(), as_of=days_ago(1))
    world.score()
    one = Standing.objects.get(pk=customer.pk)
    assert (one.alive, one.gone, one.value_at_risk) == (None, False, 0)
    assert one.clv == one.earned == Decimal("72.00")
