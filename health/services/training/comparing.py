"""A new version beside the one before it, on customers neither has learnt from.

Tried are the days after those that the version before learnt from. It faces what the new
one would be had it learnt only from what the version before could know: the same features
and the same firmness, fitted to the rows whose 90 days were over by then. So both forecast
the same customers, and neither has seen what became of them.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from health.calculations.accuracy.probability import log_loss
from health.calculations.accuracy.report import auc_difference
from health.calculations.accuracy.resampling import (
    cases_of,
    differences,
)
from health.calculations.backtest import FEW, Range
from health.calculations.churn.challenger import AREA_MATTERS, LOSS_MATTERS
from health.calculations.churn.grid import apart
from health.calculations.churn.training import HORIZON
from health.calculations.forecast_content import ForecastContent
from health.calculations.past_frames import PastFrames
from health.calculations.scoring import Floats
from health.enums import Verdict
from health.services.training.learning import SEED
from health.services.training.parts import Prior, rates_learnt
from health.services.training.values import chances, refitted

# Worse in one and better in the other is neither.
VERDICTS = {1: Verdict.BETTER, 0: Verdict.LIKE, -1: Verdict.WORSE}
# Why a version could not be compared with the one before it.
NO_VERSION, OTHER_FEATURES, TOO_FEW = "no_version", "other_features", "too_few"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison came to. Ranges are of the new one less the one before."""

    verdict: Verdict
    why: str = ""  # there was nothing to compare
    number: int | None = None  # of the version before
    cases: int = 0
    leavers: int = 0
    loss: Range | None = None  # mean log-loss: below 0 the new one is better
    auc: Range | None = None  # above 0 the new one is better

    def as_json(self) -> dict[str, Any]:
        """This will return what a version's summary keeps of it."""
        return asdict(self) | {"verdict": self.verdict.value}


def compared(
    new: ForecastContent,
    before: ForecastContent,
    *,
    frames: PastFrames,
    number: int,
    day: int,
    prior: Prior,
) -> Compared:
    """This will compare a new version with version `number`, learnt until a day.

    `day` is in days since 2000-01-01. Better or worse it is by the order (area under the
    curve) or by the chances themselves (log-loss), where the range of the difference
    leaves 0 out. Cost: one fit, one pass per resample.
    """
    if _strange(before, frames):
        return Compared(Verdict.BETTER, OTHER_FEATURES, number)
    tried = _tried(frames, day)
    cases = cases_of(tried.rows, HORIZON)
    known: dict[str, Any] = {
        "number": number,
        "cases": len(cases),
        "leavers": int(cases.left.sum()),
    }
    if cases.left.sum() < FEW or cases.left.all():
        return Compared(Verdict.LIKE, TOO_FEW, **known)
    then = frames.chosen(frames.rows.labelled_before(day, HORIZON))
    ours, theirs = (
        _twin(new, then, tried, prior),
        chances(before, tried).p,
    )
    ours_lost, theirs_lost = (log_loss(p, cases.left) for p in (ours, theirs))
    (loss,) = differences(ours_lost, [theirs_lost], cases.customer, seed=SEED)
    usual = float(theirs_lost(np.ones((1, len(cases))))[0])
    area = auc_difference(cases, ours, theirs, seed=SEED)
    gain = _sign(area, AREA_MATTERS) - _sign(loss, LOSS_MATTERS * usual)
    return Compared(VERDICTS[np.sign(gain)], loss=loss, auc=area, **known)


def _twin(
    new: ForecastContent, then: PastFrames, tried: PastFrames, prior: Prior
) -> Floats:
    """This will forecast as the new version would, had it learnt from `then` alone."""
    model = refitted(new.churn, then.rows)
    if model is None:
        return rates_learnt(then, prior)[0].score(tried.band).p
    return model.score(tried.rows).p


def _strange(before: ForecastContent, frames: PastFrames) -> bool:
    """This will say whether the version before knows other features than there are now."""
    return before.churn is not None and before.churn.design.names != frames.rows.names


def _tried(frames: PastFrames, day: int) -> PastFrames:
    """This will keep days that a version learnt until a day could not learn from.

    Their 90 days are over now and were not then, and do not overlap.
    """
    rows = frames.rows
    new = frames.chosen(
        rows.known_for(HORIZON) & (rows.day.astype(int) + HORIZON > day)
    )
    return new.chosen(np.isin(new.rows.day, apart(new.rows.day, horizon=HORIZON)))


def _sign(found: Range | None, matters: float) -> int:
    """This will say whether a difference is clearly above 0 (1), below (−1), or neither."""
    if found is None or abs(found.value) < matters or found.low <= 0.0 <= found.high:
        return 0
    return 1 if found.value > 0.0 else -1
