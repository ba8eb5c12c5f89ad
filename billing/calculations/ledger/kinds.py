"""From what subscriptions are worth to what the customers' revenue did."""

import numpy as np

from billing.calculations.conventions import Conventions
from billing.calculations.ledger.grouping import first_of, numbered
from billing.calculations.ledger.levels import Levels, levels_of
from billing.calculations.ledger.log import Array, Movements, Timeline

# As in billing.enums.MovementKind.
NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN = 1, 2, 3, 4, 5


def timeline_movements(told: Timeline, conventions: Conventions) -> Movements:
    """This will return the customers' movements, each with its kind."""
    levels = levels_of(told)
    return Movements(
        levels.customer,
        levels.currency,
        levels.day,
        kinds_of(levels, conventions.reactivation_days),
        levels.amount,
        levels.before,
        levels.after,
    )


def kinds_of(levels: Levels, reactivation_days: int | None) -> Array:
    """This will name each line by what the customer as a whole paid around the day."""
    kinds = np.where(levels.amount > 0, EXPANSION, CONTRACTION)
    kinds[levels.whole_after == 0] = CHURN
    entered = levels.whole_before == 0
    kinds[entered] = _entries(levels, reactivation_days)[entered]
    return kinds.astype(np.int8)


def _entries(levels: Levels, reactivation_days: int | None) -> Array:
    """This will say NEW or REACTIVATION for every line, as if it were one."""
    on_a_day = first_of(levels.customer, levels.day)
    customer, day = levels.customer[on_a_day], levels.day[on_a_day]
    # Before a customer enters, what it did last was to leave.
    away = np.diff(day, prepend=day[:1])
    new = first_of(customer)
    if reactivation_days is not None:
        new |= away > reactivation_days
    return np.where(new, NEW, REACTIVATION)[numbered(on_a_day)]
