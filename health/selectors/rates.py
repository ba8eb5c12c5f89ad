"""What happened after past scores: the counts behind every rate."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from health.selectors.frame import Moment

LABEL_DAYS = 90
HAZARD_WINDOW_DAYS = 730
DAYS_IN_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of the customers scored into a band, how many left within 90 days."""

    customers: int
    left: int


def label_days(moment: Moment) -> list[dt.date]:
    """This will return past score days at least 90 days apart whose outcome is known.

    The windows do not overlap, so that no departure is counted twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            # A scalar, for a join would read all scores: the partition of a day is
            # found by its day, and its first row tells that it was not thinned out.
            "SELECT DISTINCT as_of FROM health_run r"
            " WHERE state = 'done' AND as_of <= %s AND (SELECT 1 FROM health_score s"
            " WHERE s.as_of = r.as_of LIMIT 1) IS NOT NULL ORDER BY as_of DESC",
            [moment.as_of - dt.timedelta(days=LABEL_DAYS)],
        )
        days = [row[0] for row in cursor.fetchall()]
    chosen: list[dt.date] = []
    for day in days:
        if not chosen or (chosen[-1] - day).days >= LABEL_DAYS:
            chosen.append(day)
    return chosen


def band_outcomes(moment: Moment) -> dict[int, Outcomes]:
    """This will count, per band, customers at past score days and those who then left.

    A customer counts as left when a churn event, known by now, falls in the 90 days
    after the score. Cost: one statement over the chosen days' scores.
    """
    days = label_days(moment)
    if not days:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.band, count(*), count(*) FILTER (WHERE EXISTS (
                SELECT FROM billing_churnevent e
                 WHERE e.customer_id = s.customer_id
                   AND e.left_on > s.as_of AND e.left_on <= s.as_of + %(label)s
                   AND e.recorded_at < %(known)s))
              FROM health_score s WHERE s.as_of = ANY(%(days)s)
             GROUP BY s.band
            """,
            {"label": LABEL_DAYS, "known": moment.known_before, "days": days},
        )
        return {band: Outcomes(n, left) for band, n, left in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Exposure:
    """Months that customers of a segment were with us, and how often they left."""

    months: float
    left: int


def segment_exposures(moment: Moment) -> dict[int, Exposure]:
    """This will return the last two years' customer-months and leavers per segment.

    A customer is exposed from its start (or the window's) to its last departure (or the
    day). Segment 0 is "none". Cost: one pass over customers and churn events.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(c.segment_id, 0),
                   sum(greatest(0, least(coalesce(e.last_left, %(as_of)s), %(as_of)s)
                     - greatest(c.customer_since, %(as_of)s - %(window)s))) / %(month)s,
                   coalesce(sum(e.left_count), 0)
              FROM customers_customer c
              LEFT JOIN (
                SELECT e.customer_id,
                       count(*) FILTER (WHERE e.left_on > %(as_of)s - %(window)s)
                         AS left_count,
                       CASE WHEN max(s.started_on) > max(e.left_on) THEN NULL
                            ELSE max(e.left_on) END AS last_left
                  FROM billing_churnevent e
                  LEFT JOIN (SELECT customer_id, max(started_on) AS started_on
                               FROM billing_subscription
                              WHERE started_on <= %(as_of)s AND recorded_at < %(known)s
                              GROUP BY customer_id) s USING (customer_id)
                 WHERE e.left_on <= %(as_of)s AND e.recorded_at < %(known)s
                 GROUP BY e.customer_id
              ) e ON e.customer_id = c.id
             WHERE c.customer_since <= %(as_of)s AND c.recorded_at < %(known)s
             GROUP BY 1
            """,
            {
                "as_of": moment.as_of,
                "known": moment.known_before,
                "window": HAZARD_WINDOW_DAYS,
                "month": DAYS_IN_MONTH,
            },
        )
        return {
            segment: Exposure(float(months), int(left))
            for segment, months, left in cursor.fetchall()
        }
