"""The chance of leaving by the band of the score, for when few or none have left."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.model import Scores
from health.calculations.rates import Estimate, shrunken_share

# Imagined leavers who confirm the scorecard's assumption about the whole.
FAITH = 5.0
MOST = 0.95


@dataclass(frozen=True, slots=True)
class BandRates:
    """Rates by band, numbered from 0 (unknown); `involuntary` is a share of leavers."""

    rates: tuple[Estimate, ...]
    involuntary: float

    def score(self, band: NDArray[np.integer[Any]]) -> Scores:
        """This will give each of n customers its band's rate and interval."""
        rate, low, high = (
            np.array([getattr(one, name) for one in self.rates])[band]
            for name in ("rate", "low", "high")
        )
        failed = rate * self.involuntary
        chosen = rate - failed
        return Scores(chosen + failed, low, high, chosen, failed)

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back without losing a bit."""
        found: dict[str, Any] = to_json(self)
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote."""
        return from_json(cls, data)


def band_rates(
    band: Ints, left: Bools, involuntary: Bools, *, prior: tuple[float, ...]
) -> BandRates:
    """This will learn rates from n cases, one for each band of `prior`.

    `prior` are the rates the scorecard assumes, over 0; each is moved by what the company
    saw in all, then by what it saw in the band (a Beta prior: `rates.shrunken_share`).
    Without cases it is the prior, with the interval of as weak an assumption. Cases must
    be of days whose windows do not overlap.
    """
    cases = np.bincount(band, minlength=len(prior))
    leavers = np.bincount(band[left], minlength=len(prior))
    assumed = np.array(prior)
    expected = float(assumed[band].sum())
    # So many times as many left as assumed, with imagined leavers who say: as many.
    ratio = (float(left.sum()) + FAITH) / (expected + FAITH)
    towards = np.minimum(MOST, assumed * ratio)
    few = int((left & involuntary).sum())
    return BandRates(
        tuple(
            shrunken_share(int(k), int(n), towards=float(mean))
            for k, n, mean in zip(leavers, cases, towards, strict=True)
        ),
        (few + 0.5) / (int(left.sum()) + 1.0),
    )
