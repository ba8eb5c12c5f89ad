"""What the tick does for the outbox."""

import datetime as dt

from django.db.models import F
from django.db.models.functions import Now

from common.jobs import enqueue
from mail.enums import MessageState
from mail.models import MailServer, OutboxMessage
from mail.selectors.pace import due, hands_at_work

# Wake-ups at once: the usual worker has two processes.
BELLS = 2


def outbox_sweep(*, now: dt.datetime) -> int:
    """This will find what was left behind, and wake workers for what is due.

    A message under way whose lease has run out may have arrived or not: it is unknown,
    and only a person sends it again. Leases count in the database's time; `now` is for
    the pause after trouble. Returns how many messages became unknown.
    """
    left = OutboxMessage.objects.filter(
        state=MessageState.SENDING, lease_until__lt=Now()
    ).update(
        state=MessageState.UNKNOWN,
        attempts=F("attempts") + 1,
        lease_until=None,
        finished_at=Now(),
    )
    paused = MailServer.objects.filter(resumes_at__gt=now).exists()
    if not paused and due().exists():
        for _bell in range(BELLS - hands_at_work()):
            enqueue("mail.outbox_work")
    return left
