"""What the customers will bring together, with ranges, on the portfolio page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from health.calculations.what_if import Assumptions, worth
from health.selectors.value_paths import Kept, Names
from health.what_if_words import sum_range


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A segment or a plan."""

    name: str
    customers: float
    total: float  # margin still to come
    range: str


def values_content(
    kept: Kept, *, names: Names, now: Assumptions, currency: str
) -> dict[str, Any]:
    """This will sum up what is still to come, of all, by segment and by plan."""
    total = worth(kept.paths, now).whole.total
    everybody = np.ones(len(kept.rows), dtype=np.bool_)
    segments = [row.segment_id for row in kept.rows]
    plans = [row.plan_id for row in kept.rows]
    return {
        "total": total,
        "range": sum_range(total, kept.off(everybody), currency),
        "months": now.horizon,
        "ways": [
            (title, lines)
            for title, lines in (
                (
                    _("Segment"),
                    _lines(
                        kept, segments, names.segments, _("No segment"), now, currency
                    ),
                ),
                (
                    _("Plan"),
                    _lines(kept, plans, names.plans, _("No plan"), now, currency),
                ),
            )
            if lines
        ],
    }


def _lines(
    kept: Kept,
    keys: list[int],
    names: Mapping[int, str],
    nothing: str,
    now: Assumptions,
    currency: str,
) -> list[ValueLine]:
    """This will add up by segment or plan, what is worth most first; none of only one."""
    values, place = worth(kept.paths, now), np.array(keys)
    found = []
    for pk in np.unique(place).tolist():
        mine = place == pk
        here = values.chosen(mine).whole
        told = sum_range(here.total, kept.off(mine), currency)
        name = names.get(pk, nothing)
        found.append(ValueLine(name, here.customers, here.total, told))
    return sorted(found, key=lambda line: -line.total) if len(found) > 1 else []
