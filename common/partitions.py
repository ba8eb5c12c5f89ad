"""Partitions of big tables, made when the first row of their time arrives."""

import datetime as dt

from django.db import connection, transaction


def month_start(day: dt.date) -> dt.date:
    """This will return the first day of the day's month."""
    return day.replace(day=1)


def next_month(day: dt.date) -> dt.date:
    """This will return the first day of the month after the day's."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_partitions_ensure(*, table: str, first: dt.date, last: dt.date) -> None:
    """This will make the monthly partitions of a table that hold the days in between."""
    start = month_start(first)
    while start <= last:
        _ensure(table, f"{start:%Y_%m}", start, next_month(start))
        start = next_month(start)


def day_partition_ensure(*, table: str, day: dt.date) -> None:
    """This will make the partition of a table that holds one day."""
    _ensure(table, f"{day:%Y_%m_%d}", day, day + dt.timedelta(days=1))


def _ensure(table: str, suffix: str, start: dt.date, end: dt.date) -> None:
    """This will make one partition; two that try at once wait for each other."""
    name = f"{table}_{suffix}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0]:
            return
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        cursor.execute(
            f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF "{table}"'
            " FOR VALUES FROM (%s) TO (%s)",
            [start, end],
        )
