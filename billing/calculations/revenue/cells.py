"""Sums by key, that add up with others."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.months import Array


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums by key: `keys` is (n, k), `sums` (n, c), whole numbers; a key stands once."""

    keys: NDArray[np.int64]
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, keys: Sequence[Array], sums: Sequence[Array]) -> Self:
        """This will sum lines by their keys; what comes to nothing is left out."""
        table = np.stack([key.astype(np.int64) for key in keys], axis=1)
        return cls(table, np.stack(sums, axis=1).astype(np.int64)).together()

    @classmethod
    def none(cls, keys: int, sums: int) -> Self:
        """This will return no cells of so many keys and sums."""
        return cls(np.zeros((0, keys), np.int64), np.zeros((0, sums), np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will add up the cells of parts (at least one)."""
        keys = np.concatenate([part.keys for part in parts])
        return cls(keys, np.concatenate([part.sums for part in parts])).together()

    def __len__(self) -> int:
        return len(self.keys)

    def together(self) -> Self:
        """This will sum the lines of each key and put the keys in order."""
        if not len(self):
            return self
        order = np.argsort(_packed(self.keys), kind="stable")
        keys = self.keys[order]
        starts = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
        sums = np.add.reduceat(self.sums[order], starts, axis=0)
        some = sums.any(axis=1)
        return type(self)(keys[starts][some], sums[some])

    def with_words(self, column: int, words: NDArray[np.int64]) -> Self:
        """This will put other numbers in the place of a key's."""
        keys = self.keys.copy()
        keys[:, column] = words[keys[:, column]]
        return type(self)(keys, self.sums)


def _packed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """This will turn keys into single numbers of the same order: sorted twice as fast.

    Raises OverflowError where they do not fit into 63 bits.
    """
    least = keys.min(axis=0)
    spans = [int(span) for span in keys.max(axis=0) - least + 1]
    if math.prod(spans) >= 2**63:
        msg = f"Keys of {spans} values cannot be told apart in 63 bits."
        raise OverflowError(msg)
    found = np.zeros(len(keys), dtype=np.int64)
    for place, span in enumerate(spans):
        found = found * span + (keys[:, place] - least[place])
    return found


def tallied(group: Array, columns: Sequence[Array], groups: int) -> NDArray[np.int64]:
    """This will sum columns by group: (groups, columns).

    By floats that are exact up to 90,000,000,000,000 units of money.
    """
    found = np.empty((groups, len(columns)), dtype=np.int64)
    for place, column in enumerate(columns):
        found[:, place] = np.rint(
            np.bincount(group, weights=column, minlength=groups)
        ).astype(np.int64)
    return found
