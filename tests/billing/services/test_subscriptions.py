"""What is done to subscriptions, on real rows."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import ChangeAction, ChangeKind, PlanKind
from billing.models import Movement, Plan, PriceVersion, Subscription
from billing.selectors.subscriptions import course_of, state_on
from billing.services.subscriptions import (
    StartValues,
    UnableToChangeSubscription,
    subscription_cancel,
    subscription_change_interval,
    subscription_change_plan,
    subscription_change_quantity,
    subscription_discount,
    subscription_keep,
    subscription_move_price,
    subscription_pause,
    subscription_raise_for_a_while,
    subscription_reactivate,
    subscription_resume,
    subscription_start,
    subscription_take_back,
    subscriptions_settle,
)
from customers.models import Customer, Event
from tests import world

NOW, TODAY = world.NOW, world.TODAY  # 30 June 2026
START = dt.date(2026, 1, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def make_plan(
    name: str, monthly: str, *, kind: str = PlanKind.BASE, yearly: str = ""
) -> Plan:
    plan = Plan.objects.create(key=name.lower(), name=name, kind=kind)
    prices = [(1, monthly), *([(12, yearly)] if yearly else [])]
    for number, (months, amount) in enumerate(prices, start=1):
        PriceVersion.objects.create(
            plan=plan,
            number=number,
            amount=Decimal(amount),
            currency="EUR",
            interval_months=months,
            valid_on=day("2020-01-01"),
        )
    return plan


@pytest.fixture
def by(company: Company, ana: User) -> Actor:
    return Actor(user=ana)


@pytest.fixture
def customer(ana: User) -> Customer:
    return world.make_customer("Nordwind", owner=ana)


@pytest.fixture
def team(db: None) -> Plan:
    return make_plan("Team", "20", yearly="200")


@pytest.fixture
def scale(db: None) -> Plan:
    return make_plan("Scale", "50", yearly="480")


@pytest.fixture
def sub(customer: Customer, team: Plan, by: Actor) -> Subscription:
    """Ten seats of Team at 200.00 a month since 31 January."""
    values = StartValues(plan=team, currency="EUR", on=START, quantity=10)
    return subscription_start(customer=customer, values=values, by=by, now=NOW)


def course(sub: Subscription) -> list[tuple[str, str, Decimal]]:
    """Day, what was done, what it brings a month from then on."""
    return [
        (point.on.isoformat(), point.action, point.terms.mrr)
        for point in course_of(sub).points
    ]


def ledger(customer: Customer) -> list[tuple[str, str, Decimal]]:
    rows = Movement.objects.filter(customer=customer).order_by("day", "id")
    return [(row.day.isoformat(), row.get_kind_display(), row.amount) for row in rows]


def columns(sub: Subscription) -> tuple[object, ...]:
    sub.refresh_from_db()
    plan = sub.plan.name if sub.plan else ""
    return plan, sub.interval_months, sub.is_trial, sub.ended_on, sub.next_on


def test_it_starts_with_a_trial_and_a_discount_that_ends(
    customer: Customer, team: Plan, by: Actor
) -> None:
    values = StartValues(
        plan=team,
        currency="EUR",
        on=TODAY,
        quantity=3,
        trial_until=day("2026-07-14"),
        discount=Decimal("0.25"),
        discount_until=day("2026-10-14"),
        notice_days=30,
    )
    sub = subscription_start(
        customer=customer, values=values, by=by, now=NOW, note="From the fair"
    )
    assert course(sub) == [
        ("2026-06-30", "started", 0),
        ("2026-07-14", "trial_ended", 45),
        ("2026-10-14", "discount_ended", 60),
    ]
    assert columns(sub) == ("Team", 1, True, None, day("2026-07-14"))
    line = sub.changes.order_by("id").first()
    assert line is not None
    found = (line.kind, line.revision, line.note, line.actor, line.list_mrr)
    assert found == (ChangeKind.START, 1, "From the fair", by.user, 60)
    assert line.discount_until == day("2026-10-14")
    # On the day it is a paying one, without anything having run but the tick.
    assert subscriptions_settle(today=day("2026-07-14")) == 1
    assert columns(sub) == ("Team", 1, False, None, day("2026-10-14"))
    assert subscriptions_settle(today=day("2026-07-14")) == 0


def test_a_start_is_told_audited_and_in_the_ledger(
    sub: Subscription, customer: Customer
) -> None:
    event = Event.objects.get(customer=customer)
    assert (event.kind, event.data["mrr"]) == ("billing.subscription_started", "200.00")
    assert AuditEntry.objects.get().action == "billing.subscription_started"
    assert ledger(customer) == [("2026-01-31", "New", 200)]


def test_dearer_now_and_cheaper_at_the_end_of_the_term(
    sub: Subscription, team: Plan, scale: Plan, customer: Customer, by: Actor
) -> None:
    subscription_change_plan(subscription=sub, plan=scale, by=by, now=NOW)
    subscription_change_plan(subscription=sub, plan=team, by=by, now=NOW)
    # Terms of 31 January: the one of 30 June ends on 31 July.
    assert course(sub) == [
        ("2026-01-31", "started", 200),
        ("2026-06-30", "upgraded", 500),
        ("2026-07-31", "downgraded", 200),
    ]
    assert columns(sub) == ("Scale", 1, False, None, day("2026-07-31"))
    assert ledger(customer) == [
        ("2026-01-31", "New", 200),
        ("2026-06-30", "Expansion", 300),
    ]
    told = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert told == [
        "billing.subscription_started",
        "billing.subscription_changed",
        "billing.subscription_booked",
    ]


def test_seats_raised_stay_raised_when_the_discount_ends(
    sub: Subscription, by: Actor
) -> None:
    subscription_discount(
        subscription=sub,
        discount=Decimal("0.5"),
        until=day("2026-09-01"),
        by=by,
        now=NOW,
    )
    subscription_change_quantity(subscription=sub, quantity=12, by=by, now=NOW)
    assert course(sub) == [
        ("2026-01-31", "started", 200),
        ("2026-06-30", "quantity", 120),
        ("2026-09-01", "discount_ended", 240),
    ]
    lines = sub.changes.order_by("id").values_list("effective_on", "revision", "mrr")
    assert list(lines) == [
        (START, 1, 200),
        (TODAY, 1, 100),
        (day("2026-09-01"), 1, 200),
        (TODAY, 2, 120),
        (day("2026-09-01"), 2, 240),
    ]


def test_a_discount_is_replaced_and_taken_away(sub: Subscription, by: Actor) -> None:
    half = Decimal("0.5")
    subscription_discount(subscription=sub, discount=half, by=by, now=NOW)
    subscription_discount(
        subscription=sub,
        discount=Decimal("0.1"),
        on=day("2026-08-01"),
        until=day("2026-10-01"),
        by=by,
        now=NOW,
    )
    assert [mrr for _on, _action, mrr in course(sub)] == [200, 100, 180, 200]
    # Entered late: until the next discount, which had begun by then.
    later = NOW + dt.timedelta(days=60)
    subscription_discount(
        subscription=sub,
        discount=Decimal("0.2"),
        on=day("2026-07-10"),
        until=day("2026-12-01"),
        by=by,
        now=later,
    )
    assert [(on, mrr) for on, _action, mrr in course(sub)] == [
        ("2026-01-31", 200),
        ("2026-06-30", 100),
        ("2026-07-10", 160),
        ("2026-08-01", 180),
        ("2026-10-01", 200),
    ]
    subscription_discount(subscription=sub, discount=None, by=by, now=later)
    assert course_of(sub).at(day("2026-09-01")).mrr == 200


def test_a_pause_ends_by_itself_or_by_hand(
    sub: Subscription, customer: Customer, by: Actor
) -> None:
    subscription_pause(
        subscription=sub, on=day("2026-04-01"), until=day("2026-05-01"), by=by, now=NOW
    )
    subscription_pause(subscription=sub, by=by, now=NOW)
    assert course_of(sub).at(day("2027-01-01")).state == "paused"
    subscription_resume(subscription=sub, on=day("2026-08-01"), by=by, now=NOW)
    assert course(sub) == [
        ("2026-01-31", "started", 200),
        ("2026-04-01", "paused", 0),
        ("2026-05-01", "resumed", 200),
        ("2026-06-30", "paused", 0),
        ("2026-08-01", "resumed", 200),
    ]
    assert [amount for _day, _kind, amount in ledger(customer)] == [
        200,
        -200,
        200,
        -200,
    ]


def test_cancelled_at_the_end_of_the_term_and_kept_after_all(
    sub: Subscription, by: Actor
) -> None:
    subscription_discount(
        subscription=sub,
        discount=Decimal("0.5"),
        until=day("2026-09-01"),
        by=by,
        now=NOW,
    )
    subscription_cancel(subscription=sub, by=by, now=NOW)
    assert columns(sub)[3] == day("2026-07-31")
    # Nothing wakes it up again.
    assert course_of(sub).at(day("2027-01-01")).ended
    # Seats that change before the end are there when it goes on.
    subscription_change_quantity(subscription=sub, quantity=20, by=by, now=NOW)
    subscription_keep(subscription=sub, by=by, now=NOW)
    assert [(on, mrr) for on, _action, mrr in course(sub)] == [
        ("2026-01-31", 200),
        ("2026-06-30", 200),
        ("2026-07-31", 200),
        ("2026-09-01", 400),
    ]
    assert columns(sub)[3] is None
    kept = sub.changes.get(action=ChangeAction.KEPT)
    assert (kept.kind, kept.effective_on) == (ChangeKind.CHANGE, day("2026-07-31"))


def test_an_end_today_is_churn_and_a_return_is_a_subscription_of_its_own(
    sub: Subscription, customer: Customer, by: Actor
) -> None:
    subscription_cancel(subscription=sub, on=TODAY, by=by, now=NOW)
    later = NOW + dt.timedelta(days=40)
    new = subscription_reactivate(subscription=sub, quantity=5, by=by, now=later)
    assert (new.follows, new.started_on) == (sub, day("2026-08-09"))
    assert course(new) == [("2026-08-09", "reactivated", 100)]
    assert columns(sub)[3] == TODAY
    assert ledger(customer) == [
        ("2026-01-31", "New", 200),
        ("2026-06-30", "Churn", -200),
        ("2026-08-09", "Came back", 100),
    ]
    with pytest.raises(UnableToChangeSubscription, match="taken up again already"):
        subscription_reactivate(subscription=sub, by=by, now=later)


def test_add_ons_end_with_their_plan_and_are_kept_with_it(
    sub: Subscription, customer: Customer, by: Actor
) -> None:
    reports = make_plan("Reports", "5", kind=PlanKind.ADD_ON)
    values = StartValues(plan=reports, currency="EUR", on=TODAY, parent=sub)
    add_on = subscription_start(customer=customer, values=values, by=by, now=NOW)
    end = day("2026-09-15")
    subscription_cancel(subscription=sub, on=end, by=by, now=NOW)
    assert (columns(sub)[3], columns(add_on)[3]) == (end, end)
    with pytest.raises(UnableToChangeSubscription, match="Keep that one"):
        subscription_keep(subscription=add_on, by=by, now=NOW)
    subscription_keep(subscription=sub, by=by, now=NOW)
    assert (columns(sub)[3], columns(add_on)[3]) == (None, None)
    # One that starts when the end is booked ends with it too.
    subscription_cancel(subscription=sub, on=end, by=by, now=NOW)
    late = subscription_start(customer=customer, values=values, by=by, now=NOW)
    assert columns(late)[3] == end


def test_an_upgrade_for_a_while_goes_back_by_itself(
    sub: Subscription, scale: Plan, by: Actor
) -> None:
    subscription_raise_for_a_while(
        subscription=sub,
        plan=scale,
        quantity=30,
        until=day("2026-09-01"),
        by=by,
        now=NOW,
    )
    assert course(sub) == [
        ("2026-01-31", "started", 200),
        ("2026-06-30", "raised_for_a_while", 1500),
        ("2026-09-01", "while_over", 200),
    ]
    subscriptions_settle(today=day("2026-09-01"))
    assert columns(sub) == ("Team", 1, False, None, None)


def test_another_interval_counts_terms_from_its_day(
    sub: Subscription, by: Actor
) -> None:
    subscription_change_interval(subscription=sub, interval_months=12, by=by, now=NOW)
    line = state_on(sub, day("2026-07-31"))
    assert line is not None
    found = (line.mrr, line.interval_months, line.anchored_on, line.renews_on)
    assert found == (
        Decimal("166.67"),
        12,
        day("2026-07-31"),
        day("2027-07-31"),
    )


def test_a_new_price_counts_for_whoever_is_moved(
    sub: Subscription, team: Plan, by: Actor
) -> None:
    price = PriceVersion.objects.create(
        plan=team,
        number=3,
        amount=Decimal(25),
        currency="EUR",
        interval_months=1,
        valid_on=TODAY,
    )
    assert course_of(sub).at(day("2027-01-01")).mrr == 200
    subscription_move_price(subscription=sub, price=price, by=by, now=NOW)
    assert course(sub)[1:] == [("2026-07-31", "price_moved", 250)]


def test_what_is_booked_is_taken_back(
    sub: Subscription, scale: Plan, by: Actor
) -> None:
    autumn = day("2026-10-01")
    subscription_change_plan(subscription=sub, plan=scale, on=autumn, by=by, now=NOW)
    subscription_take_back(subscription=sub, day=autumn, by=by, now=NOW)
    assert [mrr for _on, _action, mrr in course(sub)] == [200, 200]
    with pytest.raises(UnableToChangeSubscription, match="Nothing is booked"):
        subscription_take_back(subscription=sub, day=autumn, by=by, now=NOW)
    # The end of a discount: the discount stays.
    subscription_discount(
        subscription=sub, discount=Decimal("0.5"), until=autumn, by=by, now=NOW
    )
    subscription_take_back(subscription=sub, day=autumn, by=by, now=NOW)
    assert [mrr for _on, _action, mrr in course(sub)] == [200, 100, 100]
    assert course_of(sub).at(TODAY).discount_until is None
    # An end that is booked.
    subscription_cancel(subscription=sub, on=autumn, by=by, now=NOW)
    subscription_take_back(subscription=sub, day=autumn, by=by, now=NOW)
    assert columns(sub)[3] is None


def test_an_imported_subscription_keeps_what_a_seat_costs(
    customer: Customer, by: Actor
) -> None:
    sub = world.subscribe(
        customer, mrr="1000", seats=20, months=12, since=START, discount="0.2"
    )
    subscription_change_quantity(subscription=sub, quantity=30, by=by, now=NOW)
    found = sub.changes.order_by("-id").values_list("mrr", "list_mrr", "discount")
    assert found[0] == (1500, 1875, Decimal("0.2"))
    subscription_discount(subscription=sub, discount=None, by=by, now=NOW)
    assert course_of(sub).at(TODAY).mrr == 1875
    subscription_change_interval(
        subscription=sub, interval_months=1, on=TODAY, by=by, now=NOW
    )
    assert course_of(sub).at(TODAY).mrr == 1875


def test_what_was_known_is_not_rewritten(sub: Subscription, by: Actor) -> None:
    autumn, then = day("2026-10-01"), NOW + dt.timedelta(hours=1)
    subscription_change_quantity(
        subscription=sub, quantity=12, on=autumn, by=by, now=NOW
    )
    before = state_on(sub, autumn, then)
    # Whoever read the clock first and came second knows it later all the same.
    subscription_change_quantity(
        subscription=sub,
        quantity=14,
        on=autumn,
        by=by,
        now=NOW + dt.timedelta(hours=2),
    )
    subscription_change_quantity(
        subscription=sub, quantity=13, on=autumn, by=by, now=NOW
    )
    assert state_on(sub, autumn, then) == before
    now_known = state_on(sub, autumn)
    assert now_known is not None
    assert (now_known.quantity, now_known.recorded_at) == (
        13,
        NOW + dt.timedelta(hours=2),
    )
    assert [line.subscription for line in state_on(sub.customer, TODAY)] == [sub]
    assert state_on(sub, day("2026-01-01")) is None


REFUSED = {
    "seats": (subscription_change_quantity, {"quantity": 0}, "one seat at least"),
    "same": (subscription_change_quantity, {"quantity": 10}, "how it is already"),
    "early": (
        subscription_change_quantity,
        {"quantity": 2, "on": day("2026-01-30")},
        "starts on 31 January 2026",
    ),
    "discount": (
        subscription_discount,
        {"discount": Decimal("1.1")},
        "between 0 and 100",
    ),
    "discount_end": (
        subscription_discount,
        {"discount": Decimal("0.1"), "until": TODAY},
        "ends before it begins",
    ),
    "pause_end": (subscription_pause, {"until": TODAY}, "ends before it begins"),
    "no_pause": (subscription_resume, {}, "not paused on 30 June 2026"),
    "interval": (
        subscription_change_interval,
        {"interval_months": 7},
        "Team has no price in EUR that is paid every 7 months",
    ),
    "interval_same": (
        subscription_change_interval,
        {"interval_months": 1},
        "in that interval already",
    ),
    "interval_none": (
        subscription_change_interval,
        {"interval_months": 0},
        "between 1 and 120",
    ),
    "no_raise": (
        subscription_raise_for_a_while,
        {"quantity": 9, "until": day("2026-08-01")},
        "no more than now",
    ),
    "raise_end": (
        subscription_raise_for_a_while,
        {"quantity": 20, "until": TODAY},
        "goes back before it begins",
    ),
    "not_cancelled": (subscription_keep, {}, "nothing to withdraw"),
    "not_ended": (subscription_reactivate, {}, "has not ended"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_makes_no_sense_is_refused(
    case: str, sub: Subscription, by: Actor
) -> None:
    service, arguments, words = REFUSED[case]
    before = list(sub.changes.values_list("id", flat=True))
    with pytest.raises(UnableToChangeSubscription, match=words):
        service(subscription=sub, by=by, now=NOW, **arguments)  # type: ignore[operator]
    assert list(sub.changes.values_list("id", flat=True)) == before


def test_pauses_do_not_meet(sub: Subscription, by: Actor) -> None:
    subscription_pause(
        subscription=sub, on=day("2026-08-01"), until=day("2026-09-01"), by=by, now=NOW
    )
    for until in (None, day("2026-08-02")):
        with pytest.raises(UnableToChangeSubscription, match="1 August 2026"):
            subscription_pause(subscription=sub, until=until, by=by, now=NOW)
    subscription_pause(subscription=sub, until=day("2026-08-01"), by=by, now=NOW)
    assert course_of(sub).at(day("2026-08-15")).state == "paused"


def test_after_the_end_nothing_changes(sub: Subscription, by: Actor) -> None:
    subscription_cancel(subscription=sub, on=TODAY, by=by, now=NOW)
    with pytest.raises(UnableToChangeSubscription, match="It ends on 30 June 2026"):
        subscription_change_quantity(subscription=sub, quantity=2, by=by, now=NOW)
    later = NOW + dt.timedelta(days=1)
    with pytest.raises(UnableToChangeSubscription, match="Start it again"):
        subscription_keep(subscription=sub, by=by, now=later)


def test_changes_reach_back_a_year(customer: Customer, team: Plan, by: Actor) -> None:
    values = StartValues(plan=team, currency="EUR", on=day("2024-01-01"), quantity=2)
    sub = subscription_start(customer=customer, values=values, by=by, now=NOW)
    with pytest.raises(UnableToChangeSubscription, match="from 29 June 2025 on"):
        subscription_change_quantity(
            subscription=sub, quantity=3, on=day("2025-06-28"), by=by, now=NOW
        )
    subscription_change_quantity(
        subscription=sub, quantity=3, on=day("2025-06-29"), by=by, now=NOW
    )


STARTS = {
    "currency": ({"currency": "USD"}, "no exchange rate for USD"),
    "no_price": ({"interval_months": 7}, "no price in EUR"),
    "quantity": ({"quantity": 0}, "one seat at least"),
    "interval": ({"interval_months": 0}, "one month at least"),
    "trial_past": (
        {"on": day("2026-06-01"), "trial_until": day("2026-06-15")},
        "was over on 15 June 2026",
    ),
    "trial_before": ({"trial_until": TODAY}, "ends before it begins"),
    "too_early": ({"on": day("1999-12-31")}, "from the year 2000"),
    "retired": ({"on": day("2027-01-01")}, "not been sold since 1 December 2026"),
}


@pytest.mark.parametrize("case", list(STARTS))
def test_starts_that_make_no_sense_are_refused(
    case: str, customer: Customer, team: Plan, by: Actor
) -> None:
    Plan.objects.filter(pk=team.pk).update(retired_on=day("2026-12-01"))
    team.refresh_from_db()
    arguments, words = STARTS[case]
    values = StartValues(
        **{"plan": team, "currency": "EUR", "on": TODAY, **arguments}  # type: ignore[arg-type]
    )
    with pytest.raises(UnableToChangeSubscription, match=words):
        subscription_start(customer=customer, values=values, by=by, now=NOW)
    assert not Subscription.objects.exists()


def test_what_an_add_on_needs(
    sub: Subscription, customer: Customer, team: Plan, by: Actor
) -> None:
    add_on = make_plan("Reports", "5", kind=PlanKind.ADD_ON)
    once = make_plan("Setup", "5", kind=PlanKind.ONE_OFF)
    elsewhere = world.subscribe(world.make_customer("Other"))
    for arguments, words in (
        ({"plan": add_on}, "Say which subscription"),
        ({"plan": team, "parent": sub}, "Only add-ons"),
        ({"plan": add_on, "parent": elsewhere}, "of the same customer"),
        ({"plan": add_on, "parent": sub, "on": day("2026-01-01")}, "does not run"),
        ({"plan": once}, "Note a purchase"),
    ):
        values = StartValues(**{"currency": "EUR", "on": TODAY, **arguments})  # type: ignore[arg-type]
        with pytest.raises(UnableToChangeSubscription, match=words):
            subscription_start(customer=customer, values=values, by=by, now=NOW)
    with pytest.raises(UnableToChangeSubscription, match="cannot become an add-on"):
        subscription_change_plan(subscription=sub, plan=add_on, by=by, now=NOW)
    with pytest.raises(UnableToChangeSubscription, match="is on Team already"):
        subscription_change_plan(subscription=sub, plan=team, by=by, now=NOW)
