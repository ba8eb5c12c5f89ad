"""The sums of a range of customers, and how they are kept."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from billing.calculations.revenue.cells import Cells

# Per kind of cells: which of its keys is a word (None: none), keys, sums.
SHAPES: dict[str, tuple[int | None, int, int]] = {
    "days": (0, 2, 8),
    "closings": (0, 2, 2),
    "months": (1, 3, 21),
    "cohorts": (None, 2, 2),
    "presets": (None, 2, 7),
    "preset_closings": (1, 3, 1),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Sums of some customers. Keys name currencies and values by their place in `words`.

    `days`: (currency, day) → new, reactivation, expansion, contraction, churn; customers
    new, back, lost. The currency "" is all, converted.
    `closings`: (currency, day) → by how much the revenue and the paying customers at the
    day's end differ from the day before; under "" stand only customers.
    `months`: (dimension, value, month) → as `monthly.COLUMNS` says.
    `cohorts`: (month of the first movement, age) → customers, revenue.
    `presets`: (preset, month) → as `days` without customers who came back.
    `preset_closings`: (preset, currency, month) → by how much the month's closing differs
    from the month before.
    """

    words: tuple[str, ...]
    days: Cells
    closings: Cells
    months: Cells
    cohorts: Cells
    presets: Cells
    preset_closings: Cells
    lacking: tuple[str, ...] = ()  # currencies with a movement that has no rate

    @classmethod
    def none(cls) -> Self:
        """This will return the sums of nobody."""
        empty: dict[str, Any] = {
            name: Cells.none(keys, sums) for name, (_, keys, sums) in SHAPES.items()
        }
        return cls(words=(), **empty)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will add parts up."""
        if not parts:
            return cls.none()
        words = tuple(sorted({word for part in parts for word in part.words}))
        place = {word: number for number, word in enumerate(words)}
        found: dict[str, Any] = {}
        for name, (column, _, _) in SHAPES.items():
            found[name] = Cells.joined(
                [
                    getattr(part, name)
                    if column is None
                    else getattr(part, name).with_words(
                        column, np.array([place[w] for w in part.words], np.int64)
                    )
                    for part in parts
                ]
            )
        lacking = sorted({one for part in parts for one in part.lacking})
        return cls(words=words, lacking=tuple(lacking), **found)

    def as_bytes(self) -> bytes:
        """This will return what `from_bytes` reads back, compressed."""
        found = io.BytesIO()
        told = json.dumps([self.words, self.lacking]).encode()
        columns: dict[str, Any] = {"told": np.frombuffer(told, dtype=np.uint8)}
        for name in SHAPES:
            cells: Cells = getattr(self, name)
            columns[f"{name}_keys"] = cells.keys.astype(np.int32)
            columns[f"{name}_sums"] = cells.sums
        np.savez_compressed(found, **columns)
        return found.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """This will read what `as_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            words, lacking = json.loads(found["told"].tobytes())
            cells = {
                name: Cells(
                    found[f"{name}_keys"].astype(np.int64), found[f"{name}_sums"]
                )
                for name in SHAPES
            }
        return cls(words=tuple(words), lacking=tuple(lacking), **cells)


class Words:
    """Numbers for words, given out as they come."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __call__(self, words: Sequence[str]) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """This will return the numbers of words."""
        known = self.known
        return np.array(
            [known.setdefault(word, len(known)) for word in words], dtype=np.int64
        )

    def told(self) -> tuple[str, ...]:
        """This will return the words in the order of their numbers."""
        return tuple(self.known)
