"""What customers will bring, by segment and plan, as the newest run saw it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.models import Company
from billing.models import Plan
from customers.models import Segment
from health.calculations.clv import Floats
from health.calculations.sum_ranges import FEW, share_of
from health.calculations.what_if import Assumptions, Paths
from health.enums import RunState
from health.models import ForecastVersion, Run, ValuePath


@dataclass(frozen=True, slots=True)
class Kept:
    """The paths of a day, a row for each segment and plan, and the same as arrays."""

    as_of: dt.date
    rows: Sequence[ValuePath]
    paths: Paths

    @property
    def at_risk(self) -> Floats:
        """The value at risk of each row, as the run worked it out."""
        return np.array([float(row.at_risk) for row in self.rows])

    def off(self, groups: NDArray[np.bool_]) -> float | None:
        """This will say how far the sum of some rows may be off, as a share of it.

        One standard deviation; None where it was not learnt, and of too few customers.
        """
        if self.paths.customers[groups].sum() < FEW:
            return None
        some = [row for row, here in zip(self.rows, groups, strict=True) if here]
        expected, own, doubt = (
            np.array([getattr(row, name) for row in some])
            for name in ("expected", "own", "doubt")
        )
        return share_of(expected, own, doubt, np.array([row.plan_id for row in some]))


@dataclass(frozen=True, slots=True)
class Names:
    """What segments and plans are called, by id; 0 stands for none and has no name."""

    segments: dict[int, str]
    plans: dict[int, str]


def assumed(company: Company, *, months: int) -> Assumptions:
    """This will return what the settings say now, for paths of so many months."""
    return Assumptions(
        margin=float(company.gross_margin),
        ticket_cost=float(company.support_cost),
        discount_rate=float(company.discount_rate),
        horizon=min(company.horizon_months, months),
    )


def kept_paths(*, as_of: dt.date) -> Kept | None:
    """This will return the newest paths up to a day. Two to four queries.

    None before any, and where they say nothing: no customers, or no months.
    """
    stored = ValuePath.objects.filter(as_of__lte=as_of).order_by("-as_of", "-id")
    newest = stored.values_list("as_of", flat=True).first()
    if newest is None:
        return None
    rows = list(
        ValuePath.objects.filter(as_of=newest).order_by("segment_id", "plan_id")
    )
    paths = stacked(rows, growth=_growth(newest))
    if not paths.months or not paths.customers.sum():
        return None
    return Kept(newest, rows, paths)


def _growth(day: dt.date) -> float:
    """This will return how revenue grows by the version the day was forecast with."""
    runs = Run.objects.filter(as_of=day, state=RunState.DONE).order_by("-id")
    version = runs.values_list("parameters__forecast__version", flat=True).first()
    if version is None:
        return 0.0
    found = ForecastVersion.objects.filter(pk=version)
    mean = found.values_list("content__growth__mean", flat=True).first()
    return float(mean or 0.0)


def stacked(rows: Sequence[ValuePath], *, growth: float = 0.0) -> Paths:
    """This will lay rows upon each other, as far as the shortest of them looks."""
    months = min((len(row.alive) for row in rows), default=0)

    def series(name: str) -> Floats:
        values = [getattr(row, name)[:months] for row in rows]
        return np.array(values, dtype=float).reshape(len(rows), months)

    return Paths(
        customers=np.array([float(row.customers) for row in rows]),
        mrr=np.array([float(row.mrr) for row in rows]),
        alive=series("alive"),
        revenue=series("revenue"),
        tickets=series("tickets"),
        growth=growth,
    )


def path_names() -> Names:
    """This will name segments and plans. Two queries."""
    segments = Segment.objects.order_by("id").values_list("id", "name")
    plans = Plan.objects.order_by("id").values_list("id", "name")
    return Names(dict(segments), dict(plans))
