"""How what customers will bring has moved from day to day."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from accounts.models import Company
from health.calculations.what_if import Assumptions, Paths
from health.enums import RunState
from health.models import Run, ValuePath
from health.selectors.portfolio_days import DAILY
from health.selectors.value_paths import Kept, assumed, stacked

WEEK = 7


@dataclass(frozen=True, slots=True)
class ValueDay:
    """All customers of a kept day, as one group, and what was reckoned with that day."""

    as_of: dt.date
    paths: Paths
    assumptions: Assumptions
    off: float | None = None  # one standard deviation of the sum, as a share of it


def value_days(*, as_of: dt.date, days: int, company: Company) -> list[ValueDay]:
    """This will return kept days up to a day, oldest first. Two queries.

    Up to 90 days every day, beyond that the last one of each week. A day whose run is not
    known is reckoned with the present settings. Memory: the rows of a day at a time.
    """
    span = (as_of - dt.timedelta(days=days), as_of)
    stored = ValuePath.objects.filter(as_of__range=span)
    by_day = stored.order_by("as_of", "id").iterator(chunk_size=500)
    then = settings_then(span)
    place = _placed(as_of, days)
    found: dict[int, ValueDay] = {}
    for day, rows in itertools.groupby(by_day, key=lambda row: row.as_of):
        kept = list(rows)
        whole = Kept(day, kept, stacked(kept))
        paths = _together(whole.paths)
        if paths.months and paths.customers.sum():
            reckoned = then.get(day) or assumed(company, months=paths.months)
            off = whole.off(np.ones(len(kept), dtype=np.bool_))
            found[place(day)] = ValueDay(day, paths, reckoned, off)
    return [found[number] for number in sorted(found, reverse=True)]


def _placed(as_of: dt.date, days: int) -> Callable[[dt.date], int]:
    """This will number days, or weeks where a whole year is shown, back from the last."""
    step = 1 if days <= DAILY else WEEK
    return lambda day: (as_of - day).days // step


def settings_of(day: dt.date) -> Assumptions | None:
    """This will return what the newest run of a day reckoned with. One query."""
    return settings_then((day, day)).get(day)


def settings_then(span: tuple[dt.date, dt.date]) -> dict[dt.date, Assumptions]:
    """This will return what the newest run of each day reckoned with. One query."""
    runs = Run.objects.filter(as_of__range=span, state=RunState.DONE).order_by("id")
    return {
        day: Assumptions(
            margin=economics["margin"],
            ticket_cost=economics["support_cost"],
            discount_rate=economics["discount_rate"],
            horizon=economics["horizon_months"],
        )
        for day, economics in runs.values_list("as_of", "parameters__economics")
        if economics
    }


def _together(paths: Paths) -> Paths:
    """This will add all groups up to one."""
    return replace(
        paths,
        customers=paths.customers.sum(keepdims=True),
        mrr=paths.mrr.sum(keepdims=True),
        alive=paths.alive.sum(axis=0, keepdims=True),
        revenue=paths.revenue.sum(axis=0, keepdims=True),
        tickets=paths.tickets.sum(axis=0, keepdims=True),
    )
