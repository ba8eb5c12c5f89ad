"""Amounts in the company's currency, at the rate of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.months import Array


@dataclass(frozen=True, slots=True)
class Rates:
    """Dated rates: what a unit of a currency is worth in the company's own, from a day on.

    `steps` holds, per currency, the days in ascending order and the rates from them on.
    """

    own: str
    steps: Mapping[str, tuple[Array, Array]]

    def on(self, currency: str, days: Array) -> NDArray[np.float64]:
        """This will return the rates of days; NaN where none is known by then."""
        if currency == self.own:
            return np.ones(len(days))
        since, rates = self.steps.get(currency, (np.zeros(0), np.zeros(0)))
        place = np.searchsorted(since, days, side="right") - 1
        return np.append(rates.astype(np.float64), np.nan)[place]

    def of(
        self, currencies: Sequence[str], codes: Array, days: Array
    ) -> NDArray[np.float64]:
        """This will return the rates of lines that each have a currency and a day."""
        found = np.full(len(codes), np.nan)
        for code, currency in enumerate(currencies):
            lines = codes == code
            found[lines] = self.on(currency, days[lines])
        return found


def in_own(cents: Array, rates: Array) -> NDArray[np.int64]:
    """This will convert cents, each rounded to the cent; 0 where there is no rate."""
    return np.asarray(np.rint(np.nan_to_num(cents * rates)), dtype=np.int64)
