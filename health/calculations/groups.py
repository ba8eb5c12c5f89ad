"""Rows put to customers by position: no loop, no hash table, no join in the database."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.intp]
Column = NDArray[Any]


class Runs:
    """Rows that follow each other and have the same key; (g,) runs of (r,) rows."""

    def __init__(self, *keys: Column) -> None:
        size = len(keys[0])
        new = np.zeros(size, dtype=np.bool_)
        new[:1] = True
        for key in keys:
            new[1:] |= key[1:] != key[:-1]
        self.begins: Positions = np.flatnonzero(new)
        self.ends: Positions = np.append(self.begins, size)[1:]

    @property
    def number(self) -> Positions:
        """The number of each row's run, (r,)."""
        return np.repeat(np.arange(len(self.begins)), self.ends - self.begins)

    def reduce(self, how: np.ufunc, values: Column) -> Column:
        """This will make one value of each run's, (g,)."""
        if not len(self.begins):
            return values[:0]
        return how.reduceat(values, self.begins)

    def first(self, values: Column) -> Column:
        """This will return the first value of each run, (g,)."""
        return values[self.begins]

    def last(self, values: Column) -> Column:
        """This will return the last value of each run, (g,)."""
        return values[self.ends - 1]


class Groups:
    """Rows in the order of their customers, put together by customer.

    `ids` (n,) are the customers, ascending; `who` says whose each row is, ascending too.
    Rows of others than `ids` are left out: `rows` are the places of the rest. Every
    method takes values in the order of `rows` and gives one per customer, (n,).
    """

    def __init__(self, ids: Column, who: Column) -> None:
        self.size = len(ids)
        at = np.searchsorted(ids, who)
        inside = at < self.size
        inside[inside] = ids[at[inside]] == who[inside]
        self.rows: Positions = np.flatnonzero(inside)
        self.at: Positions = at[self.rows]
        self.runs = Runs(self.at)
        self.present: Positions = self.at[self.runs.begins]

    def spread(self, values: Column, none: Any) -> Column:
        """This will give each customer its run's value, `none` where it has no rows."""
        out = np.full(self.size, none, dtype=values.dtype)
        out[self.present] = values
        return out

    def count(self, kept: Column | None = None) -> NDArray[np.int32]:
        """This will count the rows, or those that are kept."""
        at = self.at if kept is None else self.at[kept]
        return np.bincount(at, minlength=self.size).astype(np.int32)

    def sum(self, values: Column) -> NDArray[np.float64]:
        """This will add the values up; 0 where there are none."""
        weights = values.astype(np.float64)
        sums = np.bincount(self.at, weights=weights, minlength=self.size)
        return sums.astype(np.float64, copy=False)

    def highest(self, values: Column, none: Any) -> Column:
        """This will give the highest value, `none` where there are no rows."""
        return self.spread(self.runs.reduce(np.maximum, values), none)

    def lowest(self, values: Column, none: Any) -> Column:
        """This will give the lowest value, `none` where there are no rows."""
        return self.spread(self.runs.reduce(np.minimum, values), none)

    def any(self, values: Column) -> NDArray[np.bool_]:
        """This will say whether any row's value is true."""
        return self.count(values) > 0

    def last(self, values: Column, none: Any, *, back: int = 0) -> Column:
        """This will give the value of the last row, or of one so far `back`."""
        out = np.full(self.size, none, dtype=values.dtype)
        some = self.runs.ends - self.runs.begins > back
        out[self.present[some]] = values[self.runs.ends[some] - 1 - back]
        return out
