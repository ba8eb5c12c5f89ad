"""The revenue ledger, made from the change log by conventions; docs/revenue.md.

    told = timeline(log, conventions, gaps, until=day)
    lines = timeline_movements(told, conventions)
    sums = timeline_closings(told, days, currencies=2)

`movements` and `closings` do the same in one call each. Arrays in, arrays out: a shard of
25,000 customers at a time bounds the memory, and no loop runs over customers.
"""

from billing.calculations.conventions import Conventions
from billing.calculations.ledger.closings import timeline_closings
from billing.calculations.ledger.explained import (
    CLOSING,
    CODES,
    EVERY_DISCOUNT,
    Reasons,
    differences_explained,
    reasons,
)
from billing.calculations.ledger.kinds import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    NEW,
    REACTIVATION,
    timeline_movements,
)
from billing.calculations.ledger.log import (
    Array,
    Closings,
    Gaps,
    Log,
    Movements,
    Timeline,
)
from billing.calculations.ledger.timeline import timeline

__all__ = [
    "CHURN",
    "CLOSING",
    "CODES",
    "CONTRACTION",
    "EVERY_DISCOUNT",
    "EXPANSION",
    "NEW",
    "REACTIVATION",
    "Closings",
    "Gaps",
    "Log",
    "Movements",
    "Reasons",
    "Timeline",
    "closings",
    "differences_explained",
    "movements",
    "reasons",
    "timeline",
    "timeline_closings",
    "timeline_movements",
]


def movements(
    log: Log, conventions: Conventions, *, gaps: Gaps | None = None, until: int
) -> Movements:
    """This will return the lines of the ledger up to and with the day `until`."""
    return timeline_movements(
        timeline(log, conventions, gaps, until=until), conventions
    )


def closings(
    log: Log,
    conventions: Conventions,
    gaps: Gaps | None,
    days: Array,
    *,
    currencies: int,
    until: int,
) -> Closings:
    """This will return what the subscriptions are worth at the end of each of `days`.

    Summed from the states in force, not from movements. `days` ascend and none is after
    `until`, the last day that is read: a later one can still change what a day before it
    counts (`same_month`, `group_minutes`).
    """
    told = timeline(log, conventions, gaps, until=until)
    return timeline_closings(told, days, currencies=currencies)
