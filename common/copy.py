"""PostgreSQL's binary COPY format to and from numpy, for fixed-width rows.

A row is an int16 with the number of fields, then per field an int32 length and the bytes,
all big-endian (PostgreSQL manual, "COPY", section Binary Format). When every column is
NOT NULL and of fixed width, a whole result is one structured array and needs no loop.
"""

import io
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
ELEMENT_TYPES = {"smallint": 21, "real": 700}
Columns = dict[str, str]


def row_dtype(columns: Columns) -> np.dtype[Any]:
    """This will give the layout of one row.

    `real[3]` is an array of three reals, `bytes[12]` a bytea of twelve bytes.
    """
    fields: list[tuple[str, Any]] = [("#", ">i2")]
    for name, kind in columns.items():
        element, _, size = kind.rstrip("]").partition("[")
        fields.append((f"{name}#", ">i4"))
        if element == "bytes":
            fields.append((name, f"V{size}"))
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
    cursor: Any, table: str, columns: Columns, values: dict[str, NDArray[Any]]
) -> None:
    """This will append equally long arrays to a table by COPY, without a loop.

    Two-dimensional arrays go into array columns. Nothing can be NULL: give NaN, or a
    number that the statement after turns into NULL.
    """
    layout = row_dtype(columns)
    rows = np.zeros(len(next(iter(values.values()))), dtype=layout)
    rows["#"] = len(columns)
    for name, kind in columns.items():
        element, _, size = kind.rstrip("]").partition("[")
        rows[f"{name}#"] = layout[name].itemsize
        if size and element != "bytes":
            field = rows[name]
            field["dimensions"], field["lower"] = 1, 1
            field["type"], field["size"] = ELEMENT_TYPES[element], int(size)
            field["cells"]["#"] = np.dtype(WIDTHS[element]).itemsize
            field["cells"]["value"] = values[name]
        else:
            rows[name] = values[name]
    stream = io.BytesIO(SIGNATURE + rows.tobytes() + END)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", stream)
