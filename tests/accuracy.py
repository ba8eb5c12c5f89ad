"""A made-up past with scores, what was learnt of it, and the report of it.

Made once in a process: every test of the accuracy page shares it.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from health.calculations.accuracy.values import ValueReport, values_report
from health.calculations.accuracy.whole import Report, report_of
from health.calculations.churn.choosing import Method
from health.calculations.conformal import Ranges
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import Landmarks
from health.calculations.past_frames import PastFrames
from health.calculations.sum_ranges import Spread, SumDoubt
from tests.learnt import learnt_content, learnt_past

CALLS, SEED, RESAMPLES = 10, 0, 40
# Of sums, of which half is lost where leaving is e times as likely.
DOUBT = SumDoubt((7,), (0.1,), 0.2, factor=1.5)


@cache
def past() -> PastFrames:
    """This will score the made-up past: by its use, noisily; every twentieth unknown."""
    rows = learnt_past()
    lots = np.random.default_rng(9)
    used = np.nan_to_num(rows.features[:, rows.names.index("last_seen")], nan=0.5)
    score = np.clip(20 + 60 * used + lots.normal(0, 15, len(rows)), 0, 100)
    score[rows.customer % 20 == 0] = np.nan
    return scored(rows, score)


def scored(rows: Landmarks, score: np.ndarray[Any, Any]) -> PastFrames:
    """This will put scores beside rows, with bands as scorecards begin with."""
    bands = [np.isnan(score), score < 50, score < 70]
    band = np.select(bands, [0, 1, 2], default=3).astype(np.int16)
    nothing = np.zeros(len(rows))
    return PastFrames(
        rows=rows,
        tickets=nothing,
        earned=nothing,
        band=band,
        buyer=np.zeros(len(rows), dtype=bool),
        scores={"in_use": score},
    )


def without_model() -> ForecastContent:
    """This will return the same with the rates of the bands instead of a model."""
    return replace(learnt_content(), method=Method.BANDS, churn=None)


@cache
def values() -> ValueReport:
    """This will check a year's forecast of 200 customers of two plans."""
    lots = np.random.default_rng(3)
    expected = lots.uniform(500, 2_000, 200)
    realised = expected * lots.normal(0.95, 0.2, 200)
    ranges = Ranges(expected * 0.75, expected, expected * 1.25)
    plan = np.arange(200) % 2 + 7
    found = values_report(
        expected,
        ranges,
        realised,
        plan,
        realised < expected * 0.7,
        spread=Spread(plan, (0.2 * expected) ** 2, 0.5 * expected, DOUBT),
        resamples=40,
    )
    assert found
    return found


@cache
def report() -> Report:
    """This will measure the made-up past."""
    return report_of(
        past(),
        learnt_content(),
        reason="enough_left",
        calls=CALLS,
        seed=SEED,
        values=values(),
        resamples=RESAMPLES,
    )
