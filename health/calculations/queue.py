"""In which order customers need somebody."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FAR, NEAR = 180.0, 30.0


def urgency(days_to_renewal: Floats) -> Floats:
    """This will return 1 with 180 or more days to the renewal (or none known: NaN),

    rising in a straight line to 2 at 30 days or fewer.
    """
    nearness = np.clip((FAR - days_to_renewal) / (FAR - NEAR), 0.0, 1.0)
    return 1.0 + np.where(np.isnan(days_to_renewal), 0.0, nearness)


def is_at_risk(
    band: NDArray[np.int16], churn: Floats, base_rate: float
) -> NDArray[np.bool_]:
    """This will be true for the band "at risk" and for twice the company's base rate."""
    flagged: NDArray[np.bool_] = (band == 1) | (churn >= 2.0 * base_rate)
    return flagged
