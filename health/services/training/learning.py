"""From the rows of past days to what a version holds. Pure arithmetic, no database.

Every lot drawn comes from one seed, so the same past always gives the same version.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from health.calculations.accuracy.resampling import RESAMPLES
from health.calculations.churn.choosing import Choice, Method, choose
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.threads import one_thread
from health.calculations.churn.training import HORIZON, UnableToLearn, train
from health.calculations.churn.validation import STRENGTHS
from health.calculations.forecast import Economics
from health.calculations.forecast_content import ForecastContent
from health.calculations.past_frames import PastFrames
from health.features import contract_features
from health.services.training.parts import Prior, parts_learnt
from health.services.training.values import Checked, year_checked

SEED = 20_261_122
# Told before each stage, so that whoever waits is told, and a lease kept.
Step = Callable[[str], None]
LEAVERS, LIFETIMES, YEAR_AGO = "leavers", "lifetimes", "year_ago"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried; tests try less."""

    resamples: int = RESAMPLES
    strengths: tuple[float, ...] = STRENGTHS


FULL = Effort()


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, why that way, and last year's forecasts beside what came in."""

    content: ForecastContent
    choice: Choice
    checked: Checked | None


def learned(
    frames: PastFrames,
    *,
    prior: Prior,
    economics: Economics,
    calls: int,
    step: Step = lambda _stage: None,
    effort: Effort | None = None,
) -> Learnt:
    """This will learn a version from rows, at least one.

    `prior` is what the scorecard assumes of each band, `calls` how many customers a day
    can be called. Cost: that of `churn.training.train`, and three fits of lifetimes; up
    to minutes for 600,000 rows.
    """
    with one_thread():
        step(LEAVERS)
        choice = choose(frames.rows, horizon=HORIZON)
        churn = _model(frames, choice, calls, effort or FULL)
        step(LIFETIMES)
        content = parts_learnt(frames, churn=churn, prior=prior)
        step(YEAR_AGO)
        found = year_checked(frames, churn=churn, prior=prior, economics=economics)
    if found is not None:
        sums = content.sums and replace(content.sums, factor=found.factor)
        content = replace(content, widening=found.widening, sums=sums)
    return Learnt(content, choice, found)


def _model(
    frames: PastFrames, choice: Choice, calls: int, effort: Effort
) -> ChurnModel | None:
    if choice.method is not Method.LOGISTIC:
        return None
    try:
        return train(
            frames.rows,
            calls=calls,
            seed=SEED,
            resamples=effort.resamples,
            strengths=effort.strengths,
            contract=contract_features(),
        )
    except UnableToLearn:
        return None  # Those who left are all in one fold; the bands know as much.
