"""Everything that is said about one forecast, and about one beside another."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from health.calculations.accuracy.calling import (
    lead_times,
    lift,
    median_lead,
    precision,
    recall,
    revenue_caught,
)
from health.calculations.accuracy.curve import (
    Bin,
    CalibrationError,
    calibration_curve,
    calibration_error,
)
from health.calculations.accuracy.probability import (
    brier,
    calibration_intercept,
    calibration_slope,
    skill,
)
from health.calculations.accuracy.ranking import auc, average_precision
from health.calculations.accuracy.resampling import (
    RESAMPLES,
    Bools,
    Cases,
    Ints,
    differences,
    ranges,
)
from health.calculations.backtest import FEW, Range
from health.calculations.scoring import Floats

CHANCE = 0.5
# A score that says the same of everybody is 0.5 but for rounding.
ROUNDING = 1e-9


class Verdict(StrEnum):
    """What an area under the curve and its range allow to be said."""

    FEW = "few"  # too few left to say anything
    CHANCE = "chance"  # no better than chance: the range holds 0.5
    SIGNAL = "signal"
    REVERSED = "reversed"  # worse than chance: leavers are ranked below stayers


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well a score puts leavers first; any score will do, the revenue for one.

    Ranges hold 95 %; None where there is nothing to measure. Customers are compared and
    called within a day.
    """

    cases: int  # customers on days
    customers: int
    leavers: int
    calls: int  # a day
    auc: Range | None
    average_precision: Range | None
    lift: Range | None  # of the top 10 %
    precision: Range | None  # among the calls
    recall: Range | None
    revenue: Range | None  # share of the revenue that left which was among the calls
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How right probabilities are; ranges hold 95 %."""

    brier: Range | None
    skill: Range | None
    slope: Range | None
    intercept: Range | None
    curve: tuple[Bin, ...]
    error: CalibrationError | None


@dataclass(frozen=True, slots=True)
class Lead:
    """How many days before leaving a customer turned red."""

    days: Range | None  # median
    warned: int
    leavers: int


def ranked(
    cases: Cases,
    score: Floats,
    *,
    calls: int,
    seed: int,
    resamples: int = RESAMPLES,
) -> Ranked:
    """This will measure a score that is higher where leaving is likelier."""
    left, day = cases.left, cases.day
    figures = [
        auc(score, left, day),
        average_precision(score, left),
        lift(score, left, day),
        precision(score, left, day, calls),
        recall(score, left, day, calls),
        revenue_caught(score, left, cases.mrr, day, calls),
    ]
    found = ranges(figures, cases.customer, seed=seed, resamples=resamples)
    area, average, lifted, precise, recalled, revenue = found
    return Ranked(
        len(cases),
        len(np.unique(cases.customer)),
        int(left.sum()),
        calls,
        area,
        average,
        lifted,
        precise,
        recalled,
        revenue,
        verdict(area, int(left.sum())),
    )


def calibrated(
    cases: Cases, p: Floats, *, seed: int, resamples: int = RESAMPLES
) -> Calibrated:
    """This will compare probabilities (n,) with what happened."""
    left = cases.left
    figures = [
        measure(p, left)
        for measure in (brier, skill, calibration_slope, calibration_intercept)
    ]
    found = ranges(figures, cases.customer, seed=seed, resamples=resamples)
    score, gained, slope, intercept = found
    return Calibrated(
        score,
        gained,
        slope,
        intercept,
        curve=calibration_curve(p, left),
        error=calibration_error(p, left, cases.customer, seed=seed),
    )


def lead(
    cases: Cases,
    left_after: Ints,
    red: Bools,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Lead:
    """This will measure how early leavers turned red; `left_after` in days, (n,)."""
    who, days = lead_times(cases.customer, cases.day, left_after, cases.left, red)
    (found,) = ranges([median_lead(days)], who, seed=seed, resamples=resamples)
    return Lead(found, len(who), len(np.unique(cases.customer[cases.left])))


def auc_difference(
    cases: Cases,
    one: Floats,
    other: Floats,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Range | None:
    """This will measure how far the AUC of `one` lies above that of `other`, paired."""
    (found,) = differences(
        auc(one, cases.left, cases.day),
        [auc(other, cases.left, cases.day)],
        cases.customer,
        seed=seed,
        resamples=resamples,
    )
    return found


def verdict(found: Range | None, leavers: int) -> Verdict:
    """This will decide whether an area under the curve is better than chance."""
    if found is None or leavers < FEW:
        return Verdict.FEW
    if found.low > CHANCE + ROUNDING:
        return Verdict.SIGNAL
    below = found.high < CHANCE - ROUNDING
    return Verdict.REVERSED if below else Verdict.CHANCE
