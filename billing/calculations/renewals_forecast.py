"""What renewals will bring: due, won, expected, and how sure that is.

A renewal that is over counts with what it came to, one still open with its amount times
the chance that the customer stays. The range is that of a sum of independent yes-or-no
decisions (the Poisson binomial distribution, whose variance is Σ a²·p·(1 − p)), taken as
normal: 8 of 10 cases lie within 1.2816 standard deviations. Nothing goes beyond what is
due, or below what is won.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

# Of the standard normal distribution, at 90 %.
Z80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class DaySum:
    """The renewals of a day, summed, in one currency.

    Of those still open with a chance p: `open_due` Σ a, `expected` Σ a·p and `variance`
    Σ a²·p·(1 − p); of those without one `blind` Σ a and `blind_squares` Σ a².
    """

    day: dt.date
    count: int
    due: float
    won: float
    open_due: float
    expected: float
    variance: float
    blind: float = 0.0
    blind_squares: float = 0.0

    def as_json(self) -> list[Any]:
        """This will return what `from_json` reads."""
        return [
            self.day.isoformat(),
            self.count,
            *(getattr(self, name) for name in self.__slots__[2:]),
        ]

    @classmethod
    def from_json(cls, told: Sequence[Any]) -> Self:
        """This will read what `as_json` returned."""
        day, count, *amounts = told
        return cls(dt.date.fromisoformat(day), int(count), *map(float, amounts))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What renewals come to. `expected`, `low` and `high` hold `won`.

    They are None where there is something open and nothing is foreseen of any of it.
    """

    count: int
    due: float
    won: float
    expected: float | None
    low: float | None
    high: float | None
    # The part of `due` without a chance of its own; it counts with that of the others.
    blind: float


def outlook(sums: Iterable[DaySum]) -> Outlook:
    """This will put days together.

    An open renewal of which nothing is foreseen gets the mean chance of the others, by
    amount.
    """
    rows = list(sums)
    count = sum(row.count for row in rows)
    due, won, open_due, expected, variance, blind, squares = (
        math.fsum(getattr(row, name) for row in rows) for name in DaySum.__slots__[2:]
    )
    if blind > 0:
        if open_due <= 0:
            return Outlook(count, due, won, None, None, None, blind)
        share = expected / open_due
        expected += blind * share
        variance += squares * share * (1.0 - share)
    most = max(due, won)
    likely = min(won + expected, most)
    spread = Z80 * math.sqrt(max(variance, 0.0))
    return Outlook(
        count=count,
        due=due,
        won=won,
        expected=likely,
        low=max(won, likely - spread),
        high=min(most, likely + spread),
        blind=blind,
    )


def within(sums: Iterable[DaySum], first: dt.date, last: dt.date) -> list[DaySum]:
    """This will keep the days from the first to the last."""
    return [row for row in sums if first <= row.day <= last]


def by_month(
    sums: Sequence[DaySum], first: dt.date, months: int
) -> list[tuple[dt.date, Outlook]]:
    """This will put days together by calendar month, from the month of a day on."""
    begin = first.year * 12 + first.month - 1
    starts = [
        dt.date(index // 12, index % 12 + 1, 1)
        for index in range(begin, begin + months)
    ]
    return [
        (
            start,
            outlook(
                row
                for row in sums
                if (row.day.year, row.day.month) == start.timetuple()[:2]
            ),
        )
        for start in starts
    ]
