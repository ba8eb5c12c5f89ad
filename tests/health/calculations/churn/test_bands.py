"""Rates of bands: the scorecard's assumption, moved by what was seen."""

import json

import numpy as np
import pytest

from health.calculations.churn.bands import MOST, BandRates, band_rates
from health.calculations.rates import shrunken_share

PRIOR = (0.06, 0.2, 0.1, 0.03)
NOBODY = np.zeros(0, dtype=bool)


def test_without_cases_it_is_the_assumption() -> None:
    found = band_rates(np.zeros(0, dtype=np.int64), NOBODY, NOBODY, prior=PRIOR)
    assert [one.rate for one in found.rates] == pytest.approx(PRIOR)
    assert found.rates[1] == shrunken_share(0, 0, towards=0.2)
    assert found.involuntary == 0.5


def test_the_whole_moves_all_bands_and_each_moves_itself() -> None:
    """100 in each band; assumed 39 leave; 83 do: (83 + 5)/(39 + 5) = twice as many."""
    band = np.repeat(np.arange(4), 100)
    left = np.arange(400) % 100 < np.repeat([20, 40, 17, 6], 100)
    found = band_rates(band, left, left & (np.arange(400) % 4 == 0), prior=PRIOR)
    assert found.rates == tuple(
        shrunken_share(k, 100, towards=mean)
        for k, mean in zip((20, 40, 17, 6), (0.12, 0.4, 0.2, 0.06), strict=True)
    )
    assert found.involuntary == pytest.approx((22 + 0.5) / 84)


def test_no_rate_is_pulled_to_a_certainty() -> None:
    left = np.ones(50, dtype=bool)
    found = band_rates(np.full(50, 1), left, ~left, prior=(0.1, 0.5, 0.9, 0.1))
    assert found.rates[2] == shrunken_share(0, 0, towards=MOST)


def test_parts_add_up_and_survive_storage() -> None:
    band = np.repeat(np.arange(4), 100)
    left = np.arange(400) % 7 == 0
    found = band_rates(band, left, np.arange(400) % 21 == 0, prior=PRIOR)
    assert BandRates.from_json(json.loads(json.dumps(found.as_json()))) == found
    scores = found.score(np.array([3, 1, 1]))
    assert scores.p.tolist() == pytest.approx([found.rates[i].rate for i in (3, 1, 1)])
    assert (scores.voluntary + scores.involuntary == scores.p).all()
    assert (scores.low < scores.p).all()
    assert (scores.p < scores.high).all()
