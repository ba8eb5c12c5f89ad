"""PostgreSQL's binary COPY format to and from numpy, for fixed-width rows.

A row is an int16 with the number of fields, then per field an int32 length and the bytes,
all big-endian (PostgreSQL manual, "COPY", section Binary Format). When every column is
NOT NULL and of fixed width, a whole result is one structured array and needs no loop.
"""

import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"

# Kinds of columns: numpy's big-endian code, and the element's type id for arrays.
WIDTHS = {
    "bigint": ">i8",
    "integer": ">i4",
    "smallint": ">i2",
    "real": ">f4",
    "double": ">f8",
    "date": ">i4",
    "boolean": "?",
}
# An amount to the cent goes as numeric: four whole digits to a base of 10,000 and one of
# fractions, the first of weight 3 (PostgreSQL's numeric_send).
MONEY = np.dtype(
    [(name, ">i2") for name in ("ndigits", "weight", "sign", "dscale")]
    + [("digits", ">i2", (5,))]
)
NEGATIVE = 0x4000
LARGEST = 1e16
ELEMENT_TYPES = {"smallint": 21, "real": 700}
Columns = dict[str, str]
# Rows that are laid out at a time.
PIECE = 2_048


def row_dtype(columns: Columns) -> np.dtype[Any]:
    """This will give the layout of one row.

    `real[3]` is an array of three reals, `bytes[12]` a bytea of twelve bytes.
    """
    return _row_dtype(tuple(columns.items()))


@lru_cache(maxsize=64)
def _row_dtype(columns: tuple[tuple[str, str], ...]) -> np.dtype[Any]:
    fields: list[tuple[str, Any]] = [("#", ">i2")]
    for name, kind in columns:
        element, _, size = kind.rstrip("]").partition("[")
        fields.append((f"{name}#", ">i4"))
        if element == "bytes":
            fields.append((name, f"V{size}"))
        elif kind == "money":
            fields.append((name, MONEY))
        elif size:
            head = [("dimensions", ">i4"), ("nulls", ">i4"), ("type", ">i4")]
            head += [("size", ">i4"), ("lower", ">i4")]
            cell = [("#", ">i4"), ("value", WIDTHS[element])]
            fields.append((name, np.dtype([*head, ("cells", cell, (int(size),))])))
        else:
            fields.append((name, WIDTHS[kind]))
    return np.dtype(fields)


def read_copy(cursor: Any, query: str, columns: Columns) -> dict[str, NDArray[Any]]:
    """This will run a query by COPY and return one native array per column.

    The query must name its columns in order, NOT NULL and of the given kinds; dates are
    days since 2000-01-01. Parameters must already be in the text (`cursor.mogrify`).
    Cost: one query; memory is twice the size of the result.
    """
    buffer = io.BytesIO()
    # Only what Django knows of does it translate: a server that is away is told by class.
    with cursor.db.wrap_database_errors:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer)
    layout = row_dtype(columns)
    raw = buffer.getbuffer()[len(SIGNATURE) : -len(END)]
    if len(raw) % layout.itemsize:
        msg = "The rows are not of the fixed width asked for; is a column NULL?"
        raise ValueError(msg)
    rows = np.frombuffer(raw, dtype=layout)
    return {
        name: np.ascontiguousarray(rows[name].astype(_native(kind)))
        for name, kind in columns.items()
    }


def _native(kind: str) -> str:
    """This will name numpy's type for a column that was read."""
    if kind.startswith("bytes["):
        return "V" + kind[len("bytes[") : -1]
    return WIDTHS[kind].replace(">", "=")


def write_copy(
    cursor: Any,
    table: str,
    columns: Columns,
    values: dict[str, NDArray[Any]],
    *,
    absent: Mapping[str, NDArray[np.bool_]] | None = None,
) -> None:
    """This will append equally long arrays to a table by COPY, without a loop.

    Two-dimensional arrays go into array columns, `money` (two decimals) into numeric ones.
    A column is NULL in the rows that `absent` marks. Cost: one statement; memory is that
    of some thousand rows.
    """
    for name, kind in columns.items():
        if kind == "money":
            _check_money(values[name])
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.db.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT binary)",
            _Stream(_pieces(columns, values, absent or {})),
        )


class _Stream:
    """What the driver reads from: a piece at a time, as long as there are any."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, _size: int = -1) -> bytes:
        return next(self.pieces, b"")


def _pieces(
    columns: Columns,
    values: dict[str, NDArray[Any]],
    absent: Mapping[str, NDArray[np.bool_]],
) -> Iterator[bytes]:
    """This will lay out some thousand rows at a time: they stay in the processor's cache."""
    layout = row_dtype(columns)
    size = len(next(iter(values.values())))
    yield SIGNATURE
    for begin in range(0, size, PIECE):
        some = slice(begin, min(begin + PIECE, size))
        rows = np.zeros(some.stop - begin, dtype=layout)
        rows["#"] = len(columns)
        for name, kind in columns.items():
            rows[f"{name}#"] = layout[name].itemsize
            _fill(rows[name], kind, values[name][some])
        nulls = {name: marked[some] for name, marked in absent.items()}
        yield _without(rows, nulls) if nulls else rows.tobytes()
    yield END


def _fill(field: Any, kind: str, values: NDArray[Any]) -> None:
    """This will put a column's values into its place in the rows."""
    element, _, size = kind.rstrip("]").partition("[")
    if size and element != "bytes":
        field["dimensions"], field["lower"] = 1, 1
        field["type"], field["size"] = ELEMENT_TYPES[element], int(size)
        field["cells"]["#"] = np.dtype(WIDTHS[element]).itemsize
        field["cells"]["value"] = values
    elif kind == "money":
        _fill_money(field, values)
    else:
        field[...] = values


def _check_money(values: NDArray[np.float64]) -> None:
    if not np.isfinite(values).all() or (np.abs(values) >= LARGEST).any():
        msg = "An amount is no number, or too large to be kept to the cent."
        raise ValueError(msg)


def _fill_money(field: Any, values: NDArray[np.float64]) -> None:
    cents = np.rint(values * 100).astype(np.int64)
    field["ndigits"], field["weight"], field["dscale"] = 5, 3, 2
    field["sign"] = np.where(cents < 0, NEGATIVE, 0)
    whole, rest = np.divmod(np.abs(cents), 100)
    field["digits"][:, 4] = rest * 100
    for place in (3, 2, 1, 0):
        whole, field["digits"][:, place] = np.divmod(whole, 10_000)


def _without(rows: NDArray[Any], absent: Mapping[str, NDArray[np.bool_]]) -> bytes:
    """This will leave out the bytes of what is NULL, whose length is −1 by the format."""
    layout = rows.dtype
    fields: Mapping[str, Any] = layout.fields or {}
    kept = np.ones((len(rows), layout.itemsize), dtype=np.bool_)
    for name, nulls in absent.items():
        rows[f"{name}#"][nulls] = -1
        start = fields[name][1]
        kept[:, start : start + layout[name].itemsize] = ~nulls[:, None]
    flat = rows.view(np.uint8).reshape(len(rows), layout.itemsize)
    return flat[kept].tobytes()
