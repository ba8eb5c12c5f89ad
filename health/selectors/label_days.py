"""Past days whose outcome is known."""

import datetime as dt

from django.db import connection

from health.selectors.frame import Moment

LABEL_DAYS = 90


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
