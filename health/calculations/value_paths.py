"""What customers will bring month by month, summed by segment and plan.

From such sums any margin, cost, discount rate or shorter horizon can be tried without
going back to the customers. Parts of a company add up to the whole in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.contribution import Contribution
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats
from health.calculations.sum_ranges import SumDoubt
from health.calculations.value_ranges import Worth

KEYS = ("segment", "plan")


@dataclass(frozen=True, slots=True)
class PathSums:
    """g sums over customers, or g customers; (g,) or (g, months) from month 1 on."""

    segment: NDArray[np.int64]  # 0 for none
    plan: NDArray[np.int64]
    customers: NDArray[np.int64]
    mrr: Floats
    churn: Floats  # of the chances of leaving within 90 days
    at_risk: Floats
    expected: Floats  # margin to come within the horizon, discounted
    own: Floats  # variance of it by each one's fate; 0 where nobody learnt how to tell
    doubt: Floats  # how far all of a plan are off together
    alive: Floats  # expected to be there
    revenue: Floats
    tickets: Floats

    def __len__(self) -> int:
        return len(self.segment)

    @classmethod
    def summed(cls, parts: Sequence[Self]) -> Self:
        """This will add up parts with as many months, at least one, by segment and plan.

        Cost: a few passes over their numbers.
        """
        joined = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(cls)
        }
        order = np.lexsort((joined["plan"], joined["segment"]))
        joined = {name: column[order] for name, column in joined.items()}
        if not len(order):
            return cls(**joined)
        keys = [np.diff(joined[name], prepend=joined[name][0] - 1) for name in KEYS]
        starts = np.flatnonzero(np.logical_or(*keys))
        return cls(
            **{
                name: column[starts]
                if name in KEYS
                else np.add.reduceat(column, starts, axis=0)
                for name, column in joined.items()
            }
        )

    def without(self) -> Self:
        """This will return what takes these customers out of a sum."""
        taken = {
            field.name: -getattr(self, field.name)
            for field in fields(self)
            if field.name not in KEYS
        }
        return type(self)(segment=self.segment, plan=self.plan, **taken)

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back without losing a bit."""
        return {
            field.name: getattr(self, field.name).tolist() for field in fields(self)
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote; an older release kept no ranges."""
        whole = (*KEYS, "customers")
        nothing = [0.0] * len(data["mrr"])
        data = {"expected": nothing, "own": nothing, "doubt": nothing} | data
        columns: dict[str, Any] = {
            name: np.array(column, dtype=np.int64 if name in whole else np.float64)
            for name, column in data.items()
        }
        return cls(**columns)


def paths_of(
    rows: Landmarks,
    alive: Floats,
    contribution: Contribution,
    p90: Floats,
    at_risk: Floats,
    worth: Worth,
    doubt: SumDoubt | None,
) -> PathSums:
    """This will sum what n customers will bring in each month, by segment and plan.

    `doubt` is how far sums may be off; None where that was not learnt.
    """
    months = np.arange(1, alive.shape[1] + 1)
    grown = np.exp(contribution.growth.mean * months)
    order = np.lexsort((rows.plan, rows.segment))
    pairs = np.stack([rows.segment, rows.plan], axis=1)[order]
    changes = (np.diff(pairs, axis=0) != 0).any(axis=1)
    begins = np.append(True, changes)[: len(rows)]
    # Nobody makes one part without customers and no pair that it would be of.
    parts = np.split(order, np.flatnonzero(begins)[1:])
    there = np.ones(len(rows))
    doubts = (
        np.zeros((2, len(rows)))
        if doubt is None
        else doubt.parts(rows.plan, worth.own, worth.lever)
    )
    columns = np.stack(
        [
            there,
            rows.mrr,
            contribution.tickets,
            p90,
            at_risk,
            worth.values.expected,
            *doubts,
        ]
    )
    months_of = [columns[:3, part] @ alive[part] for part in parts]
    alive_by, paid_by, tickets_by = np.stack(months_of, axis=1)[:, : begins.sum()]
    heads = np.stack([columns[:, part].sum(axis=1) for part in parts], axis=1)
    heads = heads[:, : begins.sum()]
    return PathSums(
        segment=pairs[begins, 0],
        plan=pairs[begins, 1],
        customers=heads[0].astype(np.int64),
        mrr=heads[1],
        churn=heads[3],
        at_risk=heads[4],
        expected=heads[5],
        own=heads[6],
        doubt=heads[7],
        alive=alive_by,
        revenue=paid_by * grown,
        tickets=tickets_by,
    )
