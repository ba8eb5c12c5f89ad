"""What is sold, and at which price on which day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Round

from accounts.models import User
from billing.enums import SubscriptionState
from billing.models import (
    BundlePart,
    Plan,
    PriceVersion,
    Subscription,
    SubscriptionChange,
)
from billing.subscription_words import amount_words


def price_on(
    *, plan_id: int, currency: str, interval_months: int | None, day: dt.date
) -> PriceVersion | None:
    """This will return the price that counts on a day: the newest that is valid. One query."""
    rows = PriceVersion.objects.filter(
        plan_id=plan_id,
        currency=currency,
        interval_months=interval_months,
        valid_on__lte=day,
    )
    return rows.order_by("-valid_on", "-number").first()


def prices_on(
    plan_ids: Iterable[int], *, day: dt.date
) -> dict[tuple[int, str, int | None], PriceVersion]:
    """This will return every price that counts on a day, by plan, currency and interval.

    One query.
    """
    rows = (
        PriceVersion.objects.filter(plan__in=plan_ids, valid_on__lte=day)
        .order_by("plan_id", "currency", "interval_months", "-valid_on", "-number")
        .distinct("plan_id", "currency", "interval_months")
    )
    return {(row.plan_id, row.currency, row.interval_months): row for row in rows}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan with the prices that count today and how many customers have it."""

    plan: Plan
    prices: list[PriceVersion]
    parts: list[BundlePart]
    customers: int

    @property
    def amounts(self) -> list[str]:
        """The prices in words."""
        return [
            amount_words(price.amount, price.currency, price.interval_months)
            for price in self.prices
        ]


def plan_lines(*, user: User, today: dt.date) -> list[PlanLine]:
    """This will list everything that is or was sold, by product. Four queries.

    Customers are counted as far as the person sees them.
    """
    plans = Plan.objects.select_related("product").order_by(
        F("product__name").asc(nulls_last=True), "kind", "name", "id"
    )
    parts = BundlePart.objects.select_related("part").order_by("part__name", "id")
    found = list(plans.prefetch_related(Prefetch("parts", queryset=parts)))
    prices: dict[int, list[PriceVersion]] = {}
    for price in prices_on([plan.pk for plan in found], day=today).values():
        prices.setdefault(price.plan_id, []).append(price)
    counted = dict(
        running(user, today)
        .values_list("plan_id")
        .annotate(n=Count("customer_id", distinct=True))
        .order_by("plan_id")
    )
    return [
        PlanLine(
            plan,
            prices.get(plan.pk, []),
            list(plan.parts.all()),
            counted.get(plan.pk, 0),
        )
        for plan in found
    ]


def running(user: User, today: dt.date) -> QuerySet[Subscription]:
    """This will keep the subscriptions that run on a day, as far as a person sees them."""
    open_ended = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    seen = Subscription.objects.visible_to(user)
    return seen.filter(open_ended, started_on__lte=today)


@dataclass(frozen=True, slots=True)
class OnVersion:
    """How many customers are on a version of a price, and what they bring a month."""

    price_id: int | None
    currency: str
    customers: int
    mrr: Decimal


def on_versions(*, plan: Plan, user: User, today: dt.date) -> list[OnVersion]:
    """This will count customers and monthly revenue of a plan, by version of its price.

    Without a version: imported ones, whose price nobody told. One query, which looks at
    the log of every subscription that runs on the plan.
    """
    mrr = _in_force(today).values("mrr")[:1]
    rows = (
        running(user, today)
        .filter(plan=plan)
        .annotate(worth=Subquery(mrr))
        .values("price_id", "currency")
        .annotate(customers=Count("customer_id", distinct=True), mrr=Sum("worth"))
        .order_by("price_id", "currency")
    )
    return [OnVersion(**{**row, "mrr": row["mrr"] or Decimal(0)}) for row in rows]


@dataclass(frozen=True, slots=True)
class MovePreview:
    """Whom a move to another price would reach, and what they bring a month then."""

    subscriptions: int
    customers: int
    before: Decimal
    after: Decimal


def move_preview(
    *, source: PriceVersion, target: PriceVersion, today: dt.date
) -> MovePreview:
    """This will reckon what moving everybody on a price would change. One query.

    By what is agreed today; pauses and trials bring nothing before and after.
    """
    line = _in_force(today)
    months = source.interval_months or 1
    reached = Subscription.objects.filter(price=source).annotate(
        worth=Subquery(line.values("mrr")[:1]),
        seats=Subquery(line.values("quantity")[:1]),
        off=Coalesce(Subquery(line.values("discount")[:1]), Decimal(0)),
        state=Subquery(line.values("state")[:1]),
    )
    units: Any = Greatest(F("seats"), 1)
    monthly = ExpressionWrapper(
        Value(target.amount) * units * (1 - F("off")) / Value(Decimal(months)),
        output_field=DecimalField(max_digits=28, decimal_places=10),
    )
    paying = Q(state=SubscriptionState.ACTIVE)
    found = reached.aggregate(
        subscriptions=Count("pk"),
        customers=Count("customer_id", distinct=True),
        before=Sum("worth", filter=paying, default=Decimal(0)),
        after=Sum(Round(monthly, 2), filter=paying, default=Decimal(0)),
    )
    return MovePreview(**found)


def sold_plans(
    *, kinds: Iterable[str], currency: str, interval_months: int | None, day: dt.date
) -> list[tuple[Plan, PriceVersion]]:
    """This will list what may be sold on a day, with its price. Two queries."""
    sold = Q(retired_on__isnull=True) | Q(retired_on__gt=day)
    plans = Plan.objects.filter(sold, kind__in=list(kinds)).order_by("name", "id")
    found = prices_on([plan.pk for plan in plans], day=day)
    priced = ((plan, found.get((plan.pk, currency, interval_months))) for plan in plans)
    return [(plan, price) for plan, price in priced if price is not None]


def _in_force(today: dt.date) -> QuerySet[SubscriptionChange]:
    return SubscriptionChange.objects.filter(
        customer_id=OuterRef("customer_id"),
        subscription_id=OuterRef("pk"),
        effective_on__lte=today,
    ).order_by("-effective_on", "-id")
