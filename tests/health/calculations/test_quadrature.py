"""Means over beta distributions against their closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import beta as area
from scipy.special import betaln

from health.calculations.quadrature import beta_points

SHAPES = st.floats(0.01, 1000.0)


@given(SHAPES, SHAPES, st.integers(2, 12))
def test_moments_are_exact(a: float, b: float, count: int) -> None:
    points, weights = beta_points(a, np.array([b, b + 1.0]), count)
    assert points.shape == weights.shape == (2, count)
    assert np.all((points > 0) & (points <= 1))
    k = np.arange(2 * count)
    for row, other in enumerate((b, b + 1.0)):
        got = weights[row] @ points[row][:, None] ** k
        want = np.exp(betaln(a + k, other) - betaln(a, other))
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.25, 0.75), (1.0, 1.0), (1.5, 0.5)])
def test_where_the_recurrence_has_gaps(a: float, b: float) -> None:
    """With a + b of 1 or 2 a factor is 0 / 0. E 1/(1+p) by a fine sum."""
    points, weights = beta_points(a, np.array([b]), 30)
    p = (np.arange(200_000) + 0.5) / 200_000
    # Substituting p = sin² takes the infinite density at both ends away.
    t = p * np.pi / 2
    density = 2 * np.sin(t) ** (2 * a - 1) * np.cos(t) ** (2 * b - 1) / area(a, b)
    want = (density / (1 + np.sin(t) ** 2)).mean() * np.pi / 2
    assert float(weights[0] @ (1 / (1 + points[0]))) == pytest.approx(want, rel=1e-3)
    assert float(weights[0] @ points[0]) == pytest.approx(a / (a + b))
