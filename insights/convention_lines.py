"""Months by two sets of conventions beside each other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from billing.enums import MovementKind
from insights.revenue_words import KINDS

ROWS = ("opening", *KINDS.values(), "revaluation", "closing")
LABELS = {
    "opening": gettext_lazy("Opening"),
    **{KINDS[kind]: kind.label for kind in MovementKind},
    "revaluation": gettext_lazy("Exchange rates"),
    "closing": gettext_lazy("Closing"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure by both, and by how much the first is greater."""

    name: str
    one: Decimal
    other: Decimal

    @property
    def label(self) -> str:
        return str(LABELS[self.name])

    @property
    def more(self) -> Decimal:
        return self.one - self.other


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """A month by both: what came and leaked, and what stood at its end."""

    month: dt.date
    closing: Beside
    churn: Beside
    lost: tuple[int, int]


def month_beside(one: Any, other: Any) -> list[Beside]:
    """This will set the figures of a month beside each other."""
    return [Beside(name, getattr(one, name), getattr(other, name)) for name in ROWS]


def months_beside(ones: Sequence[Any], others: Sequence[Any]) -> list[MonthBeside]:
    """This will set months beside each other, newest first; both must know them."""
    known = {row.month: row for row in others}
    return [
        MonthBeside(
            row.month,
            Beside("closing", row.closing, known[row.month].closing),
            Beside("churn", row.churn, known[row.month].churn),
            (row.customers_lost, known[row.month].customers_lost),
        )
        for row in reversed(ones)
        if row.month in known
    ]
