"""A made company with every kind of change, and its revenue by plain loops."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from accounts.models import Company, ExchangeRate, User
from billing.enums import ChangeKind, ChurnKind, SubscriptionState
from billing.models import ChurnEvent, Plan, Subscription, SubscriptionChange
from customers.models import Customer, ProfileChange, Segment
from tests import world

DAYS = 500
FIRST = world.TODAY - dt.timedelta(days=DAYS)

# What a dollar is worth in euros from a day on.
DOLLARS = [
    (FIRST + dt.timedelta(days=day), Decimal(rate))
    for day, rate in ((0, "0.9"), (200, "0.95"), (330, "0.8712"))
]
FLOWS = ("new", "reactivation", "expansion", "contraction", "churn")


def made_company(
    seed: int, *, customers: int = 14, owners: tuple[User, ...] = ()
) -> list[Customer]:
    """This will save a company whose customers do all sorts of things, the same by seed."""
    rng = random.Random(seed)
    Company.objects.get_or_create(id=1, defaults={"name": "X", "currency": "EUR"})
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency="USD", valid_on=day, rate=rate) for day, rate in DOLLARS
    )
    plans = [
        Plan.objects.get_or_create(key=key, defaults={"name": key.title()})[0]
        for key in ("team", "pro")
    ]
    segments = [
        Segment.objects.get_or_create(key=key, defaults={"name": key})[0]
        for key in ("small", "large")
    ]
    found = []
    for _ in range(customers):
        customer = world.make_customer(
            owner=rng.choice(owners) if owners else None,
            since=FIRST,
            segment=rng.choice(segments).key,
            persona=rng.choice(("", "builder")),
            acquisition_source=rng.choice(("ads", "fair", "")),
        )
        found.append(customer)
        _profiles(rng, customer, segments)
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            _subscription(rng, customer, plans)
    return found


def _profiles(rng: random.Random, customer: Customer, segments: list[Segment]) -> None:
    for day in sorted(rng.sample(range(DAYS), rng.choice((0, 1, 2)))):
        ProfileChange.objects.create(
            customer=customer,
            segment=rng.choice(segments),
            stage=rng.choice(("", "onboarding", "mature")),
            recorded_at=world.noon(FIRST + dt.timedelta(days=day)),
        )


def _subscription(rng: random.Random, customer: Customer, plans: list[Plan]) -> None:
    begin = FIRST + dt.timedelta(days=rng.randrange(DAYS))
    subscription = world.subscribe(
        customer,
        mrr=str(rng.randrange(0, 50_000) / 100),
        since=begin,
        months=rng.choice((1, 1, 3, 12)),
        currency=rng.choice(("EUR", "EUR", "USD")),
    )
    day = begin
    for _ in range(rng.randrange(6)):
        day += dt.timedelta(days=rng.randrange(0, 90))
        change(rng, subscription, day, plans)


def change(
    rng: random.Random, subscription: Subscription, day: dt.date, plans: list[Plan]
) -> None:
    """This will add a line of any kind to a subscription's log."""
    kind = rng.choice((ChangeKind.CHANGE, ChangeKind.CHANGE, ChangeKind.END))
    state = rng.choice((SubscriptionState.ACTIVE,) * 4 + (SubscriptionState.PAUSED,))
    nothing = kind == ChangeKind.END or state == SubscriptionState.PAUSED
    mrr = "0" if nothing else str(rng.randrange(0, 50_000) / 100)
    if kind == ChangeKind.END:
        state = SubscriptionState.ACTIVE
    world.change_subscription(
        subscription,
        on=day,
        mrr=mrr,
        kind=kind,
        state=state,
        plan=rng.choice(plans),
        revision=SubscriptionChange.objects.filter(subscription=subscription).count(),
    )
    if kind == ChangeKind.END:
        ChurnEvent.objects.get_or_create(
            customer=subscription.customer,
            left_on=day,
            defaults={
                "kind": rng.choice(ChurnKind.values),
                "reason": rng.choice(("", "price", "missing feature")),
                "recorded_at": world.noon(day),
            },
        )


@dataclass
class Naive:
    """Revenue by plain loops over days, by the default conventions. Amounts in cents."""

    # (customer, currency) → day → cents at its end, only days on which it changed.
    paid: dict[tuple[int, str], dict[dt.date, int]] = field(default_factory=dict)
    lines: list[tuple[int, dt.date, str, int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, last: dt.date) -> "Naive":
        """This will read the whole log and follow every customer day by day."""
        found = cls()
        rows = SubscriptionChange.objects.order_by("effective_on", "id")
        logs: dict[int, list[SubscriptionChange]] = defaultdict(list)
        for row in rows:
            logs[row.customer_id].append(row)
        for customer, log in sorted(logs.items()):
            found._follow(customer, log, last)
        return found

    def _follow(
        self, customer: int, log: list[SubscriptionChange], last: dt.date
    ) -> None:
        state: dict[int, tuple[str, int]] = {}
        paid: dict[str, int] = {}
        ever = False
        for day in sorted(
            {row.effective_on for row in log if row.effective_on <= last}
        ):
            for row in log:
                if row.effective_on == day:
                    state[row.subscription_id] = (row.currency, int(row.mrr * 100))
            now: dict[str, int] = defaultdict(int)
            for currency, cents in state.values():
                now[currency] += cents
            before, after = sum(paid.values()), sum(now.values())
            for currency in sorted({*paid, *now}):
                amount = now[currency] - paid.get(currency, 0)
                if amount:
                    kind = _kind(before, after, amount, ever=ever)
                    self.lines.append((customer, day, currency, kind, amount))
                    self.paid.setdefault((customer, currency), {})[day] = now[currency]
            ever = ever or after > 0
            paid = dict(now)

    def at(self, customer: int, currency: str, day: dt.date) -> int:
        """This will return what a customer pays at the end of a day."""
        days = self.paid.get((customer, currency), {})
        known = [cents for one, cents in days.items() if one <= day]
        return known[-1] if known else 0

    def own_at(
        self, customer: int, day: dt.date, rate_of: dt.date | None = None
    ) -> int:
        """This will return the same in euros, at the rate of a day."""
        return sum(
            euros(self.at(who, currency, day), currency, rate_of or day)
            for who, currency in self.paid
            if who == customer
        )


def _kind(before: int, after: int, amount: int, *, ever: bool) -> int:
    if before == 0:
        return 2 if ever else 1
    if after == 0:
        return 5
    return 3 if amount > 0 else 4


def euros(cents: int, currency: str, day: dt.date) -> int:
    """This will convert cents at the rate of a day; 0 where none is known."""
    if currency == "EUR":
        return cents
    known = [rate for since, rate in DOLLARS if since <= day]
    return (
        int((cents * known[-1]).quantize(Decimal(1), ROUND_HALF_EVEN)) if known else 0
    )


def month_end(month: dt.date) -> dt.date:
    """This will return the last day of a month that has come."""
    after = (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return min(after - dt.timedelta(days=1), world.TODAY)


def months() -> list[dt.date]:
    """This will return the first days of all months from the first to this one."""
    found = [FIRST.replace(day=1)]
    while found[-1] < world.TODAY.replace(day=1):
        found.append((found[-1] + dt.timedelta(days=32)).replace(day=1))
    return found
