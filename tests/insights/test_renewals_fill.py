"""The table of renewals: what renews when, for how much, and how sure that is."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from accounts.models import ExchangeRate, User
from billing.enums import ChangeKind
from billing.models import LedgerState, Subscription, UpcomingRenewal, YearlyCandidate
from customers.models import Customer
from health.calculations.queue import urgency
from health.models import Standing
from insights.selectors.renewals import everybody_sums, renewal_state, renewal_sums
from insights.services.renewals import renewals_fill, renewals_tick
from tests import world
from tests.insights.renewal_world import coming, fill, foreseen, renewing

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("company")


def days() -> list[tuple[str, int]]:
    rows = UpcomingRenewal.objects.filter(kept__isnull=True).select_related("customer")
    return [
        (row.customer.name, (row.renews_on - world.TODAY).days)
        for row in rows.order_by("renews_on", "pk")
    ]


def test_what_renews_within_the_horizon_stands_in_the_table() -> None:
    renewing("soon", days=10)
    renewing("late", days=180)
    renewing("too late", days=191)
    # By the month nothing renews; who has left renews nothing either.
    world.subscribe(world.make_customer("monthly"), months=1)
    world.leave(renewing("gone", days=20).customer, days=5)
    fill()
    assert days() == [("soon", 10), ("late", 180)]


def test_the_date_in_the_contract_comes_before_the_anniversary() -> None:
    written = world.TODAY + 33 * DAY
    since = world.days_ago(500)
    told = world.make_customer("told", since=since)
    world.subscribe(told, since=since, renews_on=written)
    # One that is over is forgotten: the anniversary counts again.
    old = world.make_customer("old", since=world.days_ago(700))
    world.subscribe(old, since=world.days_ago(700), renews_on=world.days_ago(400))
    fill()
    assert days() == [("old", 30), ("told", 33)]


@pytest.mark.parametrize(
    ("today", "renews_on"),
    [
        (dt.date(2026, 12, 1), dt.date(2027, 2, 28)),
        (dt.date(2027, 12, 1), dt.date(2028, 2, 29)),
        # On the day before and on the day itself.
        (dt.date(2027, 2, 27), dt.date(2027, 2, 28)),
        (dt.date(2028, 2, 28), dt.date(2028, 2, 29)),
    ],
)
def test_who_began_on_29_february_renews_on_the_last_of_february(
    today: dt.date, renews_on: dt.date
) -> None:
    since = dt.date(2024, 2, 29)
    world.subscribe(world.make_customer("leap", since=since), since=since)
    fill(today)
    (row,) = UpcomingRenewal.objects.filter(kept__isnull=True)
    assert row.renews_on == renews_on


def test_terms_are_counted_from_where_they_are_anchored() -> None:
    since = world.days_ago(100)
    row = world.subscribe(world.make_customer("a", since=since), since=since, months=1)
    moved = world.days_ago(330)
    row.changes.update(interval_months=12, anchored_on=moved)
    fill()
    assert coming(row).renews_on == dt.date(moved.year + 1, moved.month, moved.day)


def test_the_amount_is_that_of_the_next_interval_with_what_is_booked() -> None:
    row = renewing("a", days=40, mrr="100")
    renewal = world.TODAY + 40 * DAY
    world.change_subscription(row, on=renewal, mrr="80", recorded_at=world.NOW)
    world.change_subscription(row, on=renewal + DAY, mrr="10", recorded_at=world.NOW)
    row.notice_days = 14
    row.save()
    fill()
    got = coming(row)
    assert (got.mrr, got.amount, got.converted) == (80, 960, 960)
    assert got.notice_by == renewal - 14 * DAY


def test_a_cancelled_one_stands_in_it_with_what_is_lost_and_no_chance() -> None:
    row = renewing("a", days=40, mrr="100")
    ends_on = world.TODAY + 40 * DAY
    world.change_subscription(
        row, kind=ChangeKind.END, on=ends_on, mrr="0", recorded_at=world.NOW
    )
    fill()
    got = coming(row)
    assert (got.ends_on, got.amount, got.chance, got.weight) == (ends_on, 1200, 0, 0)
    # Taken back: a later line of the same day.
    world.change_subscription(
        row, on=ends_on, mrr="100", recorded_at=world.NOW, revision=1
    )
    fill()
    got = coming(row)
    assert (got.ends_on, got.amount, got.chance) == (None, 1200, None)


def test_other_currencies_are_converted_and_unknown_ones_left_out() -> None:
    ExchangeRate.objects.create(
        currency="USD", valid_on=world.days_ago(10), rate=Decimal("0.5")
    )
    ExchangeRate.objects.create(
        currency="USD", valid_on=world.TODAY + DAY, rate=Decimal(9)
    )
    dollars = renewing("a", days=10, mrr="100", currency="USD")
    yen = renewing("b", days=11, mrr="100", currency="JPY")
    fill()
    assert coming(dollars).converted == 600
    assert (coming(yen).amount, coming(yen).converted) == (1200, None)
    assert [row.due for row in renewal_sums(None)] == [600, 0]


def test_chance_warning_and_weight_come_from_the_scores(ana: User) -> None:
    sure = renewing("sure", days=30, owner=ana, mrr="100")
    unsure = renewing("unsure", days=105, owner=ana, mrr="100")
    ill = renewing("ill", days=150, owner=ana, mrr="100")
    world.score()
    foreseen(sure.customer, stays=0.95, band=3)
    foreseen(unsure.customer, stays=0.79, band=2)
    foreseen(ill.customer, stays=0.99, band=1)
    fill()
    got = [coming(row) for row in (sure, unsure, ill)]
    assert [row.chance for row in got] == pytest.approx([0.95, 0.79, 0.99], rel=1e-6)
    # Fewer than 20 are foreseen, so one in ten is supposed to leave: warned from 20 % on.
    assert [row.risky for row in got] == [False, True, True]
    near = urgency(np.array([30.0, 105.0, 150.0]))
    assert [row.weight for row in got] == pytest.approx(
        [1200 * 0.05 * near[0], 1200 * 0.21 * near[1], 1200 * 0.01 * near[2]], rel=1e-5
    )


def test_the_run_keeps_the_chance_of_staying_past_the_renewal(ana: User) -> None:
    row = renewing("a", days=20, owner=ana)
    world.score()
    standing = Standing.objects.get(pk=row.customer_id)
    assert standing.stays is not None
    # Within the first three months the curve and the published chance are the same.
    assert standing.stays == pytest.approx(1 - standing.churn, abs=1e-5)


def test_those_of_the_month_that_are_over_count_with_what_they_came_to() -> None:
    kept = renewing("kept", days=-10, mrr="100")
    smaller = renewing("smaller", days=-9, mrr="100")
    world.change_subscription(smaller, on=world.days_ago(9), mrr="60")
    larger = renewing("larger", days=-8, mrr="100")
    world.change_subscription(larger, on=world.days_ago(8), mrr="900")
    lost = renewing("lost", days=-7, mrr="100")
    world.change_subscription(lost, kind=ChangeKind.END, on=world.days_ago(7), mrr="0")
    renewing("last month", days=-30)
    fill()
    over = UpcomingRenewal.objects.filter(kept__isnull=False).order_by("renews_on")
    assert [(row.subscription_id, row.kept, row.amount, row.final) for row in over] == [
        (kept.pk, True, 1200, 1200),
        (smaller.pk, True, 1200, 720),
        (larger.pk, True, 1200, 1200),
        (lost.pk, False, 1200, 0),
    ]
    state = renewal_state()
    assert sum(row.won for row in everybody_sums(state)) == 3120
    assert sum(row.due for row in everybody_sums(state)) == 4800


def test_it_is_made_anew_by_day_by_run_and_when_the_log_has_changed() -> None:
    renewing("a", days=10)
    assert renewals_fill(today=world.TODAY, now=world.NOW)
    renewing("b", days=11)
    minute = dt.timedelta(minutes=1)
    # Nothing says that anything has changed.
    renewals_fill(today=world.TODAY, now=world.NOW + 30 * minute)
    assert days() == [("a", 10)]
    LedgerState.objects.update_or_create(id=1, defaults={"changed": 7})
    # Not at once: a filling takes time at size.
    renewals_fill(today=world.TODAY, now=world.NOW + minute)
    assert days() == [("a", 10)]
    renewals_fill(today=world.TODAY, now=world.NOW + 31 * minute)
    assert days() == [("a", 10), ("b", 11)]
    renewing("c", days=12)
    renewals_fill(today=world.TODAY + DAY, now=world.NOW + 32 * minute)
    assert days() == [("a", 10), ("b", 11), ("c", 12)]


def test_a_filling_that_is_cut_goes_on_where_it_stopped() -> None:
    renewing("a", days=10)
    assert not renewals_fill(today=world.TODAY, now=world.NOW, go_on=lambda: False)
    state = renewal_state()
    assert (state.cursor, state.filled_at) == (0, None)
    assert renewals_fill(today=world.TODAY, now=world.NOW)
    state = renewal_state()
    assert (state.cursor, state.filled_on) == (None, world.TODAY)
    assert days() == [("a", 10)]


def test_a_tick_does_the_day_and_a_second_one_nothing(ana: User) -> None:
    renewing("a", days=85, owner=ana)
    world.score()
    renewals_tick(now=world.NOW)
    state = renewal_state()
    assert (state.filled_on, state.noted_on, state.reminded_on, state.trouble) == (
        world.TODAY, world.TODAY, world.TODAY, "",
    )  # fmt: skip
    renewals_tick(now=world.NOW)
    assert renewal_state().filled_at == state.filled_at


def test_candidates_pay_by_the_month_are_new_and_well(ana: User) -> None:
    def customer(name: str, *, days_old: int = 200, months: int = 1) -> int:
        since = world.days_ago(days_old)
        made = world.make_customer(name, owner=ana, since=since)
        world.subscribe(made, since=since, months=months, mrr="100")
        return made.pk

    good, shaky = customer("good"), customer("shaky")
    ill, old = customer("ill"), customer("old", days_old=400)
    yearly = customer("yearly", months=12)
    leaving = customer("leaving")
    world.score()
    for pk, band, churn in (
        (good, 3, 0.05), (shaky, 2, 0.2), (ill, 1, 0.3), (old, 3, 0.1),
        (yearly, 3, 0.1), (leaving, 3, 0.1),
    ):  # fmt: skip
        foreseen(
            Customer.objects.get(pk=pk), stays=1 - churn, band=band, churn=churn,
            at_risk=band == 1,
        )  # fmt: skip
    world.change_subscription(
        Subscription.objects.get(customer=leaving),
        kind=ChangeKind.END,
        on=world.TODAY + 20 * DAY,
        mrr="0",
        recorded_at=world.NOW,
    )
    fill()
    rows = YearlyCandidate.objects.order_by("-gain")
    assert [(row.customer_id, row.months) for row in rows] == [(shaky, 6), (good, 6)]
    assert rows[0].gain > rows[1].gain
