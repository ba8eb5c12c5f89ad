"""Bringing rows of a range of customers in line with what was reckoned.

Raw SQL by COPY, for hundreds of thousands of rows; only customers whose rows differ are
written, so a night on which little happened writes little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from billing.selectors.ledger_reading import Scope
from common.copy import Columns, read_copy, write_copy

Rows = NDArray[np.int64]
# Stands for an empty amount among whole numbers.
EMPTY = -(2**62)
DAY, MONEY, TEXT = "date", "money", "bytes"


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that are compared: columns of a table (the customer first) and their kinds.

    `nullable` names the amounts that may be empty. Only rows with a certain text in a
    column, if `only` names one.
    """

    table: str
    columns: Mapping[str, str]
    nullable: tuple[str, ...] = ()
    only: tuple[str, str] | None = None

    def narrowed(self, condition: str, found: list[Any]) -> tuple[str, list[Any]]:
        """This will keep only these rows among those of a condition."""
        if self.only is None:
            return condition, found
        column, text = self.only
        return f"{condition} AND {column} = %s", [*found, text]


MOVEMENTS = Kept(
    "billing_movement",
    {
        "customer_id": "bigint",
        "day": DAY,
        "currency": "bytes[3]",
        "kind": "smallint",
        "amount": MONEY,
        "before": MONEY,
        "after": MONEY,
        "converted": MONEY,
    },
    nullable=("converted",),
)
FLOWS = ("new", "reactivation", "expansion", "contraction", "churn", "closing")


def differences_of(preset: str) -> Kept:
    """This will describe the differences of a preset."""
    return Kept(
        "billing_conventiondifference",
        {
            "customer_id": "bigint",
            "month": DAY,
            "currency": "bytes[3]",
            **dict.fromkeys(FLOWS, MONEY),
        },
        only=("preset", preset),
    )


def rows_write(kept: Kept, scope: Scope, wanted: Rows) -> int:
    """This will make the rows of some customers be `wanted`; how many were written.

    `wanted` has a column per column of the table: amounts in cents, days as numbers and
    texts as `text_numbers` gives them.
    """
    with connection.cursor() as cursor:
        stands = _stands(cursor, kept, scope)
        changed = _differing(stands, wanted)
        if not len(changed):
            return 0
        where, found = kept.narrowed("customer_id = ANY(%s)", [changed.tolist()])
        cursor.execute(f"DELETE FROM {kept.table} WHERE {where}", found)
        new = wanted[np.isin(wanted[:, 0], changed)]
        _write(cursor, kept, new)
    return len(new)


def text_numbers(texts: NDArray[np.bytes_]) -> Rows:
    """This will turn texts of up to three letters into numbers."""
    return texts.astype("S4").view(">u4").astype(np.int64)


def _stands(cursor: Any, kept: Kept, scope: Scope) -> Rows:
    where, found = kept.narrowed(*scope.condition("customer_id"))
    columns: Columns = {}
    told = []
    for name, kind in kept.columns.items():
        quoted = f'"{name}"'
        if kind == MONEY:
            columns[name] = "bigint"
            told.append(f"COALESCE(({quoted} * 100)::bigint, {EMPTY})")
        elif kind == DAY:
            columns[name] = "date"
            told.append(quoted)
        elif kind.startswith(TEXT):
            columns[name] = "bytes[3]"
            told.append(f"rpad({quoted}, 3)")
        else:
            columns[name] = kind
            told.append(quoted)
    query = cursor.mogrify(
        f"SELECT {', '.join(told)} FROM {kept.table} WHERE {where}", found
    ).decode()
    rows = read_copy(cursor, query, columns)
    table = [
        text_numbers(rows[name].view("S3"))
        if columns[name] == "bytes[3]"
        else rows[name]
        for name in columns
    ]
    return np.stack([column.astype(np.int64) for column in table], axis=1)


def _differing(stands: Rows, wanted: Rows) -> Rows:
    """This will return the customers that have a row on only one of the two sides."""
    both = np.concatenate([stands, wanted])
    both = both[np.lexsort(both.T[::-1])]
    same = (both[1:] == both[:-1]).all(axis=1)
    twin = np.append(same, False)[: len(both)] | np.append(False, same)[: len(both)]
    return np.unique(both[~twin, 0])


def _write(cursor: Any, kept: Kept, rows: Rows) -> None:
    values: dict[str, NDArray[Any]] = {}
    absent = {}
    for place, (name, kind) in enumerate(kept.columns.items()):
        column = rows[:, place]
        if name in kept.nullable:
            absent[name] = column == EMPTY
            column = np.where(absent[name], 0, column)
        values[name] = _value(kind, column)
    columns = dict(kept.columns)
    if kept.only is not None:
        name, text = kept.only
        columns[name] = f"bytes[{len(text)}]"
        values[name] = np.full(len(rows), text.encode()).view(f"V{len(text)}")
    write_copy(cursor, kept.table, columns, values, absent=absent or None)


def _value(kind: str, column: Rows) -> NDArray[Any]:
    if kind == MONEY:
        return column / 100
    if kind.startswith(TEXT):
        return column.astype(">u4").view("S4").astype("S3").view("V3")
    return column
