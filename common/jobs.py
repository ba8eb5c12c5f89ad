"""The one way from a service to a worker."""

import logging
import threading
import time
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from common.errors import KeepwellError

logger = logging.getLogger(__name__)
# A broker that hangs costs each try its timeout; after one, the next tries wait for this.
PAUSE_SECONDS = 10.0
# When a send last failed in this process, by the monotonic clock.
_broker_failed_at = float("-inf")
_discovering = threading.Lock()


class UnableToFindJob(KeepwellError):
    """No task of that name is known: a typing error, so it fails at once."""


def enqueue(name: str, **arguments: Any) -> None:
    """This will wake a worker for the named task after the transaction commits.

    The message is only a wake-up: the work itself is a row, and the next tick sends
    another wake-up for rows that still wait. So a broker that is away costs time, never
    work, and is not an error of whoever wrote the row. It costs the time of one try: for
    ten seconds after a failed one this process does not try again.
    """
    if name not in current_app.tasks:
        # Only workers import every app's tasks at their start. One thread at a time: while
        # another discovers them, Celery returns at once, with nothing.
        with _discovering:
            if name not in current_app.tasks:
                current_app.autodiscover_tasks(force=True)
    task = current_app.tasks.get(name)
    if task is None:
        msg = f"No job is named {name!r}."
        raise UnableToFindJob(msg)

    def send() -> None:
        global _broker_failed_at  # noqa: PLW0603 - what one process knows of its broker
        if time.monotonic() - _broker_failed_at < PAUSE_SECONDS:
            return
        try:
            task.apply_async(kwargs=arguments, retry=False)
        except (OperationalError, OSError):
            _broker_failed_at = time.monotonic()
            logger.warning("The broker is away; %s waits for the next tick.", name)

    transaction.on_commit(send)
