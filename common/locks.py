"""Locks of PostgreSQL that stand for an activity instead of a row."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """Every activity of which there may be one at a time. The numbers never change."""

    RUN_START = 0x6B70_0001
    AUDIT_CHAIN = 0x6B70_0002
    FIRST_ADMINISTRATOR = 0x6B70_0003
    MAIL_CLAIM = 0x6B70_0004
    ATTEMPT = 0x6B70_0005
    PORTFOLIO_SUMS = 0x6B70_0006
    MAIL_TEST = 0x6B70_0007
    SURVEY_ASK = 0x6B70_0008
    SURVEY_TICK = 0x6B70_0009
    SOURCE_RHYTHMS = 0x6B70_000A
    RENEWALS = 0x6B70_000B
    GATEWAY_PAGE = 0x6B70_000C


def transaction_lock(lock: Lock) -> None:
    """This will wait until nobody else holds the lock, and hold it until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lock)])


def transaction_lock_on(lock: Lock, what: str) -> None:
    """This will do the same for an activity of which there may be one per thing at a time.

    Two things may share a lock (32 bits of a checksum stand for them), which costs them
    waiting and nothing else.
    """
    number = zlib.crc32(what.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(lock), number])


@contextmanager
def session_lock_on(lock: Lock, number: int) -> Iterator[bool]:
    """This will hold a lock outside any transaction, and say whether it was free.

    For what takes seconds and touches no row. It ends with the connection at the latest.
    """
    keys = [int(lock), number]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (free,) = cursor.fetchone()
    try:
        yield bool(free)
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)
