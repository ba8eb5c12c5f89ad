"""Movements and logs from short tuples; days count from 2026-01-01."""

from collections.abc import Sequence

import numpy as np

from billing.calculations.ledger import Log, Movements
from billing.calculations.revenue.lines import Lines
from billing.calculations.revenue.rates import Rates

JAN = 9497  # 2026-01-01, in days since 2000-01-01
CURRENCIES = ("EUR", "USD")
# A dollar is worth half a euro from 1 February on; before nobody knows.
RATES = Rates("EUR", {"USD": (np.array([JAN + 31]), np.array([0.5]))})
Move = tuple[
    int, str, int, int, int, int
]  # customer, currency, day, kind, amount, after


def lines(*moves: Move, rates: Rates = RATES) -> Lines:
    """This will make lines of the ledger; amounts are cents."""
    columns = list(zip(*moves, strict=True)) or [()] * 6
    customer, currency, day, kind, amount, after = columns
    found = Movements(
        customer=np.array(customer, dtype=np.int64),
        currency=np.array([CURRENCIES.index(one) for one in currency], dtype=np.int16),
        day=np.array(day, dtype=np.int32) + JAN,
        kind=np.array(kind, dtype=np.int8),
        amount=np.array(amount, dtype=np.int64),
        before=np.array(after, dtype=np.int64) - np.array(amount, dtype=np.int64),
        after=np.array(after, dtype=np.int64),
    )
    return Lines.of(found, CURRENCIES, rates)


def log(*told: tuple[int, int, int, int]) -> Log:
    """This will make a log of (customer, subscription, day, cents), all in euros."""
    columns = np.array(told, dtype=np.int64).reshape(-1, 4).T
    customer, subscription, day, mrr = columns
    size = len(mrr)
    nobody = np.full(size, -1)
    return Log(
        customer=customer, subscription=subscription,
        currency=np.zeros(size, np.int16), effective_on=day + JAN, known_at=nobody,
        kind=np.zeros(size, np.int8), state=np.zeros(size, np.int8), mrr=mrr,
        list_mrr=nobody, discount=nobody.astype(float), discount_until=nobody,
    )  # fmt: skip


def column(
    size: int, values: Sequence[int] | int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """This will make a column of whole numbers."""
    return np.broadcast_to(np.array(values, dtype=np.int64), size).copy()
