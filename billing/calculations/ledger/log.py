"""What the ledger is made from and what it says: columns, one element per line.

Amounts are cents, days count from 2000-01-01, a currency is whatever small number the
caller gave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Flags = NDArray[np.bool_]

START, CHANGE, END = 0, 1, 2
ACTIVE, TRIAL, PAUSED = 0, 1, 2
# A moment, an amount, a share or a day that nobody told.
UNKNOWN = -1
DAY_SECONDS = 86_400


class Columns:
    """What the tables below have in common."""

    __slots__ = ()

    def __len__(self) -> int:
        return len(getattr(self, _names(type(self))[0]))

    def take(self, which: Array) -> Self:
        """This will return the lines at these places, or where the flags are set."""
        names = _names(type(self))
        return type(self)(*(getattr(self, name)[which] for name in names))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will set tables below each other; there is at least one."""
        columns = ([getattr(part, name) for part in parts] for name in _names(cls))
        return cls(*(np.concatenate(column) for column in columns))


def _names(table: type[Columns]) -> list[str]:
    # Only its subclasses are used, and they are dataclasses.
    return [field.name for field in fields(table)]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Log(Columns):
    """The change log, sorted by customer, subscription, `effective_on` and id.

    The order of lines of one day matters: the last one counts. A customer's lines stand
    together, and a subscription's within them; nothing else is asked of the order.
    `known_at` counts the seconds since 2000-01-01 00:00 that a clock on the company's wall
    has gone through, UNKNOWN where the moment was assumed and not told.
    """

    customer: Array  # int64
    subscription: Array  # int64
    currency: Array  # int16
    effective_on: Array  # int32, day
    known_at: Array  # int64, seconds, or UNKNOWN
    kind: Array  # int8: START, CHANGE, END
    state: Array  # int8: ACTIVE, TRIAL, PAUSED
    mrr: Array  # int64, cents, net of discount
    list_mrr: Array  # int64, cents, or UNKNOWN
    discount: Array  # float64, share of the list price, or UNKNOWN
    discount_until: Array  # int32, first day without, or UNKNOWN: it stays


@dataclass(frozen=True, slots=True)
class Gaps(Columns):
    """Invoices that were paid late or not at all, in any order; they may overlap.

    All that were not paid by their due day belong here: from which day on one counts is
    for the conventions to say. A credited or forgiven invoice is paid on that day.
    """

    subscription: Array  # int64
    due_on: Array  # int32, day
    paid_on: Array  # int32, day, or UNKNOWN: still unpaid

    @classmethod
    def none(cls) -> "Gaps":
        """This will return no gaps."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))


@dataclass(frozen=True, slots=True)
class Timeline(Columns):
    """What every subscription is worth from a day on, sorted by customer, subscription, day.

    At most one line per subscription and day; days after the last one asked for are not
    there. Lines may say what the line before them said.
    """

    customer: Array  # int64
    subscription: Array  # int64
    currency: Array  # int16
    day: Array  # int32
    worth: Array  # int64, cents


@dataclass(frozen=True, slots=True)
class Movements(Columns):
    """Lines of the ledger, sorted by customer, day and currency.

    One per customer, day and currency; never with an amount of 0. A customer that leaves
    two currencies on a day has two lines of churn and is one customer lost.
    """

    customer: Array  # int64
    currency: Array  # int16
    day: Array  # int32
    kind: Array  # int8, as in billing.enums.MovementKind
    amount: Array  # int64, cents; below 0 for contraction and churn
    before: Array  # int64, cents of the customer in the currency
    after: Array  # int64, cents


@dataclass(frozen=True, slots=True)
class Closings:
    """Recurring revenue at the end of days."""

    days: Array  # int32 (D,), as asked for
    amounts: Array  # int64 (D, C), cents per currency 0 … C − 1
    customers: Array  # int64 (D, C), who pay something in the currency
    everybody: Array  # int64 (D,), who pay something
