"""What all parts of the simulation look at."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from demo.calculations.customers import Customer
from demo.calculations.grid import Grid
from demo.calculations.lives import History

GOOD, BAD = 0.5, -0.8


@dataclass(frozen=True)
class World:
    """The customers and their history, before it left any traces."""

    seed: int
    grid: Grid
    customers: list[Customer]
    history: History

    @cached_property
    def ends(self) -> list[int]:
        """This will return the first day on which each customer is no longer seen."""
        return [
            self.grid.days if life.left is None else life.left
            for life in self.history.lives
        ]

    def weeks_of(self, index: int) -> range:
        """This will return the weeks a customer was here to the end."""
        return range(self.customers[index].start // 7 + 1, self.ends[index] // 7)

    def mood(self, index: int, day: int) -> str:
        """This will say how a customer is doing: good, ok or bad."""
        z = self.history.z(index, day)
        return "good" if z > GOOD else "bad" if z < BAD else "ok"

    def date(self, day: int | None) -> str | None:
        """This will write a day as ISO, unless it has not come yet."""
        if day is None or day >= self.grid.days:
            return None
        return self.grid.date(day).isoformat()

    def moment(self, index: int, minutes: float) -> str | None:
        """This will write a moment, in minutes since the first day, in local time.

        None when it lies after the last simulated day.
        """
        if minutes >= self.grid.days * 1440:
            return None
        day, rest = divmod(int(minutes), 1440)
        time = dt.time(rest // 60, rest % 60)
        zone = ZoneInfo(self.customers[index].time_zone)
        return dt.datetime.combine(self.grid.date(day), time, zone).isoformat()

    def month_before(self, day: int) -> int:
        """This will return the number (0 to 11) of the month before a day's."""
        return (self.grid.date(day).month - 2) % 12
