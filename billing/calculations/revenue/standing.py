"""What customers paid at the ends of months, as tables of customers by months."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.cells import tallied
from billing.calculations.revenue.lines import CHURN, Lines
from billing.calculations.revenue.months import last_day, month_of
from billing.calculations.revenue.rates import Rates, in_own

YEAR = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """Customers (n) by months (m) from `first` on; amounts are cents of the own currency.

    `closing` is at the rate of the month's end, `at_old_rate` what is paid at the rate of
    twelve months before, so that rates keep or lose nobody. `left` counts departures.
    """

    customer: NDArray[np.int64]
    first: int
    won: NDArray[np.int64]  # the month of the first movement, from `first` on
    closing: NDArray[np.int64]
    at_old_rate: NDArray[np.int64]
    left: NDArray[np.int64]

    @classmethod
    def of(cls, lines: Lines, rates: Rates, *, until: int) -> Self:
        """This will follow some customers' lines (one at least) from month to month."""
        moves = lines.moves
        month = month_of(moves.day)
        first = int(month.min())
        months = int(month_of(np.array([until]))[0]) - first + 1
        customer, who = np.unique(moves.customer, return_inverse=True)
        size = len(lines.currencies)
        pair, which = np.unique(who * size + moves.currency, return_inverse=True)
        place = which * months + month - first
        flows = tallied(place, [moves.amount], len(pair) * months)
        paid = np.cumsum(flows.reshape(len(pair), months), axis=1)
        ends = np.minimum(last_day(first + np.arange(months)), until)
        table = np.stack([rates.on(one, ends) for one in lines.currencies])
        rate = table[pair % size]
        starts = np.searchsorted(pair // size, np.arange(len(customer)))
        old = np.concatenate([np.ones((len(pair), min(YEAR, months))), rate], axis=1)
        gone = (moves.kind == CHURN) & lines.firsts
        place = who * months + month - first
        left = tallied(place, [gone], len(customer) * months)
        begins = np.searchsorted(moves.customer, customer)
        return cls(
            customer=customer,
            first=first,
            won=month[begins] - first,
            closing=np.add.reduceat(in_own(paid, rate), starts, axis=0),
            at_old_rate=np.add.reduceat(in_own(paid, old[:, :months]), starts, axis=0),
            left=np.cumsum(left.reshape(-1, months), axis=1),
        )

    @property
    def months(self) -> int:
        return int(self.closing.shape[1])

    def opening(self) -> NDArray[np.int64]:
        """This will return what was paid at the end of the month before."""
        return _later(self.closing, 1)

    def kept(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """This will return what was paid a year ago and what is kept of it.

        With what those customers pay more now, and without; who left in between keeps
        nothing, back or not.
        """
        ago = _later(self.closing, YEAR)
        stayed = (self.left == _later(self.left, YEAR)) & (ago > 0)
        now = np.where(stayed, self.at_old_rate, 0)
        return ago, now, np.minimum(now, ago)


def _later(table: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    """This will move a table some months on; 0 before its beginning."""
    moved = np.zeros_like(table)
    moved[:, months:] = table[:, : max(0, table.shape[1] - months)]
    return moved
