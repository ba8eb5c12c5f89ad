"""Partitions of big tables, made when the first row of their time arrives."""

import datetime as dt
import re

from django.db import connection, transaction

BOUNDS = re.compile(r"FOR VALUES FROM \('([\d-]+)'\) TO \('([\d-]+)'\)")


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


def month_partitions(*, table: str) -> tuple[dict[dt.date, str], bool]:
    """This will name a table's partitions that hold just a month each, by its first day.

    Also whether it has no others. Bounds are asked for, not names: one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.inhrelid::regclass::text, pg_get_expr(c.relpartbound, c.oid)"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass AND NOT i.inhdetachpending",
            [table],
        )
        found = cursor.fetchall()
    months = {}
    for name, bounds in found:
        if days := BOUNDS.fullmatch(bounds):
            start, end = (dt.date.fromisoformat(day) for day in days.groups())
            if start.day == 1 and end == next_month(start):
                months[start] = name
    return months, len(months) == len(found)


def day_partition_ensure(*, table: str, day: dt.date) -> None:
    """This will make the partition of a table that holds one day."""
    _ensure(table, f"{day:%Y_%m_%d}", day, day + dt.timedelta(days=1))


def day_partitions(*, table: str) -> list[dt.date]:
    """This will list the days that have a partition of their own, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass AND c.relname ~ %s ORDER BY c.relname",
            [table, rf"^{table}_\d{{4}}_\d\d_\d\d$"],
        )
        names = [row[0] for row in cursor.fetchall()]
    # A name holds a day, and a day has no zone.
    return [dt.datetime.strptime(n[-10:], "%Y_%m_%d").date() for n in names]  # noqa: DTZ007


def day_partition_drop(*, table: str, day: dt.date) -> None:
    """This will drop a day with all its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{table}_{day:%Y_%m_%d}"')


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
