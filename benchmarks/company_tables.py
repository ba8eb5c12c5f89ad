"""What a simulated company shows of itself, and the rows a model learns from it.

Months are whole numbers. Usage, tickets, answers and invoices of month m are known at its
end; who leaves in month m pays that month no more. A customer starts, is billed and leaves
in the middle of a month; landmarks lie at the ends, so that one who leaves k months on is
gone (k − ½) months after the day.
"""

import csv
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import MONTH_DAYS, STAYED, Landmarks

Floats = NDArray[np.float64]
GROSS_MARGIN = 0.8
TICKET_COST = 25.0
YEARLY_DISCOUNT = 0.10
# `gone` of a customer that stays to the end.
HERE = 10_000
NAMES = (
    "usage_level",
    "usage_trend",
    "active_share",
    "active_trend",
    "features_used",
    "tickets",
    "escalations",
    "nps",
    "late_payments",
    "seats",
    "tenure",
)


@dataclass(frozen=True, slots=True)
class Company:
    """n customers over m months. Tables are (n, m), NaN where there was no customer."""

    start: NDArray[np.int64]
    plan: NDArray[np.int64]
    annual: NDArray[np.bool_]
    seats: Floats
    gone: NDArray[np.int64]  # the first month it is not there; HERE
    mrr: Floats
    events: Floats
    active: Floats
    features: Floats
    tickets: Floats
    escalated: Floats
    nps: Floats
    late: Floats

    @property
    def months(self) -> int:
        return int(self.mrr.shape[1])

    def seen_only(self, there: NDArray[np.bool_]) -> Self:
        """This will blank the months in which a customer is not there."""
        tables = {
            field.name: np.where(there, getattr(self, field.name), np.nan)
            for field in fields(self)
            if getattr(self, field.name).ndim == 2
        }
        return replace(self, **tables)

    def active_at(self, month: int) -> NDArray[np.int64]:
        """This will return the rows of the customers there at the end of a month."""
        return np.flatnonzero((self.start <= month) & (self.gone > month))


def landmarks(company: Company, months: list[int], *, known_to: int) -> Landmarks:
    """This will return who was there at the end of each month, as was known then.

    What happened after the end of month `known_to` counts as not yet known.
    """
    grids = [_at(company, month, known_to) for month in months]
    columns = {
        field.name: np.concatenate([getattr(grid, field.name) for grid in grids])
        for field in fields(Landmarks)
        if field.name != "names"
    }
    return Landmarks(**columns, names=NAMES)


def _at(company: Company, month: int, known_to: int) -> Landmarks:
    rows = company.active_at(month)
    age = month - company.start[rows]
    gone = company.gone[rows]
    ahead = np.where(gone <= known_to, gone - month, HERE)
    annual = company.annual[rows]
    left = np.where(ahead == HERE, STAYED, ((ahead - 0.5) * MONTH_DAYS).astype(int))
    until = np.where(annual, 12 - age % 12, 1)
    return Landmarks(
        customer=rows,
        day=np.full(len(rows), _day(month), dtype=np.int32),
        segment=np.zeros(len(rows), dtype=np.int64),
        plan=company.plan[rows] + 1,
        tenure=((age + 0.5) * MONTH_DAYS).astype(np.int32),
        interval=np.where(annual, 12, 1).astype(np.int32),
        renewal=((until - 0.5) * MONTH_DAYS).astype(np.int32),
        mrr=company.mrr[rows, month],
        features=_features(company, rows, month),
        names=NAMES,
        left_after=left.astype(np.int32),
        observed=np.full(len(rows), _day(known_to) - _day(month), dtype=np.int32),
        involuntary=np.zeros(len(rows), dtype=bool),
    )


def _day(month: int) -> int:
    """This will return the day that ends a month; rounded up, so that months are whole."""
    return int(np.ceil((month + 1) * MONTH_DAYS))


def _features(
    company: Company, rows: NDArray[np.int64], month: int
) -> NDArray[np.float32]:
    seats = company.seats[rows]
    share = company.active / company.seats[:, None]

    def mean(table: Floats, months: int) -> Floats:
        part = table[rows, max(0, month - months + 1) : month + 1]
        there = ~np.isnan(part)
        return np.asarray(np.nansum(part, axis=1) / np.maximum(1, there.sum(axis=1)))

    columns = [
        np.log1p(mean(company.events, 3)),
        np.log1p(company.events[rows, month]) - np.log1p(mean(company.events, 6)),
        mean(share, 3),
        share[rows, month] - mean(share, 6),
        mean(company.features, 3),
        mean(company.tickets, 3),
        mean(company.escalated, 6),
        _latest(company.nps[rows, : month + 1]),
        mean(company.late, 6),
        np.log(seats),
        np.log1p(month - company.start[rows]),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _latest(table: Floats) -> Floats:
    """This will return the last value known of each row; NaN for none."""
    known = ~np.isnan(table)
    last = table.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(table[np.arange(len(table)), last])


def realised(
    company: Company, at: int, months: int
) -> tuple[NDArray[np.int64], Floats]:
    """This will return who was there at the end of a month, and the margin each then made.

    Discounted to that day, after support; the months ahead must lie in the tables.
    """
    rows = company.active_at(at)
    ahead = slice(at + 1, at + 1 + months)
    discount = (1.0 + YEARLY_DISCOUNT) ** (-np.arange(1, months + 1) / 12.0)
    margin = GROSS_MARGIN * company.mrr - TICKET_COST * company.tickets
    return rows, np.asarray(np.nan_to_num(margin[rows, ahead]) @ discount)


def read_company(folder: Path) -> Company:
    """This will read a company from the CSV tables of `sim_saas_seed101`."""
    accounts, churn = (
        read_columns(folder / "accounts.csv"),
        read_columns(folder / "churn.csv"),
    )
    size = len(accounts["account"])
    gone = np.full(size, HERE)
    gone[churn["account"].astype(int)] = churn["month"].astype(int)
    sources: tuple[tuple[str, float, dict[str, str]], ...] = (
        ("invoices.csv", np.nan, {"mrr": "mrr", "late": "late"}),
        (
            "usage.csv",
            np.nan,
            {"events": "events", "active_users": "active", "features": "features"},
        ),
        (
            "tickets.csv",
            0.0,
            {"tickets": "tickets", "escalated": "escalated"},
        ),
        ("nps.csv", np.nan, {"score": "nps"}),
    )
    tables: dict[str, Any] = {}
    months = 0
    for name, missing, columns in sources:
        read = read_columns(folder / name)
        months = months or int(read["month"].max()) + 1
        for column, table in columns.items():
            values = np.full((size, months), missing)
            values[read["account"].astype(int), read["month"].astype(int)] = read[
                column
            ]
            tables[table] = values
    company = Company(
        start=accounts["start"].astype(int),
        plan=accounts["plan"].astype(int),
        annual=accounts["annual"] == 1,
        seats=accounts["seats"],
        gone=gone,
        **tables,
    )
    return company.seen_only(~np.isnan(company.mrr))


def read_columns(path: Path) -> dict[str, Floats]:
    """This will read the columns of a table that hold numbers only."""
    with path.open(newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        columns = list(zip(*lines, strict=True))
    return {
        name: np.array(column, dtype=np.float64)
        for name, column in zip(names, columns, strict=True)
        if name not in {"industry", "region"}
    }
