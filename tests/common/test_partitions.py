"""Partitions made on demand."""

import datetime as dt

import pytest
from django.db import connection

from common.partitions import (
    day_partition_ensure,
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


def test_a_day_is_made_once() -> None:
    for _ in range(2):
        day_partition_ensure(table="health_score", day=dt.date(2031, 2, 28))
    assert "health_score_2031_02_28" in partitions("health_score")


def test_next_month_of_the_last_days() -> None:
    assert next_month(dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert next_month(dt.date(2026, 1, 31)) == dt.date(2026, 2, 1)
