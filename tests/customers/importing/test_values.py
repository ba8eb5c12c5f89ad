"""Cells: what is read, what is refused, and that COPY gives back what was read."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.importing.rejects import harmless
from customers.importing.values import BadValue, Column, Reading, parser

READING = Reading(zone=ZoneInfo("Europe/Bucharest"), today=dt.date(2026, 6, 30))
COMMA = Reading(zone=READING.zone, today=READING.today, decimal=",")


@pytest.mark.parametrize(
    ("raw", "reading", "amount"),
    [
        ("12.5", READING, "12.5"),
        ("1,234.50", READING, "1234.50"),
        ("1,234,567", READING, "1234567"),
        ("12,5", COMMA, "12.5"),
        ("1.234,50", COMMA, "1234.50"),
    ],
)
def test_amounts(raw: str, reading: Reading, amount: str) -> None:
    assert parser(Column("total", "amount"), reading)(raw) == amount


@pytest.mark.parametrize(
    ("raw", "reading", "reason"),
    [
        ("12,5", READING, "'12,5' is not an amount with the decimal sign '.'"),
        ("12.5", COMMA, "'12.5' is not an amount with the decimal sign ','"),
        ("five", READING, "'five' is not an amount"),
        ("NaN", READING, "'NaN' is not an amount"),
        ("1e12", READING, "'1e12' is not an amount"),
    ],
)
def test_what_is_no_amount(raw: str, reading: Reading, reason: str) -> None:
    with pytest.raises(BadValue) as caught:
        parser(Column("total", "amount"), reading)(raw)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("kind", "raw", "cell"),
    [
        ("integer", "4.0", "4"),
        ("boolean", "Yes", "t"),
        ("boolean", "0", "f"),
        ("currency", "eur", "EUR"),
        ("date", "2024-03-01", "2024-03-01"),
        ("date", "2024-03-01T23:30:00Z", "2024-03-02"),
        ("date", "2024-03-01 23:30", "2024-03-01"),
        ("moment", "2024-03-01", "2024-03-01T00:00:00+02:00"),
        ("moment", "2024-07-01 10:00", "2024-07-01T10:00:00+03:00"),
        ("moment", "2024-07-01T10:00:00Z", "2024-07-01T10:00:00+00:00"),
        ("email", "a@b.example", "a@b.example"),
    ],
)
def test_cells(kind: str, raw: str, cell: str) -> None:
    assert parser(Column("x", kind), READING)(raw) == cell


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("integer", "4.5"),
        ("integer", "99999999999"),
        ("boolean", "perhaps"),
        ("currency", "EURO"),
        ("email", "nobody"),
        ("moment", "2024-02-30 10:00"),
        ("list", "x" * 9),
    ],
)
def test_what_is_refused(kind: str, raw: str) -> None:
    with pytest.raises(BadValue):
        parser(Column("x", kind, size=8), READING)(raw)


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1
    ),
)
def test_any_text_and_list_comes_back_from_copy(text: str) -> None:
    cell = parser(Column("x", "text"), READING)(text)
    words = [word.strip() for word in text.split(";") if word.strip()]
    array = parser(Column("x", "list", size=1_000), READING)(text)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copied (cell text, list text[]) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY copied FROM STDIN", io.StringIO(f"{cell}\t{array}\n"))
        cursor.execute("SELECT cell, list FROM copied")
        assert cursor.fetchone() == (text, words)
        cursor.execute("DROP TABLE copied")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_is_defused(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert (harmless("1+1"), harmless(-1)) == ("1+1", -1)
