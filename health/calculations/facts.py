"""Columns of facts about customers, and how measures read them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

# Column name to an array with one value per customer; −1 marks "none" (see COLUMNS of
# the statement that fills them).
Facts = dict[str, NDArray[Any]]


def missing(column: NDArray[Any], mark: float = -1.0) -> Floats:
    """This will return a column as floats with NaN where the facts say "none"."""
    values = column.astype(np.float64)
    return np.where(values == mark, np.nan, values)


def ratio(now: Floats, before: Floats, used: NDArray[np.bool_]) -> Floats:
    """This will return now / before; nothing before and now is 0, a return counts as 1.

    NaN for customers without any usage on record.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(before > 0, now / before, np.where(now > 0, 1.0, 0.0))
    return np.where(used, value, np.nan)
