"""Lines of the ledger by a value of a dimension, as the sums by month group them.

What the sums read from tables at once is asked here line by line, for the few lines that
stand behind one figure; a test holds the two to each other.
"""

import datetime as dt
from typing import Any

from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import (
    Coalesce,
    ExtractMonth,
    ExtractYear,
    TruncDate,
    TruncMonth,
)

from accounts.selectors import company
from billing.calculations.revenue.facts import TENURE_WORDS, TENURES
from billing.calculations.revenue.monthly import SAME_DEPARTURE
from billing.enums import ChurnKind, MovementKind
from billing.models import ChurnEvent, Movement
from common.dates import first_zone
from customers.models import ProfileChange
from customers.models.scope import ScopedQuerySet

# Lines of the ledger, whatever stands beside them.
Lines = ScopedQuerySet[Any]
OF_THE_CUSTOMER = {
    "source": "customer__acquisition_source",
    "persona": "customer__persona",
}
OF_THE_MONTH = {"segment": "segment_id", "stage": "stage"}
# The plan that a customer pays most for, else the one paid for last: the order within an
# aggregate of another aggregate, which the ORM has no words for.
MAIN_PLAN = """
(SELECT last.plan_id FROM (
    SELECT DISTINCT ON (line.subscription_id) line.subscription_id, line.plan_id,
           line.mrr, line.effective_on,
           (SELECT now.mrr > 0 FROM billing_subscriptionchange now
             WHERE now.customer_id = line.customer_id
               AND now.subscription_id = line.subscription_id
               AND now.effective_on <= %s
             ORDER BY now.effective_on DESC, now.id DESC LIMIT 1) AS pays
      FROM billing_subscriptionchange line
     WHERE line.customer_id = billing_movement.customer_id
       AND line.mrr > 0 AND line.effective_on <= %s
     ORDER BY line.subscription_id, line.effective_on DESC, line.id DESC) last
  ORDER BY last.pays DESC, CASE WHEN last.pays THEN last.mrr END DESC,
           last.effective_on DESC, last.subscription_id DESC
  LIMIT 1)
"""


def in_group(rows: Lines, by: str, value: str, *, until: dt.date) -> Lines:
    """This will keep the lines of a value of a dimension; "" is where it is not told.

    `until` is the last day of the sums. A dimension that does not exist keeps nothing.
    """
    if by in OF_THE_CUSTOMER:
        return rows.filter(**{OF_THE_CUSTOMER[by]: value})
    if by in OF_THE_MONTH:
        return _of_the_month(rows, OF_THE_MONTH[by], value)
    if by == "plan":
        return _of_plan(rows, value, until)
    if by == "tenure":
        return _of_tenure(rows, value)
    if by == "reason":
        return with_departure(rows).filter(reason=value)
    return rows.none()


def by_cause(rows: Lines, *, failed: bool) -> Lines:
    """This will keep the departures that were failed payments, or all others."""
    told = with_departure(rows)
    cause = Q(cause=ChurnKind.INVOLUNTARY)
    return told.filter(cause) if failed else told.exclude(cause)


def with_departure(rows: Lines) -> Lines:
    """This will keep lines of churn, with reason and cause of the departure told for it.

    That is the nearest within 45 days, of two as near the later; "" without any.
    """
    apart = Func(
        F("left_on"),
        OuterRef("day"),
        template="ABS(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    near = (
        ChurnEvent.objects.filter(customer_id=OuterRef("customer_id"))
        .annotate(apart=apart)
        .filter(apart__lte=SAME_DEPARTURE)
        .order_by("apart", "-left_on")
    )
    told: Lines = rows.filter(kind=MovementKind.CHURN).annotate(
        reason=Coalesce(Subquery(near.values("reason")[:1]), Value("")),
        cause=Coalesce(Subquery(near.values("kind")[:1]), Value("")),
    )
    return told


def _number(value: str) -> int | None:
    sound = value.isascii() and value.isdigit() and len(value) < 19
    return int(value) if sound else None


def _of_the_month(rows: Lines, name: str, value: str) -> Lines:
    """This will keep the lines of customers that were known as something at a month's end."""
    wanted: str | int | None = value
    if name == "segment_id":
        wanted = _number(value)
        if value and wanted is None:
            return rows.none()
    is_it = (
        Q(**{name: wanted}) if wanted is not None else Q(**{f"{name}__isnull": True})
    )
    now = (
        Q(**{f"customer__{name}": wanted})
        if wanted is not None
        else Q(**{f"customer__{name}__isnull": True})
    )
    told = ProfileChange.objects.filter(customer_id=OuterRef("customer_id"))
    zone = first_zone(company().time_zone)
    by_then = told.annotate(known=TruncDate("recorded_at", tzinfo=zone)).filter(
        known__lt=OuterRef("month_after")
    )
    chosen = Coalesce(
        Subquery(by_then.order_by("-recorded_at", "-pk").values("pk")[:1]),
        Subquery(told.order_by("recorded_at", "pk").values("pk")[:1]),
    )
    after = ExpressionWrapper(
        TruncMonth("day") + Value(dt.timedelta(days=32), DurationField()), DateField()
    )
    found: Lines = rows.annotate(month_after=TruncMonth(after), profile=chosen)
    lines = ProfileChange.objects.filter(is_it, pk=OuterRef("profile"))
    return found.filter(Exists(lines) | (Q(profile__isnull=True) & now))


def _of_plan(rows: Lines, value: str, until: dt.date) -> Lines:
    number = _number(value)
    if value and number is None:
        return rows.none()
    main: Lines = rows.annotate(main_plan=RawSQL(MAIN_PLAN, [until, until]))  # noqa: S611 - constant text
    if number is None:
        return main.filter(main_plan__isnull=True)
    return main.filter(main_plan=number)


def _of_tenure(rows: Lines, value: str) -> Lines:
    if value not in TENURE_WORDS:
        return rows.none()
    place = TENURE_WORDS.index(value)
    first: QuerySet[Movement] = Movement.objects.filter(
        customer_id=OuterRef("customer_id")
    ).order_by("day", "pk")
    aged: Lines = rows.annotate(won=Subquery(first.values("day")[:1])).annotate(
        age=(ExtractYear("day") - ExtractYear("won")) * 12
        + ExtractMonth("day")
        - ExtractMonth("won")
    )
    if place:
        aged = aged.filter(age__gte=TENURES[place - 1])
    return aged.filter(age__lt=TENURES[place]) if place < len(TENURES) else aged
