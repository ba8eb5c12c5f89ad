"""Opening a figure: the lines of the ledger behind one value of a dimension."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from billing.calculations.revenue.facts import TENURES
from billing.calculations.revenue.monthly import SAME_DEPARTURE
from billing.models import ChurnEvent, Movement
from billing.selectors.ledger_state import ledger_state
from common.dates import day_end
from customers.models import ProfileChange

Lines = QuerySet[Movement]
STEADY = {
    "source": "customer__acquisition_source",
    "persona": "customer__persona",
    "owner": "customer__owner_id",
}
# The same choice as billing.calculations.revenue.renewals.main_plans. Raw, because the
# last line of each subscription has to be found before the best of them.
PLAN = """(
SELECT p.plan_id FROM (
    SELECT DISTINCT ON (c.subscription_id) c.plan_id, c.subscription_id, c.mrr,
           c.effective_on, NOT EXISTS (
               SELECT FROM billing_subscriptionchange l
               WHERE l.customer_id = c.customer_id AND l.effective_on <= %s
                 AND l.subscription_id = c.subscription_id
                 AND (l.effective_on, l.id) > (c.effective_on, c.id)) AS current
    FROM billing_subscriptionchange c
    WHERE c.customer_id = billing_movement.customer_id
      AND c.mrr > 0 AND c.effective_on <= %s
    ORDER BY c.subscription_id, c.effective_on DESC, c.id DESC) p
ORDER BY p.current DESC, CASE WHEN p.current THEN p.mrr * 100
         ELSE p.effective_on - DATE '2000-01-01' END DESC, p.subscription_id DESC
LIMIT 1)"""


def lines_opened(
    rows: Lines, dimension: str, value: str, *, month: dt.date, zone: str
) -> Lines:
    """This will keep the lines of a month that count under a value of a dimension.

    By what the sums go by: the segment and stage known at the month's end, the rest as it
    is now. At most one query beside the rows'.
    """
    if dimension in STEADY:
        wanted = value if dimension != "owner" or value else None
        return rows.filter(**{STEADY[dimension]: wanted})
    if dimension in {"segment", "stage"}:
        return _known(rows, dimension, value, month, zone)
    if dimension == "tenure":
        return _tenure(rows, int(value), month)
    if dimension == "reason":
        return _reason(rows, value)
    day = ledger_state().built_on
    choice = RawSQL(PLAN, [day, day])  # noqa: S611 - a constant of this module
    plan = rows.annotate(main_plan=choice)
    return plan.filter(Q(main_plan=int(value)) if value else Q(main_plan__isnull=True))


def _known(rows: Lines, dimension: str, value: str, month: dt.date, zone: str) -> Lines:
    """This will go by the last line of the profiles' log, else its first, else by now."""
    column = {"segment": "segment_id", "stage": "stage"}[dimension]
    log = ProfileChange.objects.filter(customer=OuterRef("customer"))
    ends = day_end(_last_day(month), ZoneInfo(zone))
    known = log.filter(recorded_at__lt=ends).order_by("-recorded_at", "-id")
    place = Coalesce(
        Subquery(known.values("id")[:1]),
        Subquery(log.order_by("recorded_at", "id").values("id")[:1]),
    )
    told = Subquery(
        ProfileChange.objects.filter(id=OuterRef("told")).values(column)[:1]
    )
    kind: Any = BigIntegerField() if dimension == "segment" else CharField()
    now = When(told__isnull=True, then=F(f"customer__{column}"))
    found = rows.annotate(told=place).annotate(
        under=Case(now, default=told, output_field=kind)
    )
    if dimension == "segment":
        return found.filter(Q(under=int(value)) if value else Q(under__isnull=True))
    return found.filter(under=value)


def _tenure(rows: Lines, step: int, month: dt.date) -> Lines:
    """This will keep lines of customers who first paid so many months before."""
    first = (
        Movement.objects.filter(customer=OuterRef("customer"))
        .values("customer")
        .annotate(first=Min("day"))
        .values("first")
    )
    rows = rows.annotate(won=Subquery(first, output_field=DateField()))
    rows = rows.filter(won__lt=_months_back(month, step - 1))
    above = [one for one in TENURES if one > step]
    return rows.filter(won__gte=_months_back(month, above[0] - 1)) if above else rows


def _reason(rows: Lines, value: str) -> Lines:
    """This will go by the nearest departure that was told; a later one before an earlier."""
    apart = RawSQL("abs(left_on - billing_movement.day)", [])
    near = (
        ChurnEvent.objects.filter(customer=OuterRef("customer"))
        .alias(apart=apart)
        .filter(apart__lte=SAME_DEPARTURE)
        .order_by("apart", "-left_on")
        .values("reason")[:1]
    )
    return rows.annotate(told=Coalesce(Subquery(near), Value(""))).filter(told=value)


def _last_day(month: dt.date) -> dt.date:
    return _months_back(month, -1) - dt.timedelta(days=1)


def _months_back(month: dt.date, months: int) -> dt.date:
    """This will return the first day of a month so many months before another."""
    index = month.year * 12 + month.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)
