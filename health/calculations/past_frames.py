"""Past days as the forecasts learn from them: landmark rows, and what stood beside them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

SCORE = "score:"
COLUMNS = ("tickets", "earned", "band", "buyer")


@dataclass(frozen=True, slots=True)
class PastFrames:
    """n rows of a customer on a day; every column has n values.

    `band` is that of the scorecards in use today, each customer by its own; `scores` are
    those of several scorecard versions by their id ("in_use" for the ones in use), NaN
    where the score was unknown or the version was not for that customer.
    """

    rows: Landmarks
    tickets: Floats  # support tickets opened so far
    earned: Floats  # paid so far, in the company's currency
    band: NDArray[np.int16]
    buyer: NDArray[np.bool_]  # buys without a subscription
    scores: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.rows)

    def chosen(self, which: NDArray[Any]) -> Self:
        """This will return some of the rows, by a mask or by places."""
        return type(self)(
            self.rows.chosen(which),
            self.tickets[which],
            self.earned[which],
            self.band[which],
            self.buyer[which],
            {name: score[which] for name, score in self.scores.items()},
        )

    def without_buyers(self) -> Self:
        """This will leave out who buys without a subscription: nobody tells when they go.

        What becomes of them is another model's (`buyers`). Where there is nobody else, all
        rows stay: so much is known at least, that nobody has been told of as leaving.
        """
        others = self.chosen(~self.buyer)
        return others if len(others) else self

    def seen_until(self, day: int) -> Self:
        """This will return the rows as they could have been had at the end of a day."""
        kept = self.chosen(self.rows.day <= day)
        return replace(kept, rows=kept.rows.seen_until(day))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will put parts one after the other; at least one part.

        Raises ValueError for parts with other features or other scores.
        """
        names = {tuple(part.scores) for part in parts}
        if len(names) != 1:
            msg = "These rows were not scored by the same scorecards."
            raise ValueError(msg)
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in COLUMNS
        }
        scores = {
            name: np.concatenate([part.scores[name] for part in parts])
            for name in names.pop()
        }
        rows = Landmarks.joined([part.rows for part in parts])
        return cls(rows=rows, scores=scores, **columns)

    def as_bytes(self) -> bytes:
        """This will return what `from_bytes` reads back, compressed."""
        found = io.BytesIO()
        columns: dict[str, Any] = {
            "rows": np.frombuffer(self.rows.as_bytes(), dtype=np.uint8),
            **{name: getattr(self, name) for name in COLUMNS},
            **{SCORE + name: score for name, score in self.scores.items()},
        }
        np.savez_compressed(found, **columns)
        return found.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """This will read what `as_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            columns: dict[str, Any] = {name: found[name] for name in COLUMNS}
            scores = {
                name.removeprefix(SCORE): found[name]
                for name in found.files
                if name.startswith(SCORE)
            }
            rows = Landmarks.from_bytes(found["rows"].tobytes())
        return cls(rows=rows, scores=scores, **columns)
