"""Sums over the customers that were won, added up part by part, and who shares which cost.

A cell is the customers of one group and year of winning that came by the same source and
campaign. Codes: source −1 and campaign −1 are all that are not kept apart, source 0 and
campaign 0 are not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.acquired import GroupSums
from health.calculations.scoring import Floats

MONTHS = 36
KEYS = ("group", "year", "source", "campaign")
SUMS = ("customers", "value", "squares", "spread", "future", "own_cost")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Won:
    """What n customers brought, (n,) each; `margin` by month since the start."""

    keys: Ints  # (n, 4): KEYS
    sums: Floats  # (n, 6): SUMS
    tenure: Ints  # whole months since the start, those gone included
    customer: NDArray[np.intp]  # (m,) place of the customer of a payment or a ticket
    month: Ints  # (m,) since the customer's start
    amount: Floats  # (m,) margin, or minus the cost


@dataclass(frozen=True, slots=True)
class Table:
    """One way to group: c cells, and p paths by group, year (and source and campaign)."""

    keys: Ints  # (c, 4)
    sums: Floats  # (c, 6)
    path_keys: Ints  # (p, 4)
    margin: Floats  # (p, MONTHS)
    through: Floats  # (p, MONTHS)

    def plus(self, other: "Table") -> "Table":
        """This will add the same way of grouping other customers."""
        keys, sums = added(
            np.concatenate([self.keys, other.keys]),
            np.concatenate([self.sums, other.sums]),
        )
        months = np.concatenate(
            [
                np.concatenate([self.margin, self.through], axis=1),
                np.concatenate([other.margin, other.through], axis=1),
            ]
        )
        path_keys, paths = added(
            np.concatenate([self.path_keys, other.path_keys]), months
        )
        return Table(keys, sums, path_keys, paths[:, :MONTHS], paths[:, MONTHS:])

    def years(self, chosen: Sequence[int]) -> "Table":
        """This will keep the customers won in some years."""
        cells = np.isin(self.keys[:, 1], chosen)
        paths = np.isin(self.path_keys[:, 1], chosen)
        return Table(
            self.keys[cells],
            self.sums[cells],
            self.path_keys[paths],
            self.margin[paths],
            self.through[paths],
        )

    def as_json(self) -> dict[str, Any]:
        """This will write itself; amounts to the cent."""
        return {
            "keys": self.keys.tolist(),
            "sums": self.sums.round(2).tolist(),
            "path_keys": self.path_keys.tolist(),
            "margin": self.margin.round(2).tolist(),
            "through": self.through.astype(np.int64).tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Table":
        """This will read what `as_json` wrote."""
        return cls(
            _ints(data["keys"]),
            _floats(data["sums"], len(SUMS)),
            _ints(data["path_keys"]),
            _floats(data["margin"], MONTHS),
            _floats(data["through"], MONTHS),
        )


def _ints(rows: list[list[int]]) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, len(KEYS))


def _floats(rows: list[list[float]], width: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, width)


EMPTY = Table(
    _ints([]),
    _floats([], len(SUMS)),
    _ints([]),
    _floats([], MONTHS),
    _floats([], MONTHS),
)


def added(keys: Ints, rows: Floats) -> tuple[Ints, Floats]:
    """This will add rows (n, d) with equal keys (n, 4)."""
    found, place = np.unique(keys, axis=0, return_inverse=True)
    total = np.zeros((len(found), rows.shape[1]))
    np.add.at(total, place.reshape(-1), rows)
    return found, total


def table_of(won: Won, group: Ints | None = None) -> Table:
    """This will sum customers by a group (n,), or by source and campaign without one.

    Paths by group need no source and campaign; without a group they are the group.
    """
    keys = won.keys.copy()
    path_keys = won.keys.copy()
    if group is not None:
        keys[:, 0] = path_keys[:, 0] = group
        path_keys[:, 2:] = 0
    cells, sums = added(keys, won.sums)
    found, place = np.unique(path_keys, axis=0, return_inverse=True)
    place = place.reshape(-1)
    margin = np.zeros((len(found), MONTHS))
    # A month counts once it is over, or early payers would speak for all.
    over = won.month < np.minimum(won.tenure[won.customer], MONTHS)
    np.add.at(margin, (place[won.customer[over]], won.month[over]), won.amount[over])
    through = np.zeros((len(found), MONTHS + 1))
    np.add.at(through, (place, np.minimum(won.tenure, MONTHS)), 1.0)
    # Who has been here for k months is through months 0 to k − 1.
    reached = through[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return Table(cells, sums, found, margin, reached)


@dataclass(frozen=True, slots=True)
class Spend:
    """Money spent in a year on a source, or on a campaign of it; codes as in cells.

    In the company's currency. A spend on a campaign belongs to its source, too.
    """

    source: int
    campaign: int  # 0 for none
    year: int
    amount: float


@dataclass(frozen=True, slots=True)
class Shares:
    """What each customer won by a source and campaign in a year has cost."""

    source: dict[tuple[int, int], float]  # by source and year, spent on no campaign
    campaign: dict[tuple[int, int], float]
    since: dict[tuple[str, int], int]  # the first year with dated spend
    idle: list[Spend] = field(default_factory=list)  # in that year it brought nobody

    def of(self, key: Sequence[int]) -> tuple[float, bool]:
        """This will return the cost of a customer of a cell, and whether that is all.

        It is not before the first dated spend of its source or campaign: there the cost
        that stands at the customer itself counts, and never both.
        """
        _group, year, source, campaign = key
        cost = self.source.get((source, year), 0.0)
        if campaign:
            cost += self.campaign.get((campaign, year), 0.0)
        begun = [
            self.since.get(("source", source)),
            self.since.get(("campaign", campaign)),
        ]
        return cost, any(first is not None and year >= first for first in begun)


def shares_of(origins: Table, spent: Sequence[Spend]) -> Shares:
    """This will share what was spent in a year among the customers won in it.

    `origins` is the table by source and campaign, of all years.
    """
    by_source: dict[tuple[int, int], float] = {}
    by_campaign: dict[tuple[int, int], float] = {}
    for (_g, year, source, campaign), sums in zip(
        origins.keys.tolist(), origins.sums.tolist(), strict=True
    ):
        by_source[source, year] = by_source.get((source, year), 0.0) + sums[0]
        if campaign:
            place = (campaign, year)
            by_campaign[place] = by_campaign.get(place, 0.0) + sums[0]
    shares = Shares({}, {}, {})
    for one in spent:
        _share(shares, one, by_campaign if one.campaign else by_source)
    return shares


def _share(shares: Shares, one: Spend, won: dict[tuple[int, int], float]) -> None:
    for kind in (("source", one.source), ("campaign", one.campaign)):
        if kind[1]:
            shares.since[kind] = min(shares.since.get(kind, one.year), one.year)
    code = one.campaign or one.source
    customers = won.get((code, one.year), 0.0)
    if not customers:
        shares.idle.append(one)
        return
    costs = shares.campaign if one.campaign else shares.source
    place = (code, one.year)
    costs[place] = costs.get(place, 0.0) + one.amount / customers


def group_sums(table: Table, shares: Shares, *, by: str = "group") -> GroupSums:
    """This will sum the cells of a table by "group", "source" or "campaign".

    By source and campaign, money that brought nobody in its year counts where it was
    spent, and makes a group without customers where there are none at all.
    """
    column = KEYS.index(by)
    idle = [
        one
        for one in shares.idle
        if by == "source" or (by == "campaign" and one.campaign)
    ]
    alone = np.array([getattr(one, by) for one in idle], dtype=np.int64)
    groups = np.unique(np.concatenate([table.keys[:, column], alone]))
    place = np.searchsorted(groups, table.keys[:, column])
    sums = np.zeros((len(groups), len(SUMS)))
    np.add.at(sums, place, table.sums)
    spent = np.zeros(len(groups))
    np.add.at(spent, place, _costs(table, shares))
    np.add.at(spent, np.searchsorted(groups, alone), [one.amount for one in idle])
    months = np.zeros((len(groups), 2 * MONTHS))
    np.add.at(
        months,
        np.searchsorted(groups, table.path_keys[:, column]),
        np.concatenate([table.margin, table.through], axis=1),
    )
    customers, value, squares, spread, future, _own = sums.T
    return GroupSums(
        groups,
        customers,
        value,
        squares,
        spread,
        future,
        spent,
        months[:, :MONTHS],
        months[:, MONTHS:],
    )


def _costs(table: Table, shares: Shares) -> Floats:
    """This will return what the customers of each cell have cost, (c,)."""
    costs = np.zeros(len(table.keys))
    for place, key in enumerate(table.keys.tolist()):
        each, dated = shares.of(key)
        customers, own = table.sums[place, 0], table.sums[place, -1]
        costs[place] = each * customers + (0.0 if dated else own)
    return costs
