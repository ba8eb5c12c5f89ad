"""Lines of the ledger with their worth in the company's currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from billing.calculations.ledger import Movements
from billing.calculations.revenue.months import Array
from billing.calculations.revenue.rates import Rates, in_own

NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN = KINDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Lines:
    """Movements and what they are worth: `converted` is 0 where `lacking` a rate.

    `currencies` are the names of the currencies' numbers.
    """

    moves: Movements
    currencies: tuple[str, ...]
    converted: NDArray[np.int64]
    lacking: NDArray[np.bool_]

    @classmethod
    def of(cls, moves: Movements, currencies: Sequence[str], rates: Rates) -> Self:
        """This will convert every line at the rate of its day."""
        found = rates.of(currencies, moves.currency, moves.day)
        return cls(
            moves=moves,
            currencies=tuple(currencies),
            converted=in_own(moves.amount, found),
            lacking=np.isnan(found),
        )

    def __len__(self) -> int:
        return len(self.moves)

    def take(self, which: Array) -> Self:
        """This will return the lines at these places."""
        return type(self)(
            self.moves.take(which),
            self.currencies,
            self.converted[which],
            self.lacking[which],
        )

    @property
    def firsts(self) -> NDArray[np.bool_]:
        """The first line of each customer and day: there customers are counted."""
        customer, day = self.moves.customer, self.moves.day
        changes = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        return np.append(True, changes)[: len(self)]

    def by_kind(self, amounts: Array) -> list[NDArray[np.int64]]:
        """This will spread amounts over a column per kind."""
        return [np.where(self.moves.kind == kind, amounts, 0) for kind in KINDS]

    def counts(self, counted: Array) -> list[NDArray[np.int64]]:
        """This will mark who is new, back and lost among the lines that count."""
        kind = self.moves.kind
        return [
            ((kind == which) & counted).astype(np.int64)
            for which in (NEW, REACTIVATION, CHURN)
        ]

    def without_rate(self) -> tuple[str, ...]:
        """This will name the currencies that lack a rate on some day."""
        codes = np.unique(self.moves.currency[self.lacking])
        return tuple(self.currencies[int(code)] for code in codes)
