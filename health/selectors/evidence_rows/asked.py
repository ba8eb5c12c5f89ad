"""What is asked of the rows, and what comes back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure of a customer on a day, and before when a fact had to be known.

    Windows are counted back from `last`, the source's last day on time.
    """

    customer_id: int
    key: str
    as_of: dt.date
    last: dt.date
    known: dt.datetime
    zone: ZoneInfo
    limit: int

    def days(self, count: int) -> dt.date:
        """This will return the first day of a window of so many days."""
        return self.last - dt.timedelta(days=count - 1)

    def start(self, count: int) -> dt.datetime:
        """This will return the moment a window of so many days begins."""
        return self.beginning(self.days(count))

    def beginning(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), tzinfo=self.zone)

    def day_of(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Behind:
    """Rows, newest first, and how many there are. Without a first day: since ever."""

    kind: str
    rows: list[Any]
    total: int
    first: dt.date | None = None


def newest(asked: Asked, rows: models.QuerySet[Any]) -> tuple[list[Any], int]:
    """This will read the newest rows, and count them only where some are left out."""
    found = list(rows[: asked.limit + 1])
    if len(found) <= asked.limit:
        return found, len(found)
    return found[: asked.limit], rows.count()
