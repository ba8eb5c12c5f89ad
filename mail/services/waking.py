"""Ringing the bell for the outbox."""

from django.db import connection, transaction

from common.jobs import enqueue


def outbox_wake() -> None:
    """This will wake a worker after the commit, once however often it is asked for."""
    if all(hook[1] is not _ring for hook in connection.run_on_commit):
        transaction.on_commit(_ring)


def _ring() -> None:
    enqueue("mail.outbox_work")
