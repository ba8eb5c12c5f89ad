"""Locks of PostgreSQL that stand for an activity instead of a row."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """Every activity of which there may be one at a time. The numbers never change."""

    RUN_START = 0x6B70_0001
    AUDIT_CHAIN = 0x6B70_0002
    FIRST_ADMINISTRATOR = 0x6B70_0003
    MAIL_CLAIM = 0x6B70_0004


def transaction_lock(lock: Lock) -> None:
    """This will wait until nobody else holds the lock, and hold it until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lock)])
