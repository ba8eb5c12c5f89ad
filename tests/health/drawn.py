"""Readings and scorecards drawn by a seed, for properties."""

from typing import Any

import numpy as np

from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.default_scorecard import default_config
from health.measures import MEASURES
from health.readings import AGE, MISSING, NOT_APPLICABLE, VALUE, Readings, layout_now


def readings_drawn(seed: int, size: int = 24) -> Readings:
    """This will draw customers of every kind: values beyond all anchors, gaps, old ages."""
    rng = np.random.default_rng(seed)
    layout = layout_now()
    shape = (size, len(layout))
    ends = np.array([(MEASURES[k].anchors[0], MEASURES[k].anchors[-1]) for k in layout])
    share = rng.uniform(-0.3, 1.3, shape)
    value = (ends[:, 0] + share * (ends[:, 1] - ends[:, 0])).astype(VALUE)
    before = rng.uniform(0, 50, shape).astype(VALUE)
    age = rng.integers(0, 400, shape).astype(AGE)
    age[rng.random(shape) < 0.5] //= 20
    gap, none = rng.random((size, 2)).T
    age[rng.random(shape) < 0.8 * gap[:, None] ** 2] = MISSING
    age[rng.random(shape) < 0.4 * none[:, None]] = NOT_APPLICABLE
    return Readings(
        layout,
        np.where(age >= 0, value, np.nan).astype(np.float64),
        before.astype(np.float64),
        age,
        rng.integers(0, 1500, size).astype(np.int32),
    )


def config_drawn(seed: int) -> dict[str, Any]:
    """This will draw a scorecard: other weights, some measures out, anchors by age."""
    rng = np.random.default_rng(seed)
    config = default_config()
    for group in config["groups"]:
        group["weight"] = float(rng.uniform(0.1, 90))
    for line in config["measures"]:
        line["weight"] = float(rng.choice([0, rng.uniform(0.01, 7)], p=[0.2, 0.8]))
        if rng.random() < 0.3:
            shift = 0.1 * (line["anchors"][-1] - line["anchors"][0])
            line["by_age"] = [
                {"until_months": months, "anchors": [a - by for a in line["anchors"]]}
                for months, by in ((18, shift), (6, 2 * shift))
            ]
    config["floor"] = float(rng.uniform(0.2, 0.7))
    return config


def rules_drawn(seed: int) -> ScorecardRules:
    """This will draw a scorecard as numbers."""
    return rules_from_config(config_drawn(seed))
