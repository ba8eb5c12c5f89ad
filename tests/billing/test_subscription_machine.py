"""Whatever is done to subscriptions, in whatever order: the log stays true.

A few sequences run with the suite. All 2,000 that the figures in docs/figures.md are of:

    KEEPWELL_SEQUENCES=2000 script/test tests/billing/test_subscription_machine.py -n 1
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actor import MACHINE
from accounts.models import Company
from billing.calculations.conventions import PRESETS
from billing.calculations.ledger import timeline_closings, timeline_movements
from billing.calculations.renewal import next_renewal
from billing.enums import PlanKind
from billing.models import (
    Movement,
    Plan,
    PriceVersion,
    Subscription,
    SubscriptionChange,
)
from billing.selectors.ledger_parts import ledger_read
from billing.selectors.ledger_reading import Chosen, one_snapshot
from billing.selectors.ledger_terms import ledger_terms
from billing.selectors.subscriptions import state_on
from billing.services import subscriptions as services
from billing.services.ledger import ledger_refresh
from billing.services.subscriptions import StartValues, UnableToChangeSubscription
from common.changes import values_of
from tests import world

SEQUENCES = int(os.environ.get("KEEPWELL_SEQUENCES", "6"))
STEPS = 8
# A month end before a leap day, so that both are met.
FIRST = dt.datetime(2028, 1, 31, 9, 0, tzinfo=dt.UTC)
FIELDS = [field.attname for field in SubscriptionChange._meta.concrete_fields]
CENT = Decimal("0.01")
# So many days from today; none: what the service's own rule says.
ON = st.none() | st.integers(-60, 120)
LATER = st.integers(1, 150)
SEATS = st.integers(1, 40)
SHARES = st.sampled_from(["0.05", "0.1", "0.3333", "0.5", "1"]).map(Decimal)
PLANS = {"starter": ("9", "90"), "team": ("20.01", "199.99"), "scale": ("50", "500")}


def make_catalogue() -> dict[str, Plan]:
    """Three plans and an add-on, monthly, quarterly and yearly, and a second price of Team."""
    plans = {}
    for key, (monthly, yearly) in {**PLANS, "reports": ("3.33", "33.33")}.items():
        kind = PlanKind.ADD_ON if key == "reports" else PlanKind.BASE
        plans[key] = Plan.objects.create(key=key, name=key.title(), kind=kind)
        amounts = {1: Decimal(monthly), 3: Decimal(monthly) * 3, 12: Decimal(yearly)}
        for number, (months, amount) in enumerate(amounts.items(), start=1):
            make_price(plans[key], number, amount, months)
    make_price(plans["team"], 4, Decimal("22.50"), 1)
    return plans


def make_price(plan: Plan, number: int, amount: Decimal, months: int) -> None:
    PriceVersion.objects.create(
        plan=plan,
        number=number,
        amount=amount,
        currency="EUR",
        interval_months=months,
        # The first of two prices of a kind counts for whoever starts.
        valid_on=dt.date(2020, 1, number) if number < 4 else dt.date(2019, 1, 1),
    )


class Subscriptions(RuleBasedStateMachine):
    """One customer, up to three subscriptions, a clock that goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = FIRST
        self.subs: list[Subscription] = []
        # What was known at moments gone by: who looks again finds the same.
        self.log: list[SubscriptionChange] = []
        self.seen: dict[int, dict[str, Any]] = {}
        self.known: list[tuple[Subscription, dt.date, dt.datetime, int | None]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def wait(self, hours: int) -> None:
        """Days pass, and the tick does what it does on each."""
        self.now += dt.timedelta(hours=hours)
        services.subscriptions_settle(today=self.today)
        ledger_refresh(customers=[self.customer.pk], now=self.now)

    @initialize(
        seats=SEATS, months=st.sampled_from([1, 3, 12]), trial=st.none() | LATER
    )
    def begin(self, seats: int, months: int, trial: int | None) -> None:
        self.plans = make_catalogue()
        self.customer = world.make_customer(since=dt.date(2027, 1, 1))
        until = None if trial is None else self.today + dt.timedelta(days=trial)
        self.start("team", seats, months, until)
        # Far enough from the start that things can be entered late.
        self.wait(70 * 24)

    def start(
        self,
        plan: str,
        seats: int,
        months: int,
        trial_until: dt.date | None = None,
        parent: Subscription | None = None,
    ) -> None:
        values = StartValues(
            plan=self.plans[plan],
            currency="EUR",
            on=self.today,
            interval_months=months,
            quantity=seats,
            trial_until=trial_until,
            parent=parent,
        )
        made = services.subscription_start(
            customer=self.customer, values=values, by=MACHINE, now=self.now
        )
        self.subs.append(made)

    def do(self, service: Callable[..., Any], place: int, **arguments: Any) -> Any:
        """Refused is fine, as long as nothing was written."""
        sub = self.subs[place % len(self.subs)]
        before = SubscriptionChange.objects.count()
        try:
            with transaction.atomic():
                return service(subscription=sub, by=MACHINE, now=self.now, **arguments)
        except UnableToChangeSubscription:
            assert SubscriptionChange.objects.count() == before
            return None

    def day(self, days: int | None) -> dt.date | None:
        return None if days is None else self.today + dt.timedelta(days=days)

    def span(self, on: int | None, lasts: int | None) -> dict[str, dt.date | None]:
        """A first day, and a last one so many days after it."""
        until = None if lasts is None else (on or 0) + lasts
        return {"on": self.day(on), "until": self.day(until)}

    def any_in(self, state: str) -> bool:
        lines = [state_on(sub, self.today) for sub in self.subs]
        return any(line.state == state for line in lines if line)

    def any_ended(self) -> bool:
        return Subscription.objects.filter(ended_on__isnull=False).exists()

    def any_booked(self) -> bool:
        return Subscription.objects.filter(next_on__isnull=False).exists()

    @rule(hours=st.sampled_from([1, 15, 24, 31 * 24, 59 * 24]))
    def time_passes(self, hours: int) -> None:
        self.wait(hours)

    @precondition(lambda self: len(self.subs) < 3)
    @rule(seats=SEATS, months=st.sampled_from([1, 12]), add_on=st.booleans())
    def another(self, seats: int, months: int, add_on: bool) -> None:
        plan, parent = ("reports", self.subs[0]) if add_on else ("starter", None)
        try:
            with transaction.atomic():
                self.start(plan, seats, months, parent=parent)
        except UnableToChangeSubscription:
            assert add_on

    @rule(place=st.integers(0, 2), plan=st.sampled_from(list(PLANS)), on=ON, more=SEATS)
    def change_plan(self, place: int, plan: str, on: int | None, more: int) -> None:
        quantity = more if more % 2 else None
        self.do(
            services.subscription_change_plan,
            place,
            plan=self.plans[plan],
            on=self.day(on),
            quantity=quantity,
        )

    @rule(place=st.integers(0, 2), quantity=SEATS, on=ON)
    def change_quantity(self, place: int, quantity: int, on: int | None) -> None:
        service = services.subscription_change_quantity
        self.do(service, place, quantity=quantity, on=self.day(on))

    @rule(
        place=st.integers(0, 2),
        share=st.none() | SHARES,
        on=ON,
        until=st.none() | LATER,
    )
    def discount(
        self, place: int, share: Decimal | None, on: int | None, until: int | None
    ) -> None:
        service = services.subscription_discount
        self.do(service, place, discount=share, **self.span(on, until))

    @rule(place=st.integers(0, 2), on=ON, until=st.none() | LATER)
    def pause(self, place: int, on: int | None, until: int | None) -> None:
        self.do(services.subscription_pause, place, **self.span(on, until))

    @precondition(lambda self: self.any_in("paused"))
    @rule(place=st.integers(0, 2), on=ON)
    def resume(self, place: int, on: int | None) -> None:
        self.do(services.subscription_resume, place, on=self.day(on))

    @rule(place=st.integers(0, 2), on=ON)
    def cancel(self, place: int, on: int | None) -> None:
        self.do(services.subscription_cancel, place, on=self.day(on))

    @precondition(lambda self: self.any_ended())
    @rule(place=st.integers(0, 2))
    def keep(self, place: int) -> None:
        self.do(services.subscription_keep, place)

    @precondition(lambda self: self.any_ended())
    @rule(place=st.integers(0, 2))
    def reactivate(self, place: int) -> None:
        made = self.do(services.subscription_reactivate, place)
        if made is not None:
            self.subs[place % len(self.subs)] = made

    @rule(place=st.integers(0, 2), quantity=SEATS, on=ON, until=LATER)
    def raise_for_a_while(
        self, place: int, quantity: int, on: int | None, until: int
    ) -> None:
        service = services.subscription_raise_for_a_while
        seats = self.subs[place % len(self.subs)].changes.latest("id").quantity
        days = self.span(on, until)
        self.do(service, place, quantity=seats + quantity, **days)

    @rule(place=st.integers(0, 2), months=st.sampled_from([1, 3, 12]), on=ON)
    def change_interval(self, place: int, months: int, on: int | None) -> None:
        service = services.subscription_change_interval
        self.do(service, place, interval_months=months, on=self.day(on))

    @rule(place=st.integers(0, 2), on=ON, number=st.sampled_from([1, 4]))
    def move_price(self, place: int, on: int | None, number: int) -> None:
        price = PriceVersion.objects.get(plan=self.plans["team"], number=number)
        service = services.subscription_move_price
        self.do(service, place, price=price, on=self.day(on))

    @precondition(lambda self: self.any_booked())
    @rule(place=st.integers(0, 2), which=st.integers(0, 3))
    def take_back(self, place: int, which: int) -> None:
        sub = self.subs[place % len(self.subs)]
        rows = sub.changes.filter(effective_on__gt=self.today)
        days = sorted(set(rows.values_list("effective_on", flat=True)))
        if days:
            day = days[which % len(days)]
            self.do(services.subscription_take_back, place, day=day)

    @invariant()
    def the_log_stays_true(self) -> None:
        """Everything is looked at after every step; the log is read once for it."""
        rows = SubscriptionChange.objects.select_related("price").order_by("pk")
        self.log = list(rows)
        self.columns_are_what_the_log_says()
        new = [line for line in self.log if line.pk not in self.seen]
        for line in new:
            money_follows_from_the_price(line)
            renewals_are_those_of_another_calendar(line)
        self.what_was_known_stays_known()
        if self.subs:
            self.the_ledger_adds_up_under_every_preset()

    def columns_are_what_the_log_says(self) -> None:
        for sub in Subscription.objects.all():
            points = self.replayed(sub)
            begun = [line for day, line in points if day <= self.today]
            assert state_on(sub, self.today) == (begun[-1] if begun else None)
            line = begun[-1] if begun else points[0][1]
            trial = line.state == "trial" and line.kind != "end"
            later = [day for day, _line in points if day > self.today]
            found = (sub.plan_id, sub.price_id, sub.interval_months, sub.is_trial)
            assert found == (line.plan_id, line.price_id, line.interval_months, trial)
            assert sub.next_on == (later[0] if later else None)
            assert sub.started_on == points[0][0]
            assert sub.ended_on == end_of(points)

    def what_was_known_stays_known(self) -> None:
        """No line is changed or taken away, and none is known before an older one."""
        now = {line.pk: values_of(line, FIELDS) for line in self.log}
        assert {pk: now.get(pk) for pk in self.seen} == self.seen
        self.seen = now
        for sub, day, moment, found in self.known:
            known = [line for line in self.log if line.recorded_at < moment]
            assert in_force(known, sub, day) == found
        moment = self.now + dt.timedelta(minutes=1)
        for sub in self.subs[-1:]:
            for days in (-20, 45):
                day = self.today + dt.timedelta(days=days)
                line = state_on(sub, day, moment)
                self.known.append((sub, day, moment, line.pk if line else None))
        self.now += dt.timedelta(minutes=2)

    def the_ledger_adds_up_under_every_preset(self) -> None:
        terms = ledger_terms(day=self.today)
        with one_snapshot() as cursor:
            ledger = ledger_read(
                cursor, Chosen([self.customer.pk]), terms, presets=True
            )
        for conventions in PRESETS.values():
            told = replace(ledger, terms=replace(terms, conventions=conventions)).now
            lines = timeline_movements(told, conventions)
            days = np.unique(np.append(told.day, lines.day)).astype(np.int32)
            sums = timeline_closings(told, days, currencies=1).amounts[:, 0]
            moved = [int(lines.amount[lines.day <= day].sum()) for day in days]
            assert moved == sums.tolist()
        rows = Movement.objects.filter(customer=self.customer, day__lte=self.today)
        stored = list(rows.values_list("day", "amount"))
        for until in {self.today, *(day for day, _amount in stored)}:
            total = sum((amount for day, amount in stored if day <= until), Decimal(0))
            assert total == self.worth_on(until)

    def replayed(self, sub: Subscription) -> list[tuple[dt.date, SubscriptionChange]]:
        """The last line of each day, by another way than the code's."""
        last: dict[dt.date, SubscriptionChange] = {}
        for line in self.log:
            if line.subscription_id == sub.pk:
                last[line.effective_on] = line
        return sorted(last.items())

    def worth_on(self, day: dt.date) -> Decimal:
        """What all subscriptions bring a month on a day, as the plain log says."""
        found = (in_force(self.log, sub, day) for sub in Subscription.objects.all())
        amounts = {line.pk: line.mrr for line in self.log}
        return sum((amounts[pk] for pk in found if pk), Decimal(0))


def in_force(
    log: list[SubscriptionChange], sub: Subscription, day: dt.date
) -> int | None:
    """The line that counts on a day."""
    lines = [
        (line.effective_on, line.pk)
        for line in log
        if line.subscription_id == sub.pk and line.effective_on <= day
    ]
    return max(lines)[1] if lines else None


def money_follows_from_the_price(line: SubscriptionChange) -> None:
    assert line.price is not None
    full = line.price.amount * line.quantity
    net = full * (1 - (line.discount or 0))
    ended = line.kind == "end"
    pays = not ended and line.state == "active"
    monthly = cents(net / line.interval_months) if pays else Decimal(0)
    listed = Decimal(0) if ended else cents(full / line.interval_months)
    assert (line.mrr, line.list_mrr) == (monthly, listed)
    assert line.mrr >= 0
    assert line.price.plan_id == line.plan_id
    assert line.price.interval_months == line.interval_months


def renewals_are_those_of_another_calendar(line: SubscriptionChange) -> None:
    anchor, months = line.anchored_on, line.interval_months
    assert anchor is not None
    after = max(line.effective_on, anchor)
    term = 1
    while anchor + relativedelta(months=term * months) <= after:
        term += 1
    expected = anchor + relativedelta(months=term * months)
    assert next_renewal(anchor, months, line.effective_on) == expected
    told = None if line.kind == "end" or months == 1 else expected
    assert line.renews_on == told


def end_of(points: list[tuple[dt.date, SubscriptionChange]]) -> dt.date | None:
    end = None
    for day, line in points:
        end = (end or day) if line.kind == "end" else None
    return end


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@pytest.mark.django_db
@pytest.mark.timeout(7200 if SEQUENCES > 100 else 300)
def test_subscriptions_in_any_order(company: Company) -> None:
    del company
    run_state_machine_as_test(
        Subscriptions,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
