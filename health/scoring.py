"""From readings to scores: the one path that night, past day, page and draft all take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations import scoring as calc
from health.calculations.scorecard import ScorecardRules, ScoredMeasure
from health.enums import Basis
from health.measures import MEASURES
from health.readings import MISSING, NOT_APPLICABLE, Readings

# A contribution weaker than this, in points, is not a reason.
REASON_POINTS = 0.5
# What lifts a score may still have fallen: below so many points nobody is praised for it.
PRAISED_FROM = 85.0
DAYS_IN_MONTH = 30.4375
# Source to the days it is late beyond its expected rhythm; on time where absent.
Late = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ScoredFrame:
    """n customers by m measures, in the order of the readings' layout.

    A measure that a customer's scorecard does not ask for looks like one that does not
    apply. `computed` is the score by the formula; `score` is the one that counts, which
    a person or the children of a parent may have set (`basis`). `late` is true where a
    late source carries weight.
    """

    readings: Readings
    subscore: calc.Floats  # (n, m), NaN where missing
    freshness: calc.Floats  # (n, m), NaN where the measure does not apply
    result: calc.ScoreColumns
    score: calc.Floats  # (n,)
    band: NDArray[np.int16]
    basis: NDArray[np.int16]
    late: NDArray[np.bool_]

    @property
    def computed(self) -> calc.Floats:
        return self.result.score


def score_readings(
    readings: Readings, rules: ScorecardRules, *, late: Late | None = None
) -> ScoredFrame:
    """This will score every customer of the readings by one scorecard.

    The measures of a late source stand still: they count as they did on the source's
    last day on time, until their maximum age. Where dropping them then would turn a
    customer red or green, the band is unknown: stale data turns nobody red or green.
    """
    late = late or {}
    subscore, fresh, still = _tables(readings, rules, late)
    weights = rules.weights(readings.layout)
    result = calc.combine(subscore, fresh, weights)
    band = _bands(result, rules)
    if late:
        kept = calc.combine(subscore, still, weights)
        turned = (band != _bands(kept, rules)) & np.isin(band, (1, 3))
        band = np.where(turned, 0, band).astype(np.int16)
    return ScoredFrame(
        readings,
        subscore,
        fresh,
        result,
        result.score,
        band,
        np.full(len(readings), Basis.OWN, dtype=np.int16),
        _touched(readings, still, weights, late),
    )


def score_lineup(
    readings: Readings,
    which: NDArray[np.intp],
    lineup: Sequence[ScorecardRules],
    *,
    late: Late | None = None,
) -> ScoredFrame:
    """This will score every customer by the scorecard `which` (n,) says it falls to."""
    if len(lineup) == 1:
        return score_readings(readings, lineup[0], late=late)
    order: list[NDArray[np.intp]] = []
    frames: list[ScoredFrame] = []
    for index, rules in enumerate(lineup):
        rows = np.flatnonzero(which == index)
        order.append(rows)
        frames.append(score_readings(readings.of(rows), rules, late=late))
    back = np.argsort(np.concatenate(order), kind="stable")

    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(frame, name) for frame in frames])[back]

    def result(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(frame.result, name) for frame in frames])[back]

    columns = calc.ScoreColumns(
        result("score"), result("coverage"), result("contributions")
    )
    rest = ("subscore", "freshness", "score", "band", "basis", "late")
    return ScoredFrame(
        readings=readings, result=columns, **{name: joined(name) for name in rest}
    )


def fix_scores(
    frame: ScoredFrame,
    fixed: calc.Floats,
    *,
    basis: Basis,
    lineup: Sequence[ScorecardRules],
    which: NDArray[np.intp],
) -> ScoredFrame:
    """This will let given scores (n,) count where there are any (NaN: none).

    The band follows the given score whatever the coverage.
    """
    given = ~np.isnan(fixed)
    red = np.array([rules.at_risk for rules in lineup])[which]
    amber = np.array([rules.watch for rules in lineup])[which]
    band = np.where(fixed < red, 1, np.where(fixed < amber, 2, 3))
    return ScoredFrame(
        frame.readings,
        frame.subscore,
        frame.freshness,
        frame.result,
        np.where(given, fixed, frame.score),
        np.where(given, band, frame.band).astype(np.int16),
        np.where(given, basis, frame.basis).astype(np.int16),
        frame.late,
    )


def _tables(
    readings: Readings, rules: ScorecardRules, late: Late
) -> tuple[calc.Floats, calc.Floats, calc.Floats]:
    """This will return sub-scores and freshness, and the latter with late sources held."""
    shape = (len(readings.layout), len(readings))
    subscore, fresh = np.full(shape, np.nan), np.full(shape, np.nan)
    still = np.full(shape, np.nan) if late else fresh
    months = readings.tenure / DAYS_IN_MONTH
    oldest = int(readings.age.max(initial=0))
    lines = {line.key: line for line in rules.measures if line.weight > 0}
    for index, key in enumerate(readings.layout):
        line = lines.get(key)
        if line is None:
            continue
        subscore[index] = _subscores(readings.value[:, index], line, months)
        days_late = late.get(MEASURES[key].source, 0)
        by_day, held = _freshness(line, oldest, days_late)
        fresh[index] = by_day[readings.age[:, index]]
        if late:
            still[index] = held[readings.age[:, index]]
    return subscore.T, fresh.T, still.T


def _subscores(
    value: calc.Floats, line: ScoredMeasure, months: calc.Floats
) -> calc.Floats:
    found = calc.subscores(value, line.anchors)
    for step in reversed(line.by_age):
        young = months < step.until_months
        found = np.where(young, calc.subscores(value, step.anchors), found)
    return found


def _freshness(
    line: ScoredMeasure, oldest: int, days_late: int
) -> tuple[calc.Floats, calc.Floats]:
    """This will return the freshness of every age in days up to the oldest.

    Without and with what is too old dropped, for a source that is so many days late.
    The marks of an age, −1 and −2, find their answers at the end of both tables.
    """
    days = np.arange(oldest + 3, dtype=np.float64)
    held = calc.freshness(np.maximum(days - days_late, 0.0), line.freshness)
    fresh = np.where(days > line.freshness.maximum, 0.0, held)
    for table in (fresh, held):
        table[[MISSING, NOT_APPLICABLE]] = 0.0, np.nan
    return fresh, held


def _bands(result: calc.ScoreColumns, rules: ScorecardRules) -> NDArray[np.int16]:
    return calc.bands(
        result.score,
        result.coverage,
        at_risk=rules.at_risk,
        watch=rules.watch,
        floor=rules.floor,
    )


def _touched(
    readings: Readings, fresh: calc.Floats, weights: calc.Floats, late: Late
) -> NDArray[np.bool_]:
    silent = [late.get(MEASURES[key].source, 0) > 0 for key in readings.layout]
    carried = np.nan_to_num(fresh[:, silent]) * weights[silent]
    touched: NDArray[np.bool_] = carried.sum(axis=1) > 0
    return touched


def top_measures(frame: ScoredFrame, *, lifting: bool = False) -> NDArray[np.int16]:
    """This will return, per customer, the codes of two measures that drag; −1 for none.

    Or of two that lift, and are good enough to be praised for. The first is the strongest. The second is the strongest of
    another group, for two sentences about the same thing say little more than one;
    failing that, the next one.
    """
    pull = frame.result.contributions
    if lifting:
        praised = np.nan_to_num(frame.subscore) >= PRAISED_FROM
        pull = np.where(praised, -pull, 0.0)
    measures = [MEASURES[key] for key in frame.readings.layout]
    names = [measure.group for measure in measures]
    groups = np.array([names.index(name) for name in names])
    rows = np.arange(len(pull))
    first = pull.argmin(axis=1)
    others = np.where(groups[None, :] == groups[first][:, None], 0.0, pull)
    elsewhere = others.argmin(axis=1)
    rest = pull.copy()
    rest[rows, first] = 0.0
    found = others[rows, elsewhere] <= -REASON_POINTS
    second = np.where(found, elsewhere, rest.argmin(axis=1))
    chosen = np.stack([first, second], axis=1)
    strong = np.stack([pull[rows, first], rest[rows, second]], axis=1)
    codes = np.array([measure.code for measure in measures], dtype=np.int16)
    return np.where(strong <= -REASON_POINTS, codes[chosen], np.int16(-1))


def at_codes(
    frame: ScoredFrame, codes: NDArray[np.int16], table: calc.Floats
) -> calc.Floats:
    """This will pick the cells of (n, k) codes from an (n, m) table; NaN for code −1."""
    places = {MEASURES[key].code: i for i, key in enumerate(frame.readings.layout)}
    lookup = np.zeros(max(places, default=0) + 1, dtype=np.intp)
    for code, place in places.items():
        lookup[code] = place
    rows = np.arange(len(codes))[:, None]
    return np.where(codes < 0, np.nan, table[rows, lookup[np.maximum(codes, 0)]])
