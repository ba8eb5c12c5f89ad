"""Which method the events allow."""

import numpy as np
import pytest

from health.calculations.churn.choosing import Choice, choose
from health.calculations.landmarks import STAYED
from tests.health.calculations.churn.made import rows_of


def history(leavers: int, stayers: int, *, observed: int = 90):
    """This will make customers on two days each, of whom some left after the second."""
    size = leavers + stayers
    after = np.where(np.arange(size) < leavers, 60, STAYED).astype(np.int32)
    return rows_of(
        customer=np.tile(np.arange(size), 2),
        left_after=np.tile(after, 2),
        observed=np.full(2 * size, observed, dtype=np.int32),
    )


@pytest.mark.parametrize(
    ("rows", "choice"),
    [
        (history(60, 40, observed=89), Choice("prior", "no_history", 0, 0)),
        (history(0, 40), Choice("bands", "nobody_left", 40, 0)),
        (history(49, 40), Choice("bands", "few_left", 89, 49)),
        (history(50, 40), Choice("logistic", "enough_left", 90, 50)),
        (history(50, 0), Choice("bands", "nobody_stayed", 50, 50)),
    ],
)
def test_the_method_and_its_reason(rows, choice: Choice) -> None:
    assert choose(rows, horizon=90) == choice
