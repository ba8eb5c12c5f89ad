"""The scorecard an installation starts with; later versions live in the database."""

from typing import Any

from django.utils.translation import gettext_noop

from health.measures import MEASURES

KEY = "default"
NAME = gettext_noop("Default scorecard")


def default_line(key: str) -> dict[str, Any]:
    """This will return a measure's line as its own code proposes it."""
    measure = MEASURES[key]
    return {
        "key": measure.key,
        "group": measure.group,
        "weight": measure.weight,
        "anchors": list(measure.anchors),
        "freshness": [
            measure.freshness.full,
            measure.freshness.half_life,
            measure.freshness.maximum,
        ],
    }


def default_config() -> dict[str, Any]:
    """This will return the content of the first version: every measure, our anchors.

    The prior says what share of each band leaves within 90 days before there is any
    history of one's own: a plain assumption, marked as such wherever it is used.
    """
    groups: dict[str, list[float]] = {}
    for measure in MEASURES.values():
        groups.setdefault(measure.group, []).append(measure.weight)
    return {
        "groups": [
            {"key": group, "weight": sum(weights)} for group, weights in groups.items()
        ],
        "measures": [default_line(key) for key in MEASURES],
        "bands": {"at_risk": 50, "watch": 70},
        "floor": 0.5,
        "rollup": "own",
        "prior": {"unknown": 0.06, "at_risk": 0.15, "watch": 0.06, "healthy": 0.02},
    }
