"""Whole columns to PostgreSQL and back."""

import datetime as dt

import numpy as np
import pytest
from django.db import connection

from common.copy import read_copy, write_copy
from common.dates import POSTGRES_EPOCH

pytestmark = pytest.mark.django_db
COLUMNS = {
    "id": "bigint",
    "small": "smallint",
    "plain": "integer",
    "share": "real",
    "amount": "double",
    "day": "date",
    "yes": "boolean",
    "parts": "real[3]",
    "marks": "smallint[2]",
}
TABLE = """
CREATE TEMPORARY TABLE t (id bigint, small smallint, plain integer, share real,
  amount double precision, day date, yes boolean, parts real[], marks smallint[])
"""


def test_what_is_written_is_what_is_read() -> None:
    values = {
        "id": np.array([1, 2**40]),
        "small": np.array([-3, 7]),
        "plain": np.array([5, -6]),
        "share": np.array([0.5, np.nan]),
        "amount": np.array([1e-9, 12345.678]),
        "day": np.array([0, 9670]),
        "yes": np.array([True, False]),
        "parts": np.array([[1, 2, 3], [np.nan, 0, -1]]),
        "marks": np.array([[-1, 4], [0, 2]]),
    }
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        write_copy(cursor, "t", COLUMNS, values)
        cursor.execute("SELECT day, parts, marks, yes FROM t ORDER BY id")
        day, parts, marks, yes = cursor.fetchone()
        assert (day, parts, marks, yes) == (POSTGRES_EPOCH, [1, 2, 3], [-1, 4], True)
        flat = {name: kind for name, kind in COLUMNS.items() if "[" not in kind}
        got = read_copy(cursor, f"SELECT {', '.join(flat)} FROM t ORDER BY id", flat)
    for name in flat:
        np.testing.assert_array_equal(got[name], values[name].astype(got[name].dtype))
    assert POSTGRES_EPOCH + dt.timedelta(days=int(got["day"][1])) == dt.date(
        2026, 6, 23
    )


def test_no_rows_are_empty_columns() -> None:
    with connection.cursor() as cursor:
        got = read_copy(cursor, "SELECT 1::bigint WHERE false", {"id": "bigint"})
    assert got["id"].tolist() == []


def test_a_null_is_refused_rather_than_misread() -> None:
    with connection.cursor() as cursor, pytest.raises(ValueError, match="NULL"):
        read_copy(cursor, "SELECT NULL::bigint", {"id": "bigint"})


def test_money_is_kept_to_the_cent_and_null_where_absent() -> None:
    amounts = np.array([0.0, 12.345, -0.01, 123456789012.99, -40000.5, 9.0])
    nulls = np.array([False, False, False, False, False, True])
    days = np.arange(6)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE m (a numeric(14, 2), day date, b int)")
        write_copy(
            cursor,
            "m",
            {"a": "money", "day": "date", "b": "integer"},
            {"a": amounts, "day": days, "b": days},
            absent={"a": nulls, "day": days == 2},
        )
        cursor.execute("SELECT a::text, day IS NULL, b FROM m ORDER BY b")
        assert cursor.fetchall() == [
            ("0.00", False, 0),
            ("12.34", False, 1),
            ("-0.01", True, 2),
            ("123456789012.99", False, 3),
            ("-40000.50", False, 4),
            (None, False, 5),
        ]


@pytest.mark.parametrize("amount", [np.nan, np.inf, 1e16])
def test_what_is_no_amount_is_refused(amount: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE m (a numeric)")
        with pytest.raises(ValueError, match="no number, or too large"):
            write_copy(cursor, "m", {"a": "money"}, {"a": np.array([amount])})
