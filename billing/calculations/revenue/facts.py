"""What is known of customers beside their ledger."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.months import Array, last_day

# Months since the first payment from which on the next word counts.
TENURES = (3, 6, 12, 24, 36)
TENURE_WORDS = ("0", "3", "6", "12", "24", "36")
# What is told of a customer now, and what of every month.
STEADY = ("plan", "source", "persona", "owner")
KNOWN = ("segment", "stage")
# The order of the numbers of dimensions; never to be changed, only added to.
DIMENSIONS = ("", *KNOWN, *STEADY, "tenure", "reason")


@dataclass(frozen=True, slots=True)
class Profile:
    """Customers as they are now, by id; codes are places in `words` of the dimension."""

    customer: NDArray[np.int64]  # ascending
    codes: Mapping[str, NDArray[np.int64]]
    words: Mapping[str, tuple[str, ...]]

    def of(self, dimension: str, customers: Array) -> NDArray[np.int64]:
        """This will return the codes of customers, who must all be there."""
        return self.codes[dimension][np.searchsorted(self.customer, customers)]


@dataclass(frozen=True, slots=True)
class History:
    """What customers were taken for from a day on, by customer and day."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]  # the first day's end at which it was known
    codes: Mapping[str, NDArray[np.int64]]

    def of(
        self, dimension: str, customers: Array, months: Array, now: Array
    ) -> NDArray[np.int64]:
        """This will return the codes known at the ends of months.

        The first line also speaks for the time before it: it is as old as our knowledge.
        `now` stands for customers without a line.
        """
        if not len(self.customer):
            return np.asarray(now, dtype=np.int64)
        # Customer and day as one number that keeps the order.
        span = int(max(self.day.max(), last_day(months).max(initial=0))) + 2
        keys = self.customer * span + self.day
        last = np.searchsorted(keys, customers * span + last_day(months), "right") - 1
        first = np.searchsorted(self.customer, customers)
        place = np.clip(np.maximum(last, first), 0, len(keys) - 1)
        theirs = self.customer[place] == customers
        return np.where(theirs, self.codes[dimension][place], now)


@dataclass(frozen=True, slots=True)
class Departures:
    """Churn events, by customer and day; `reason` is a place in `words`."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    involuntary: NDArray[np.bool_]
    reason: NDArray[np.int64]
    words: tuple[str, ...]

    def near(self, customers: Array, days: Array, *, within: int) -> NDArray[np.int64]:
        """This will return the place of the nearest event of each; −1 for none near."""
        found = np.full(len(customers), -1, dtype=np.int64)
        if not len(self.customer):
            return found
        span = int(max(self.day.max(), days.max(initial=0))) + 1
        after = np.searchsorted(
            self.customer * span + self.day, customers * span + days
        )
        best = np.full(len(customers), within + 1, dtype=np.int64)
        for place in (after, after - 1):
            inside = np.clip(place, 0, len(self.customer) - 1)
            apart = np.abs(self.day[inside] - days)
            theirs = (self.customer[inside] == customers) & (apart < best)
            found[theirs], best[theirs] = inside[theirs], apart[theirs]
        return found


def tenure_codes(ages: Array) -> NDArray[np.int64]:
    """This will return the places in TENURE_WORDS of ages in months."""
    return np.searchsorted(TENURES, ages, side="right")
