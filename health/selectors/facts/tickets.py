"""Requests for support and what became of them, as known on the day."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.calculations.targets import TARGETS
from health.selectors.facts.moment import NEVER
from health.selectors.facts.reading import Facts, Reader

RECENT, BEFORE, WINDOW, RATED = 30, 90, 90, 180


def _known(name: str) -> str:
    """This will say that a milestone had happened and was known."""
    return f"({name}_at < %(known)s AND {name}_recorded_at < %(known)s)"


def _target(which: int) -> str:
    cases = " ".join(
        f"WHEN '{priority}' THEN {hours[which]}" for priority, hours in TARGETS.items()
    )
    return f"CASE priority {cases} END"


def _means(name: str, which: int) -> str:
    """This will average the hours to a milestone, and their ratios to the target.

    Two averages over one pair are one sum inside PostgreSQL: half of the work.
    """
    hours = f"(date_part('epoch', {name}_at - opened_at) / 3600)"
    pair = f"({hours} / {_target(which)}, {hours})"
    within = f"FILTER (WHERE {name}_at >= %(window)s AND {_known(name)})"
    return f"""coalesce(regr_avgx{pair} {within}, -1),
  coalesce(regr_avgy{pair} {within}, -1)"""


RATING = (
    "FILTER (WHERE satisfaction_recorded_at >= %(rated)s"
    " AND satisfaction_recorded_at < %(known)s)"
)
STATEMENT = f"""
SELECT customer_id, count(*)::int, max(opened_at),
  count(*) FILTER (WHERE opened_at >= %(recent)s)::int,
  count(*) FILTER (WHERE opened_at < %(recent)s AND opened_at >= %(before)s)::int,
  count(*) FILTER (WHERE {_known("resolved")} IS NOT TRUE
    OR reopened_at > resolved_at AND {_known("reopened")})::int,
  count(*) FILTER (WHERE opened_at >= %(window)s AND {_known("escalated")})::int,
  count(*) FILTER (WHERE reopened_at >= %(window)s AND {_known("reopened")})::int,
  {_means("first_response", 0)},
  {_means("resolved", 1)},
  coalesce(avg(satisfaction::float8) {RATING}, -1),
  coalesce(max(satisfaction_recorded_at) {RATING}, '-infinity')
FROM customers_supportticket
WHERE customer_id BETWEEN %(first)s AND %(last)s
  AND opened_at < %(known)s AND recorded_at < %(known)s
GROUP BY customer_id ORDER BY customer_id
"""
COLUMNS = {
    "customer_id": "bigint",
    "tickets_total": "integer",
    "opened_at": "bigint",
    "tickets_recent": "integer",
    "before": "integer",
    "tickets_open": "integer",
    "tickets_escalated": "integer",
    "tickets_reopened": "integer",
    "response_hours": "double",
    "response_ratio": "double",
    "resolution_hours": "double",
    "resolution_ratio": "double",
    "satisfaction": "double",
    "rated_at": "bigint",
}
COUNTS = [name for name in COLUMNS if name.startswith("tickets_")]
MEANS = [name for name, kind in COLUMNS.items() if kind == "double"]


def ticket_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will count tickets and average what was done about them. One statement."""
    window = reader.window
    rows = reader.rows(
        STATEMENT,
        COLUMNS,
        recent=window.begin("tickets", RECENT),
        before=window.begin("tickets", RECENT + BEFORE),
        window=window.begin("tickets", WINDOW),
        rated=window.begin("tickets", RATED),
    )
    groups = Groups(ids, rows["customer_id"])

    def column(name: str, none: float) -> NDArray[Any]:
        return groups.spread(rows[name][groups.rows], none)

    opened = window.days_since(column("opened_at", NEVER))
    late = window.late.get("tickets", 0)
    return {
        **{name: column(name, 0) for name in COUNTS},
        **{name: column(name, -1.0) for name in MEANS},
        "tickets_monthly_before": column("before", 0) / (BEFORE / 30),
        "ticket_days": np.where(opened < 0, -1, np.maximum(opened - late, 0)),
        "satisfaction_age": window.days_since(column("rated_at", NEVER)),
    }
