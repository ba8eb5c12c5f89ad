"""What changes when the same customers are scored in another way.

Counted part by part and added up, so that a million customers need no more memory than a
few thousand. Revenue is counted in cents, which add up exactly in any order.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

Ints = NDArray[np.integer[Any]]
# Bands as health.enums.Band stores them: unknown, at risk, watch, healthy.
BANDS = 4
UNKNOWN = 0
# The distribution is drawn in steps of five points.
BINS = 20
MOVERS = 50
Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores and bands of n customers."""

    score: Floats
    band: Ints


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose score changes; `cents` is its monthly revenue."""

    customer_id: int
    before: float
    after: float
    band_before: int
    band_after: int
    cents: int

    @property
    def change(self) -> float:
        return self.after - self.before


NONE: Table = ((0,) * BANDS,) * BANDS


@dataclass(frozen=True, slots=True)
class Difference:
    """Tables are band before by band after; bins count those whose score is known."""

    customers: Table = NONE
    cents: Table = NONE
    bins_before: tuple[int, ...] = (0,) * BINS
    bins_after: tuple[int, ...] = (0,) * BINS
    compared: int = 0  # customers with a known score before and after
    change: float = 0.0  # the sum of their changes
    fallen: int = 0  # customers that the new scorecard scores at all
    fallen_cents: int = 0
    up: list[Mover] = field(default_factory=list)
    down: list[Mover] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(map(sum, self.customers))

    @property
    def changed(self) -> int:
        """How many change band."""
        return off_diagonal(self.customers)

    @property
    def changed_cents(self) -> int:
        return off_diagonal(self.cents)

    @property
    def mean(self) -> float | None:
        """The mean change in points, None where nobody can be compared."""
        return self.change / self.compared if self.compared else None

    def plus(self, other: "Difference") -> "Difference":
        """This will add another part of the portfolio."""
        return Difference(
            _sum(self.customers, other.customers),
            _sum(self.cents, other.cents),
            tuple(map(sum, zip(self.bins_before, other.bins_before, strict=True))),
            tuple(map(sum, zip(self.bins_after, other.bins_after, strict=True))),
            self.compared + other.compared,
            self.change + other.change,
            self.fallen + other.fallen,
            self.fallen_cents + other.fallen_cents,
            _biggest([*self.up, *other.up]),
            _biggest([*self.down, *other.down]),
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def off_diagonal(table: Table) -> int:
    """This will sum the cells of those who change."""
    rows = enumerate(table)
    return sum(n for i, row in rows for j, n in enumerate(row) if i != j)


def difference(
    ids: Ints, cents: Ints, before: Scored, after: Scored, falls: NDArray[np.bool_]
) -> Difference:
    """This will compare n customers scored in two ways; `falls` marks who is affected.

    Scores count where the band is known on both sides. No loop over customers.
    """
    both = (before.band != UNKNOWN) & (after.band != UNKNOWN)
    change = np.where(both, after.score - before.score, 0.0)
    return Difference(
        customers=_table(before.band, after.band, np.ones(len(ids), dtype=np.int64)),
        cents=_table(before.band, after.band, cents),
        bins_before=_bins(before),
        bins_after=_bins(after),
        compared=int(both.sum()),
        change=float(change.sum()),
        fallen=int(falls.sum()),
        fallen_cents=int(cents[falls].sum()),
        up=_movers(change, ids, cents, before, after),
        down=_movers(-change, ids, cents, before, after),
    )


def difference_from(data: dict[str, Any]) -> Difference:
    """This will read what `as_json` wrote."""
    lists = {name: [Mover(**row) for row in data[name]] for name in ("up", "down")}
    tables = {name: tuple(map(tuple, data[name])) for name in ("customers", "cents")}
    bins = {name: tuple(data[name]) for name in ("bins_before", "bins_after")}
    return Difference(**{**data, **tables, **bins, **lists})


def _table(before: Ints, after: Ints, counted: Ints) -> Table:
    found = np.zeros((BANDS, BANDS), dtype=np.int64)
    np.add.at(found, (before.astype(np.intp), after.astype(np.intp)), counted)
    return tuple(tuple(row) for row in found.tolist())


def _bins(scored: Scored) -> tuple[int, ...]:
    known = scored.score[scored.band != UNKNOWN]
    places = np.clip(known // (100 / BINS), 0, BINS - 1).astype(np.intp)
    return tuple(np.bincount(places, minlength=BINS).tolist())


def _movers(
    climb: Floats, ids: Ints, cents: Ints, before: Scored, after: Scored
) -> list[Mover]:
    """This will list those that climb most; of equals the smaller id comes first."""
    order = np.lexsort((ids, -climb))[:MOVERS]
    return [
        Mover(
            int(ids[row]),
            float(before.score[row]),
            float(after.score[row]),
            int(before.band[row]),
            int(after.band[row]),
            int(cents[row]),
        )
        for row in order
        if climb[row] > 0
    ]


def _biggest(movers: Sequence[Mover]) -> list[Mover]:
    return sorted(movers, key=lambda one: (-abs(one.change), one.customer_id))[:MOVERS]


def _sum(one: Table, other: Table) -> Table:
    rows = zip(one, other, strict=True)
    return tuple(tuple(map(sum, zip(*pair, strict=True))) for pair in rows)
