"""The one figure of each kind of survey, and how it changed, from a tally of scores.

NPS in points from −100 to 100; CSAT the share of 4 and 5, from 0 to 1; CES the mean.
"""

from dataclasses import dataclass
from math import hypot

from surveys.calculations.estimates import Change, Estimate
from surveys.calculations.nps import (
    QUANTILE,
    net_promoter_score,
    nps_moments,
)
from surveys.calculations.satisfaction import (
    Tally,
    mean_moments,
    mean_score,
    share,
    wilson,
)
from surveys.calculations.scales import HIGH, LOW, MIDDLE, group_of

# The ends of each figure.
SPANS = {"nps": (-100.0, 100.0), "csat": (0.0, 1.0), "ces": (1.0, 7.0)}


@dataclass(frozen=True, slots=True)
class Groups:
    """How many answers lie low, in the middle and high on the scale."""

    low: int
    middle: int
    high: int

    @property
    def answers(self) -> int:
        return self.low + self.middle + self.high


def groups(kind: str, tally: Tally) -> Groups:
    """This will sum a tally up by group."""
    found = {LOW: 0, MIDDLE: 0, HIGH: 0}
    for score, count in tally.items():
        found[group_of(kind, score)] += count
    return Groups(found[LOW], found[MIDDLE], found[HIGH])


def figure(kind: str, tally: Tally) -> Estimate | None:
    """This will return the kind's figure with its interval, None without answers."""
    found = groups(kind, tally)
    if kind == "ces":
        return mean_score(tally, kind)
    if kind == "csat":
        return share(found.high, found.answers)
    nps = net_promoter_score(
        promoters=found.high, passives=found.middle, detractors=found.low
    )
    return Estimate(nps.score, nps.low, nps.high, nps.answers) if nps else None


def change(kind: str, before: Tally, now: Tally) -> Change | None:
    """This will compare two periods; None unless both have enough answers.

    NPS and CES: difference ± 1.96·√(e₁² + e₂²), the standard errors being those of the
    adjusted figures, which is the z test of the difference. CSAT: the two Wilson
    intervals combined (R. Newcombe, "Interval Estimation for the Difference Between
    Independent Proportions", Statistics in Medicine 17, 1998, method 10).
    """
    first, second = figure(kind, before), figure(kind, now)
    if not (first and second and first.enough and second.enough):
        return None
    value = second.value - first.value
    if kind == "csat":
        return Change(value, *_newcombe(first, second))
    (middle1, error1), (middle2, error2) = (
        _moments(kind, tally) for tally in (before, now)
    )
    reach = QUANTILE * hypot(error1, error2)
    return Change(value, middle2 - middle1 - reach, middle2 - middle1 + reach)


def _moments(kind: str, tally: Tally) -> tuple[float, float]:
    if kind == "ces":
        return mean_moments(tally, kind)
    found = groups(kind, tally)
    return nps_moments(
        mean=(found.high - found.low) / found.answers,
        square=(found.high + found.low) / found.answers,
        size=found.answers,
    )


def _newcombe(first: Estimate, second: Estimate) -> tuple[float, float]:
    low1, high1 = wilson(first.value * first.answers, first.answers)
    low2, high2 = wilson(second.value * second.answers, second.answers)
    value = second.value - first.value
    return (
        value - hypot(second.value - low2, high1 - first.value),
        value + hypot(high2 - second.value, first.value - low1),
    )
