"""From facts to columns: the one path that night, past day, page and table all take."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations import scoring as calc
from health.calculations.facts import Facts, missing
from health.calculations.forecast import Economics, Forecast, Money, Rates, forecast
from health.calculations.scorecard import ScorecardRules
from health.measures import MEASURES

# A contribution weaker than this, in points, is not a reason.
REASON_POINTS = 0.5


@dataclass(frozen=True, slots=True)
class ScoredFrame:
    """n customers by m measures of a scorecard, in its order."""

    customer_id: NDArray[np.int64]
    subscore: calc.Floats  # (n, m), NaN where missing
    freshness: calc.Floats  # (n, m), NaN where the measure does not apply
    value: calc.Floats  # (n, m)
    before: calc.Floats  # (n, m)
    result: calc.ScoreColumns
    band: NDArray[np.int16]


def score_facts(facts: Facts, rules: ScorecardRules) -> ScoredFrame:
    """This will score every customer of the facts. No loop over customers."""
    size, width = len(facts["customer_id"]), len(rules.measures)
    shape = (size, width)
    subscore, fresh = np.full(shape, np.nan), np.full(shape, np.nan)
    value, before = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, line in enumerate(rules.measures):
        reading = MEASURES[line.key].read(facts)
        applies = np.ones(size, bool) if reading.applies is None else reading.applies
        value[:, index] = np.where(applies, reading.value, np.nan)
        if reading.before is not None:
            before[:, index] = reading.before
        subscore[:, index] = calc.subscores(value[:, index], line.anchors)
        fresh[:, index] = np.where(
            applies, calc.freshness(reading.age, line.freshness), np.nan
        )
    result = calc.combine(subscore, fresh, rules.weights)
    band = calc.bands(
        result.score,
        result.coverage,
        at_risk=rules.at_risk,
        watch=rules.watch,
        floor=rules.floor,
    )
    return ScoredFrame(
        facts["customer_id"], subscore, fresh, value, before, result, band
    )


def top_reasons(frame: ScoredFrame, rules: ScorecardRules) -> NDArray[np.int16]:
    """This will return, per customer, the indexes of two reasons; −1 for none.

    The first is the strongest drag. The second is the strongest of another group, for two
    sentences about the same thing say little more than one; failing that, the next one.
    """
    pull = frame.result.contributions
    names = [MEASURES[key].group for key in rules.keys]
    groups = np.array([names.index(name) for name in names])
    rows = np.arange(len(pull))
    first = pull.argmin(axis=1)
    others = np.where(groups[None, :] == groups[first][:, None], 0.0, pull)
    elsewhere = others.argmin(axis=1)
    rest = pull.copy()
    rest[rows, first] = 0.0
    found = others[rows, elsewhere] <= -REASON_POINTS
    second = np.where(found, elsewhere, rest.argmin(axis=1))
    chosen = np.stack([first, second], axis=1).astype(np.int16)
    drags = np.stack([pull[rows, first], rest[rows, second]], axis=1)
    return np.where(drags <= -REASON_POINTS, chosen, np.int16(-1))


def parameters_economics(parameters: dict[str, Any]) -> Economics:
    """This will read what a run reckons with."""
    return Economics(**parameters["economics"])


def forecast_facts(
    facts: Facts, band: NDArray[np.int16], parameters: dict[str, Any]
) -> tuple[Rates, Forecast]:
    """This will forecast every customer of the facts from a run's parameters."""
    by_band = {int(key): rate for key, rate in parameters["bands"].items()}
    churn = _rates(band, by_band, by_band[0])
    by_segment = {int(key): rate for key, rate in parameters["segments"].items()}
    hazard = _rates(facts["segment_id"], by_segment, parameters["hazard"])
    money = Money(
        mrr=facts["mrr"],
        earned=facts["earned"],
        tickets=facts["tickets_total"].astype(np.float64),
        acquisition_cost=facts["acquisition_cost"],
    )
    return churn, forecast(
        churn=churn,
        hazard=hazard,
        money=money,
        band=band,
        days_to_renewal=missing(facts["renewal_days"]),
        economics=parameters_economics(parameters),
    )


def _rates(
    keys: NDArray[Any], table: dict[int, dict[str, float]], otherwise: dict[str, float]
) -> Rates:
    """This will look up each key's estimate; unknown keys take the other one."""
    known, where = np.unique(keys, return_inverse=True)
    rows = [table.get(int(key), otherwise) for key in known]
    columns = [
        np.array([row[name] for row in rows], dtype=np.float64)[where]
        for name in ("rate", "low", "high")
    ]
    return Rates(*columns)


def economics_json(economics: Economics) -> dict[str, Any]:
    """This will return what `parameters_economics` reads."""
    return asdict(economics)
