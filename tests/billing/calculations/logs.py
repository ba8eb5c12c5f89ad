"""Change logs written down line by line, for the ledger's tests."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from billing.calculations.ledger import Gaps, Log, Movements
from billing.calculations.ledger.log import END, START, UNKNOWN

EPOCH = dt.date(2000, 1, 1)
CURRENCIES = ("EUR", "USD", "GBP")
NAMES = {1: "new", 2: "back", 3: "expansion", 4: "contraction", 5: "churn"}


def day(text: str) -> int:
    """This will read 2024-02-29 as a number."""
    return (dt.date.fromisoformat(text) - EPOCH).days


def moment(text: str) -> int:
    """This will read 2024-02-29T23:50 as seconds of the wall clock."""
    apart = dt.datetime.fromisoformat(text) - dt.datetime(2000, 1, 1)
    return int(apart.total_seconds())


@dataclass(frozen=True)
class Line:
    """A line of the log; days and moments are numbers, `known` UNKNOWN where assumed."""

    on: int
    mrr: int = 0
    kind: int = 1
    customer: int = 1
    subscription: int = 1
    currency: int = 0
    known: int = UNKNOWN
    state: int = 0
    list_mrr: int = UNKNOWN
    discount: float = UNKNOWN
    discount_until: int = UNKNOWN


@dataclass(frozen=True)
class Told:
    """What a test writes of a line, as a person would."""

    lines: list[Line] = field(default_factory=list)
    customer: int = 1
    subscription: int = 1

    def of(self, customer: int, subscription: int) -> "Told":
        """This will go on with another subscription."""
        return Told(self.lines, customer, subscription)

    def line(
        self, on: str, mrr: int, kind: int = 1, known: str = "", **more: int | float
    ) -> "Told":
        self.lines.append(
            Line(
                day(on),
                mrr,
                kind,
                self.customer,
                self.subscription,
                known=moment(known) if known else UNKNOWN,
                **more,  # type: ignore[arg-type]
            )
        )
        return self

    def start(self, on: str, mrr: int, known: str = "", **more: int | float) -> "Told":
        return self.line(on, mrr, START, known, **more)

    def end(self, on: str, known: str = "", **more: int | float) -> "Told":
        return self.line(on, 0, END, known, **more)

    @property
    def log(self) -> Log:
        return log_of(self.lines)


def log_of(lines: Iterable[Line]) -> Log:
    """This will sort lines as a log is; the order they are written in is that of ids."""
    rows = sorted(lines, key=lambda x: (x.customer, x.subscription, x.on))

    def column(name: str, kind: type[np.generic]) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([getattr(row, name) for row in rows], kind)

    return Log(
        column("customer", np.int64),
        column("subscription", np.int64),
        column("currency", np.int16),
        column("on", np.int32),
        column("known", np.int64),
        column("kind", np.int8),
        column("state", np.int8),
        column("mrr", np.int64),
        column("list_mrr", np.int64),
        column("discount", np.float64),
        column("discount_until", np.int32),
    )


def gaps_of(*spans: tuple[int, int, int]) -> Gaps:
    """This will make gaps of (subscription, due, paid or UNKNOWN)."""
    columns = np.array(spans, np.int64).reshape(-1, 3)
    return Gaps(
        columns[:, 0], columns[:, 1].astype(np.int32), columns[:, 2].astype(np.int32)
    )


def said(lines: Movements) -> list[tuple[str, str, int]]:
    """This will return (day, kind, amount) of each line, with the currency if not EUR."""
    rows = zip(
        lines.day.tolist(),
        lines.kind.tolist(),
        lines.currency.tolist(),
        lines.amount.tolist(),
        strict=True,
    )
    return [
        (
            str(EPOCH + dt.timedelta(days=on)),
            NAMES[kind] + (f" {CURRENCIES[currency]}" if currency else ""),
            amount,
        )
        for on, kind, currency, amount in rows
    ]
