"""Whether the score had warned before customers left, and how long before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection

from accounts.models import User
from billing.models import ChurnEvent
from customers.models.scope import ScopedQuerySet
from health.enums import Band, RunKind

# A warning longer before is another story.
BEFORE = 180
# The chance of leaving within 90 days that warns, in times of what is usual.
TIMES = 2.0
PAGE_SIZE = 50
# Departures that are judged together; each asks for half a year of scores.
AT_ONCE = 100


# Days before (None: not warned), and whether the scores were made after the fact.
Before = tuple[int | None, bool]


class Warned(StrEnum):
    """What the score had said."""

    WARNED = "warned"
    NOT_WARNED = "not-warned"
    NOT_SCORED = "not-scored"


# An islands query over a partitioned table: for each departure the last warned day, and
# the first day of the unbroken warning that it belongs to; apart for scores that were
# shown and for those of past days that were made after the fact.
WARNINGS = """
WITH gone AS (
    SELECT * FROM unnest(%(events)s::bigint[], %(customers)s::bigint[], %(days)s::date[])
        AS g(event_id, customer_id, left_on)
), said AS (
    SELECT gone.event_id, gone.left_on, score.as_of, run.kind = %(backfill)s AS later,
           score.band = %(at_risk)s
           OR coalesce(score.churn >= %(times)s
                       * (run.parameters->'base'->>'rate')::float, false) AS warned
      FROM gone
      JOIN health_score score ON score.customer_id = gone.customer_id
       AND score.as_of >= gone.left_on - %(before)s AND score.as_of < gone.left_on
      JOIN health_run run ON run.id = score.run_id
     WHERE score.as_of BETWEEN %(first)s AND %(last)s
), lasts AS (
    SELECT event_id, later, left_on, max(as_of) FILTER (WHERE warned) AS last_warned
      FROM said GROUP BY event_id, later, left_on
), quiet AS (
    SELECT event_id, later, max(said.as_of) AS last_quiet
      FROM said JOIN lasts USING (event_id, later)
     WHERE NOT said.warned AND said.as_of < lasts.last_warned GROUP BY event_id, later
)
SELECT event_id, later, lasts.left_on - min(said.as_of) FILTER (
           WHERE said.warned AND (quiet.last_quiet IS NULL OR said.as_of > quiet.last_quiet)
             AND said.as_of <= lasts.last_warned)
  FROM lasts JOIN said USING (event_id, later) LEFT JOIN quiet USING (event_id, later)
 GROUP BY event_id, later, lasts.left_on ORDER BY later DESC, event_id
"""


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who left, and whether the score had warned (`days` before, if it had).

    `later`: the scores were made after the fact, from what was known on each day; they
    would have warned, or would not.
    """

    event: ChurnEvent
    warned: Warned
    days: int | None
    later: bool = False


def departures_of(
    user: User, first: dt.date, last: dt.date
) -> ScopedQuerySet[ChurnEvent]:
    """This will return who left between two days, of those the person sees."""
    return ChurnEvent.objects.visible_to(user).filter(left_on__range=(first, last))


def departures_judged(
    rows: ScopedQuerySet[ChurnEvent],
    *,
    behind: tuple[dt.date, int] | None = None,
    limit: int = AT_ONCE,
) -> tuple[list[Departure], bool]:
    """This will judge the newest departures, and say whether there are more. Two queries."""
    if behind is not None:
        day, pk = behind
        rows = rows.filter(left_on__lte=day).exclude(left_on=day, pk__gte=pk)
    found = list(
        rows.select_related("customer__owner").order_by("-left_on", "-pk")[: limit + 1]
    )
    shown = found[:limit]
    days = warned_days(shown)
    return [_judged(event, days) for event in shown], len(found) > limit


def departure_judged(event: ChurnEvent) -> Departure:
    """This will judge one departure. One query."""
    return _judged(event, warned_days([event]))


def _judged(event: ChurnEvent, days: dict[int, Before]) -> Departure:
    if event.pk not in days:
        return Departure(event, Warned.NOT_SCORED, None)
    before, later = days[event.pk]
    kind = Warned.NOT_WARNED if before is None else Warned.WARNED
    return Departure(event, kind, before, later)


def warned_days(events: Sequence[ChurnEvent]) -> dict[int, Before]:
    """This will return, by departure, how many days before it the score began to warn.

    It warned on a day with the band "at risk" or with a chance of leaving within 90 days
    of at least twice the usual one. What counts is the first day of the last unbroken
    warning within 180 days before; None where it did not warn. Where nothing was shown in
    that time, scores of past days that were made later speak, and the second is true. A
    departure without any is left out. One query; it reads half a year of scores of each
    customer.
    """
    if not events:
        return {}
    days = [event.left_on for event in events]
    asked: dict[str, Any] = {
        "events": [event.pk for event in events],
        "customers": [event.customer_id for event in events],
        "days": days,
        "at_risk": Band.AT_RISK,
        "times": TIMES,
        "before": BEFORE,
        "backfill": RunKind.BACKFILL,
        # Constants, so that the planner leaves out partitions.
        "first": min(days) - dt.timedelta(days=BEFORE),
        "last": max(days),
    }
    with connection.cursor() as cursor:
        cursor.execute(WARNINGS, asked)
        # Those that were shown come last and count.
        return {event: (days, later) for event, later, days in cursor.fetchall()}
