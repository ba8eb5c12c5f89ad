"""Usage added up by month: what makes 30 million rows a matter of seconds.

Each month is read from its own partition, so nothing is merged; days are compared only
where the year or a window cuts a month, which is a third of the work. The days of a month fit into a number's bits: bit d for day d, and
bit 32 + d where that day was one of use. A customer whose days covered are not as many as
its different days has roll-ups or corrections; its rows are read one by one.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.dates import POSTGRES_EPOCH
from common.partitions import month_partitions, month_start, next_month
from health.calculations import usage_days
from health.calculations.groups import Groups
from health.calculations.usage_days import NEVER, Usage
from health.selectors.facts.moment import DAY
from health.selectors.facts.reading import Reader, Rows

TABLE = "customers_usagedaily"
BIT = "day - %(month{n})s"
DAYS = " AND day >= %(from{n})s AND day <= %(to{n})s"
STATEMENT = """
SELECT customer_id, {n}, sum(period_days),
  bit_or(CASE WHEN greatest(events, active_users) > 0 THEN 4294967297 ELSE 1 END << ({bit})),
  coalesce(bit_or(CASE WHEN key_events > 0 THEN 1 << ({bit})
    WHEN key_events IS NOT NULL THEN 0 END), -1), {sums}
FROM {table}
WHERE customer_id BETWEEN %(first)s AND %(last)s AND recorded_on <= %(as_of)s{days}
GROUP BY customer_id
"""
SUMS = {
    "recent": (
        "sum(active_users)",
        "max(active_users)",
        "sum(events)",
        "max(features)",
    ),
    "earlier": ("sum(active_users)", "sum(events)", "max(features)"),
}
COLUMNS = {
    "customer_id": "bigint",
    "month": "integer",
    "covered": "bigint",
    "days": "bigint",
    "key": "integer",
    "users_recent": "bigint",
    "users_peak": "integer",
    "events_recent": "bigint",
    "features_peak": "integer",
    "users_earlier": "bigint",
    "events_earlier": "bigint",
    "features_before": "integer",
}
KINDS = {"bigint": np.int64, "integer": np.int32}


@dataclass(frozen=True, slots=True)
class Month:
    """A month of usage, cut to the year that ends with the last day."""

    first: dt.date
    begin: dt.date
    end: dt.date
    partition: str | None = None  # None: has none of its own

    @property
    def is_whole(self) -> bool:
        """Whether all days of its partition are within the year."""
        return self.begin == self.first and self.end == next_month(self.first) - DAY

    def bits(self, begin: dt.date, end: dt.date) -> int:
        """This will set the bits of the days of this month from a day to another."""
        low, high = max(begin, self.begin), min(end, self.end)
        if low > high:
            return 0
        length = (high - low).days + 1
        return ((1 << length) - 1) << (low - self.first).days


def months_until(end: dt.date) -> list[Month]:
    """This will list the months of the year that ends with a day, the newest first.

    Those without any rows are left out: a statement's parts take time to plan. One query.
    """
    partitions, no_others = month_partitions(table=TABLE)
    begin, first, months = end - usage_days.YEAR * DAY, month_start(end), []
    while next_month(first) > begin:
        last = min(next_month(first) - DAY, end)
        if first in partitions or not no_others:
            months.append(Month(first, max(first, begin), last, partitions.get(first)))
        first = month_start(first - DAY)
    return months


def windows(end: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """This will return the first and last days of the windows that are added up."""
    edge = end - (usage_days.RECENT - 1) * DAY
    return {
        "recent": (edge, end),
        "earlier": (end - usage_days.EARLIER * DAY, edge - DAY),
    }


def _part(n: int, month: Month, end: dt.date) -> str:
    """This will write the statement of a month; filters only where a window cuts it."""
    sums = []
    for name, (begin, until) in windows(end).items():
        outside = month.end < begin or month.begin > until
        cuts = [f"day >= %({name}_from)s"] if begin > month.begin else []
        cuts += [f"day <= %({name}_to)s"] if until < month.end else []
        within = f" FILTER (WHERE {' AND '.join(cuts)})" if cuts else ""
        for expression in SUMS[name]:
            some = expression + within
            none = f"'{NEVER}'::int" if expression.startswith("max") else "0::bigint"
            sums.append(none if outside else f"coalesce({some}, {none})")
    # Without a partition of its own the planner finds those that hold the month, if any.
    cut = month.partition is None or not month.is_whole
    return STATEMENT.format(
        n=n,
        bit=BIT.format(n=n),
        sums=", ".join(sums),
        table=month.partition or TABLE,
        days=DAYS.format(n=n) if cut else "",
    )


def month_rows(reader: Reader, months: list[Month], end: dt.date) -> Rows:
    """This will read a row per customer and month with usage. One statement, if any."""
    if not months:
        return {name: np.empty(0, KINDS[kind]) for name, kind in COLUMNS.items()}
    more: dict[str, dt.date] = {}
    for name, (begin, until) in windows(end).items():
        more |= {f"{name}_from": begin, f"{name}_to": until}
    for n, month in enumerate(months):
        more |= {f"month{n}": month.first, f"from{n}": month.begin, f"to{n}": month.end}
    parts = (f"({_part(n, month, end)})" for n, month in enumerate(months))
    statement = " UNION ALL ".join(parts)
    rows = reader.rows(statement, COLUMNS, **more)
    order = np.argsort(rows["customer_id"], kind="stable")
    return {name: column[order] for name, column in rows.items()}


def is_plain(rows: Rows) -> NDArray[np.bool_]:
    """This will say of each month whether its rows are single days without corrections."""
    plain: NDArray[np.bool_] = rows["covered"] == _count(rows["days"] & 0xFFFFFFFF)
    return plain


def usage_of_months(
    ids: NDArray[np.int64], rows: Rows, months: list[Month], end: dt.date
) -> Usage:
    """This will put months together that are plain, per customer."""
    groups = Groups(ids, rows["customer_id"])
    r = {name: column[groups.rows] for name, column in rows.items()}
    days, used = r["days"] & 0xFFFFFFFF, r["days"] >> 32

    def within(begin: dt.date, until: dt.date) -> NDArray[np.int64]:
        masks = np.array([m.bits(begin, until) for m in months], dtype=np.int64)
        return masks[r["month"]] if len(masks) else r["days"]

    def counted(bits: NDArray[np.int64]) -> NDArray[np.int64]:
        return groups.sum(_count(bits)).astype(np.int64)

    def last(bits: NDArray[np.int64]) -> NDArray[np.int64]:
        first = np.array([(m.first - POSTGRES_EPOCH).days for m in months])
        day = np.where(bits > 0, first[r["month"]] + np.frexp(bits)[1] - 1, NEVER)
        return groups.highest(day, NEVER)

    def peak(name: str) -> NDArray[np.float64]:
        highest = groups.highest(r[name], NEVER)
        return np.where(highest == NEVER, 0, highest).astype(np.float64)

    spans = windows(end)
    return Usage(
        days=counted(days),
        rolled_up=np.zeros(len(ids), dtype=np.bool_),
        unused=last(used),
        active=counted(used & within(end - (usage_days.MONTH - 1) * DAY, end)),
        active_14=counted(used & within(end - (usage_days.FORTNIGHT - 1) * DAY, end)),
        users_recent=groups.sum(r["users_recent"]),
        users_earlier=groups.sum(r["users_earlier"]),
        users_peak=peak("users_peak"),
        events_recent=groups.sum(r["events_recent"]),
        events_earlier=groups.sum(r["events_earlier"]),
        covered_recent=counted(days & within(*spans["recent"])).astype(np.float64),
        covered_earlier=counted(days & within(*spans["earlier"])).astype(np.float64),
        features_peak=peak("features_peak"),
        features_before=peak("features_before"),
        key_known=groups.any(r["key"] >= 0),
        key=last(np.maximum(r["key"], 0).astype(np.int64)),
    )


def _count(bits: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.bitwise_count(bits)
