"""Forgetting days: daily for 90 days, then one a week."""

import datetime as dt

from django.db import OperationalError, transaction

from common.partitions import day_partition_drop
from health.enums import RunKind
from health.models import Run, ValuePath
from health.selectors.history import stored_days
from health.services.tables_sql import SCORES, briefly

KEPT_DAILY = dt.timedelta(days=90)


def days_to_thin(
    days: list[dt.date], *, newest: dt.date, month_ends: set[dt.date]
) -> list[dt.date]:
    """This will list the stored days that may go, oldest first.

    Of a week (Monday to Sunday) more than 90 days back the newest day stays, and so do
    the given month ends.
    """
    old = [day for day in days if day < newest - KEPT_DAILY]
    last = {day.isocalendar()[:2]: day for day in sorted(days)}
    return [
        day
        for day in sorted(old)
        if day != last[day.isocalendar()[:2]] and day not in month_ends
    ]


def scores_thin(*, newest: dt.date) -> list[dt.date]:
    """This will drop the days of scores that need not be kept and return them.

    A day that somebody reads just now is left for the next night. Runs stay.
    """
    month_ends, dropped = _month_ends(), []
    for day in days_to_thin(stored_days(), newest=newest, month_ends=month_ends):
        try:
            with transaction.atomic():
                briefly()
                day_partition_drop(table=SCORES, day=day)
        except OperationalError:
            break
        dropped.append(day)
    return dropped


def value_paths_thin(*, newest: dt.date) -> int:
    """This will forget paths of the days that need not be kept; how many rows they were."""
    stored = ValuePath.objects.order_by("as_of").values_list("as_of", flat=True)
    days = days_to_thin(
        list(stored.distinct()), newest=newest, month_ends=_month_ends()
    )
    deleted, _models = ValuePath.objects.filter(as_of__in=days).delete()
    return deleted


def _month_ends() -> set[dt.date]:
    """This will return the ends of months that were scored after the fact."""
    filled = Run.objects.filter(kind=RunKind.BACKFILL).order_by()
    past = set(filled.values_list("as_of", flat=True))
    return {day for day in past if (day + dt.timedelta(days=1)).day == 1}
