"""Shrunken rates against closed forms."""

import pytest
from scipy.stats import beta

from health.calculations.rates import shrunken_share


def test_share_is_the_mean_of_the_beta_posterior() -> None:
    """Prior Beta(2, 18) from strength 20 and 0.1; 8 of 60 left: mean 10/80."""
    got = shrunken_share(8, 60, towards=0.1)
    assert got.rate == pytest.approx(0.125)
    assert got.low == pytest.approx(beta.ppf(0.1, 10, 70))
    assert got.high == pytest.approx(beta.ppf(0.9, 10, 70))
    assert (got.events, got.exposure) == (8, 60.0)


def test_without_observations_the_share_is_the_prior() -> None:
    assert shrunken_share(0, 0, towards=0.15).rate == pytest.approx(0.15)


def test_a_group_without_departures_is_not_immortal() -> None:
    """Half an event's worth of prior at least: strength 0.5/0.001 = 500."""
    got = shrunken_share(0, 1000, towards=0.001)
    assert got.rate == pytest.approx(0.5 / 1500)
    assert got.low > 0


def test_more_observations_narrow_the_range() -> None:
    few, many = (shrunken_share(n // 10, n, towards=0.1) for n in (50, 5000))
    assert many.high - many.low < few.high - few.low
