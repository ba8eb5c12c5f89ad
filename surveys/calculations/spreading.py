"""When it is whose turn, in a survey that comes back every so many days.

Every customer has one date of its own in every cycle. Multiples of the golden ratio, taken
without their whole part, fill the space between 0 and 1 evenly however many there are (the
"three distance" theorem; Knuth, The Art of Computer Programming, volume 3, 6.4), so the
customers 1 to n spread evenly over the cycle's working days, and so do those who come later.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

GOLDEN = (sqrt(5) - 1) / 2
# Surveys begin at different places, so that a customer's dates in two of them differ.
SHIFT = sqrt(2) - 1
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of a survey: its number from 0 on and the days on which people are asked."""

    number: int
    days: tuple[dt.date, ...]

    def day_of(self, customer: int, *, survey: int) -> dt.date:
        """This will return a customer's own date in this cycle."""
        return self.days[int(_place(customer, survey) * len(self.days))]


def cycle_at(
    day: dt.date,
    *,
    starts_on: dt.date,
    every: int,
    weekdays: Collection[int],
    holidays: Collection[dt.date] = (),
) -> Cycle | None:
    """This will return the cycle that contains a day; None before the first begins.

    `weekdays` are ISO numbers. A cycle without a working day is asked on all its days.
    """
    if day < starts_on:
        return None
    number = (day - starts_on).days // every
    first = starts_on + number * every * DAY
    days = [first + ahead * DAY for ahead in range(every)]
    free = set(holidays)
    working = [one for one in days if one.isoweekday() in weekdays and one not in free]
    return Cycle(number, tuple(working or days))


def turns_between(
    customers: Iterable[int],
    cycle: Cycle,
    *,
    survey: int,
    first: dt.date,
    last: dt.date,
) -> Iterator[tuple[int, dt.date]]:
    """This will yield the customers whose date lies in a range of days, and the date."""
    for customer in customers:
        day = cycle.day_of(customer, survey=survey)
        if first <= day <= last:
            yield customer, day


def _place(customer: int, survey: int) -> float:
    return (customer * GOLDEN + survey * SHIFT) % 1.0
