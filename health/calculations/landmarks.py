"""Customers as they stood on past days, and what became of them.

The rows that a churn model or a survival curve learns from. One customer stands in several
rows, one for each day of a grid on which it was a customer; so whatever is split, resampled
or drawn goes by `customer`, never by row (van Houwelingen, Scandinavian Journal of
Statistics 34, 2007).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

# `left_after` of a customer that is not known to have left.
STAYED = np.iinfo(np.int32).max
# About the length of a month; months are counted so wherever days are turned into them.
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Landmarks:
    """n rows of a customer on a day; every column has n values, `features` (n, k).

    What is not known is NaN in `features`. Nothing in a row but its last three columns
    became known after its day.
    """

    customer: NDArray[np.int64]
    day: NDArray[np.int32]  # days since 2000-01-01
    segment: NDArray[np.int64]  # 0 for none
    plan: NDArray[np.int64]  # 0 for none
    tenure: NDArray[np.int32]  # days since the customer started
    interval: NDArray[np.int32]  # months between two bills; 0 for none
    renewal: NDArray[np.int32]  # days until the next renewal; −1 for none known
    mrr: Floats  # monthly recurring revenue in the company's currency
    features: NDArray[np.float32]
    names: tuple[str, ...]  # of the k features
    left_after: NDArray[np.int32]  # days after the day; STAYED
    observed: NDArray[np.int32]  # days after the day that are over and known
    involuntary: NDArray[np.bool_]  # left because a payment failed

    def __len__(self) -> int:
        return len(self.customer)

    def chosen(self, rows: NDArray[Any] | slice) -> Self:
        """This will return some of the rows, by a mask or by places; a slice copies none."""
        columns = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if field.name != "names"
        }
        return replace(self, **columns)

    def left_within(self, days: int) -> NDArray[np.bool_]:
        """This will say who left within so many days. Only true of rows `known_for` them."""
        return self.left_after <= days

    def known_for(self, days: int) -> NDArray[np.bool_]:
        """This will say of which rows so many days are over."""
        return self.observed >= days

    def labelled_before(self, day: int, horizon: int) -> NDArray[np.bool_]:
        """This will say which rows' window of `horizon` days ended by a day.

        These may teach what is then tried on that day: no label reaches past it.
        """
        return (self.day.astype(np.int64) + horizon <= day) & self.known_for(horizon)

    def seen_until(self, day: int) -> Self:
        """This will return the rows as they could have been had at the end of a day.

        Later rows are left out, and what happened after the day has not happened yet.
        """
        kept = self.chosen(self.day <= day)
        observed = np.minimum(kept.observed, day - kept.day).astype(np.int32)
        gone = kept.left_after <= observed
        return replace(
            kept,
            observed=observed,
            left_after=np.where(gone, kept.left_after, STAYED).astype(np.int32),
            involuntary=kept.involuntary & gone,
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will put rows with the same features one after the other; at least one part.

        Raises ValueError for parts with other features.
        """
        names = {part.names for part in parts}
        if len(names) != 1:
            msg = "These rows do not have the same features."
            raise ValueError(msg)
        columns = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(cls)
            if field.name != "names"
        }
        return cls(names=names.pop(), **columns)

    def as_bytes(self) -> bytes:
        """This will return what `from_bytes` reads back, compressed."""
        found = io.BytesIO()
        np.savez_compressed(
            found, **{field.name: getattr(self, field.name) for field in fields(self)}
        )
        return found.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """This will read what `as_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            columns: dict[str, Any] = {name: found[name] for name in found.files}
        return cls(**columns | {"names": tuple(columns["names"].tolist())})
