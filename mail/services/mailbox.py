"""Keeping the local mailbox small."""

import datetime as dt

from mail.models import MailboxMessage

KEPT = 500
KEPT_FOR = dt.timedelta(days=14)


def mailbox_trim(*, now: dt.datetime) -> int:
    """This will remove what is older than 14 days or behind the newest 500; how many."""
    newest = MailboxMessage.objects.order_by("-received_at", "-id")
    old, _ = MailboxMessage.objects.filter(received_at__lt=now - KEPT_FOR).delete()
    behind = list(newest.values_list("pk", flat=True)[KEPT : KEPT + 10_000])
    many, _ = MailboxMessage.objects.filter(pk__in=behind).delete()
    return old + many
