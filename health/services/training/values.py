"""What versions of the forecasts say of twelve months, and what a year ago they would have.

The forecast that could have been made on a day of the past is made of the rows as they were
known then, with nothing borrowed from today but how firmly the regression is held.
"""

from dataclasses import dataclass, replace

import numpy as np

from health.calculations.churn.model import ChurnModel, Scores
from health.calculations.churn.training import HORIZON, Slope, fitted
from health.calculations.conformal import NONE, Ranges, Widening
from health.calculations.forecast import Economics, contribution_of
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import Landmarks
from health.calculations.past_frames import PastFrames
from health.calculations.sum_ranges import Spread, learn_doubt
from health.calculations.value_ranges import Worth, value_ranges
from health.calculations.year_check import (
    YEAR,
    YearCheck,
    day_before_years,
    realised,
)
from health.services.training.parts import Prior, parts_learnt

# Leavers without which even a borrowed strength teaches nothing.
LEAST_LEAVERS = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """The forecast of a year ago, its ranges as they would have been shown, and theirs now.

    `spread` is what ranges of sums would have been told with, `factor` how much further
    off sums were since.
    """

    check: YearCheck
    shown: Ranges
    was_widened: bool  # or the history was too short to have learnt that by then
    widening: Widening
    spread: Spread
    factor: float


def chances(content: ForecastContent, frames: PastFrames) -> Scores:
    """This will forecast who leaves within 90 days by a version, (n,) each."""
    if content.churn is None:
        return content.bands.score(frames.band)
    return content.churn.score(frames.rows)


def year_ahead(
    content: ForecastContent, frames: PastFrames, economics: Economics
) -> Worth:
    """This will value the next twelve months of n customers as a night would."""
    rows = frames.rows
    p = chances(content, frames).p
    return value_ranges(
        content.lifetimes.survival(rows, p, YEAR),
        contribution_of(rows, frames.tickets, content, economics),
        p,
        plan=rows.plan,
        discount_rate=economics.discount_rate,
    )


def year_checked(
    frames: PastFrames, *, churn: ChurnModel | None, prior: Prior, economics: Economics
) -> Checked | None:
    """This will check the forecast of a year ago; None where the history is too short.

    Cost: one fit of everything to the rows known a year ago, and one to those of two
    years ago where there are such.
    """
    check = _check(frames, 1, churn, prior, economics)
    if check is None:
        return None
    before = _check(frames, 2, churn, prior, economics)
    then = len(check.customer)
    known = NONE if before is None else before.widening(then)
    now = len(_newest(frames))
    then_factor = 1.0 if before is None else before.factor
    doubt = replace(check.spread.doubt, factor=then_factor)
    return Checked(
        check=check,
        shown=check.widened(known),
        was_widened=before is not None,
        widening=check.widening(now),
        spread=replace(check.spread, doubt=doubt),
        factor=check.factor,
    )


def _check(
    frames: PastFrames,
    years: int,
    churn: ChurnModel | None,
    prior: Prior,
    economics: Economics,
) -> YearCheck | None:
    day = day_before_years(frames, years)
    if day is None:
        return None
    known = frames.seen_until(day)
    now = frames.chosen((frames.rows.day == day) & (frames.rows.mrr > 0.0))
    if not len(now):
        return None
    content = parts_learnt(known, churn=refitted(churn, known.rows), prior=prior)
    worth = year_ahead(content, now, economics)
    return YearCheck(
        day=day,
        customer=now.rows.customer,
        plan=now.rows.plan,
        expected=worth.values.expected,
        staying=worth.values.staying,
        ranges=worth.ranges,
        realised=realised(frames, now, economics),
        spread=Spread(now.rows.plan, worth.own, worth.lever, learn_doubt(known.rows)),
    )


def refitted(model: ChurnModel | None, rows: Landmarks) -> ChurnModel | None:
    """This will fit a model's columns anew to rows, as firmly held as it is.

    None where there is no model, or where too few of the rows' customers left. What was
    measured of the model, and its comparable customers, stay those of the model.
    """
    if model is None:
        return None
    known = rows.chosen(rows.known_for(HORIZON))
    left = known.left_within(HORIZON)
    leavers = len(np.unique(known.customer[left]))
    if leavers < LEAST_LEAVERS or left.all():
        return None
    found = fitted(known, strength=model.strength, slope=Slope(), rounds=model.rounds)
    return replace(
        model,
        design=found.design,
        beta=tuple(found.beta.tolist()),
        covariance=tuple(map(tuple, found.covariance.tolist())),
        boosted=found.boosted,
        calibration=found.calibration,
        causes=found.causes,
        references=found.references,
        score_reference=found.score_reference,
    )


def _newest(frames: PastFrames) -> PastFrames:
    return frames.chosen(frames.rows.day == frames.rows.day.max(initial=0))
