"""Past frames of made-up companies, for tests."""

from typing import Any

import numpy as np

from health.calculations.landmarks import Landmarks
from health.calculations.past_frames import PastFrames


def frames_of(rows: Landmarks, **columns: Any) -> PastFrames:
    """This will put plain columns beside landmark rows: no tickets, healthy, no scores."""
    n = len(rows)
    plain: dict[str, Any] = {
        "tickets": np.zeros(n),
        "earned": np.zeros(n),
        "band": np.full(n, 3, dtype=np.int16),
        "buyer": np.zeros(n, dtype=bool),
        "scores": {"in_use": np.full(n, 80.0)},
    }
    return PastFrames(rows, **plain | columns)
