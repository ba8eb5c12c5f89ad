"""How much the product was used, by week."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum

from customers.models import UsageDaily
from health.selectors.evidence_rows.asked import Asked, Behind

# The days a measure looks back over; trends compare 31 days with the 90 before.
TREND = 121
WINDOWS = {
    "active_days": 28,
    "active_days_14": 14,
    "seat_use": 31,
    "seats_active": 31,
    "last_seen": 365,
    "key_feature": 365,
}


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days that end on a day; users and features are those of the fullest day."""

    last: dt.date
    events: int
    users: int
    features: int
    days: int  # with any use
    key_events: int | None


def usage(asked: Asked) -> Behind:
    """This will sum up weeks, counted back from the end of the window. One query.

    A week without any row is left out.
    """
    first = asked.days(WINDOWS.get(asked.key, TREND))
    days = (
        UsageDaily.objects.filter(
            customer_id=asked.customer_id,
            day__range=(first, asked.last),
            recorded_on__lte=asked.as_of,
        )
        .values("day")
        .annotate(
            e=Sum("events"),
            u=Sum("active_users"),
            f=Sum("features"),
            k=Sum("key_events"),
            period=Max("period_days"),
        )
        .order_by("-day")
    )
    weeks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in days:
        weeks[(asked.last - row["day"]).days // 7].append(row)
    rows = [
        Week(
            asked.last - dt.timedelta(days=7 * back),
            sum(row["e"] for row in inside),
            max(row["u"] for row in inside),
            max(row["f"] for row in inside),
            sum(row["period"] for row in inside if row["e"] > 0 or row["u"] > 0),
            _sum([row["k"] for row in inside if row["k"] is not None]),
        )
        for back, inside in sorted(weeks.items())
    ]
    return Behind("usage", rows[: asked.limit], len(rows), first)


def _sum(known: list[int]) -> int | None:
    return sum(known) if known else None
