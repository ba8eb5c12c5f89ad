"""Partitions made on demand."""

import datetime as dt

import pytest
from django.db import connection

from common.partitions import (
    day_partition_ensure,
    month_partitions,
    month_partitions_ensure,
    next_month,
)

pytestmark = pytest.mark.django_db


def partitions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = %s::regclass ORDER BY 1",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def test_every_month_in_between_is_made_once() -> None:
    for _ in range(2):
        month_partitions_ensure(
            table="customers_usagedaily",
            first=dt.date(2031, 11, 30),
            last=dt.date(2032, 1, 1),
        )
    assert [name for name in partitions("customers_usagedaily") if "_203" in name] == [
        "customers_usagedaily_2031_11",
        "customers_usagedaily_2031_12",
        "customers_usagedaily_2032_01",
    ]


def test_months_are_known_by_their_bounds_not_by_their_names() -> None:
    day = dt.date(2031, 12, 5)
    month_partitions_ensure(table="customers_usagedaily", first=day, last=day)
    assert month_partitions(table="customers_usagedaily")[1]
    with connection.cursor() as cursor:
        for name, first, end in (
            ("plain_name", "2032-01-01", "2032-02-01"),
            ("two_months", "2032-02-01", "2032-04-01"),
            ("from_the_second", "2032-04-02", "2032-05-01"),
        ):
            cursor.execute(
                f"CREATE TABLE {name} PARTITION OF customers_usagedaily"
                " FOR VALUES FROM (%s) TO (%s)",
                [first, end],
            )
        cursor.execute(
            "CREATE TABLE rest PARTITION OF customers_usagedaily DEFAULT",
        )
    found, no_others = month_partitions(table="customers_usagedaily")
    assert not no_others
    assert {month: name for month, name in found.items() if month.year > 2030} == {
        dt.date(2031, 12, 1): "customers_usagedaily_2031_12",
        dt.date(2032, 1, 1): "plain_name",
    }


def test_a_day_is_made_once() -> None:
    for _ in range(2):
        day_partition_ensure(table="health_score", day=dt.date(2031, 2, 28))
    assert "health_score_2031_02_28" in partitions("health_score")


def test_next_month_of_the_last_days() -> None:
    assert next_month(dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert next_month(dt.date(2026, 1, 31)) == dt.date(2026, 2, 1)
