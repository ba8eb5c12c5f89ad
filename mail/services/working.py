"""A worker's slice of sending."""

import logging
from collections import deque

from django.conf import settings
from django.db import Error, connection

from common.outage import database_is_away
from mail.rendering import frame_load
from mail.services.claiming import Batch, batch_claim, batch_release, seconds
from mail.services.sending import Way, message_send
from mail.services.sifting import batch_sift
from mail.services.trouble import trouble_note
from mail.services.waking import outbox_wake
from mail.transport.base import RefusedForNow, Unreachable

logger = logging.getLogger(__name__)
# So many in a row: it is not the messages that the server does not want now.
REFUSALS = 20


def outbox_work() -> int:
    """This will send what is due for a short while; returns how many were begun.

    Wakes the next worker where there is more to do, so that nobody else's work waits long
    behind a large mailing. A database that is away ends the slice: the tick wakes again.
    """
    end = seconds() + settings.MAIL_SLICE_SECONDS
    begun = 0
    try:
        with Way() as way:
            while (batch := batch_claim()) is not None:
                if batch.alone:
                    outbox_wake()
                count, go_on = _batch_send(batch, way, end)
                begun += count
                if not go_on:
                    break
                if seconds() >= end:
                    outbox_wake()
                    break
    except Error as error:
        if not database_is_away(error):
            raise
        logger.warning("The outbox rests until the next tick: %s", error)
        connection.close()
    return begun


def _batch_send(batch: Batch, way: Way, end: float) -> tuple[int, bool]:
    """This will send a batch; how many were begun, and whether to go on."""
    begun = 0
    last: deque[bool] = deque(maxlen=REFUSALS)
    try:
        frame = frame_load()
        for message in batch_sift(batch):
            if seconds() >= end:
                break
            outcome = message_send(batch, message, way=way, frame=frame)
            if outcome is None:
                continue
            begun += 1
            if isinstance(outcome, Unreachable):
                return begun, False
            last.append(isinstance(outcome, RefusedForNow))
            if len(last) == REFUSALS and all(last):
                trouble_note(words=str(outcome))
                return begun, False
    finally:
        batch_release(batch)
    return begun, True
