"""What is due, and how much has gone out within the last hour."""

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from mail.enums import MessageState
from mail.models import MailServer, OutboxMessage

HOUR = dt.timedelta(hours=1)


def due() -> QuerySet[OutboxMessage]:
    """This will keep what may be claimed now, in the database's time."""
    free = Q(claim=None) | Q(lease_until__lt=Now())
    return OutboxMessage.objects.filter(
        free, state=MessageState.PENDING, due_at__lte=Now()
    )


def under_way() -> Q:
    """This will describe what somebody has claimed or is sending."""
    return Q(state=MessageState.SENDING) | Q(
        state=MessageState.PENDING, claim__isnull=False, lease_until__gt=Now()
    )


def hands_at_work() -> int:
    """This will count the claims that stand: how many workers send at this moment."""
    rows = OutboxMessage.objects.filter(under_way(), lease_until__gt=Now())
    return rows.aggregate(hands=Count("claim", distinct=True))["hands"] or 0


def room_left(server: MailServer) -> int:
    """This will return how many more may go out within this hour."""
    if server.per_hour is None:
        return 2**31
    return max(0, server.per_hour - this_hour().count())


def domains_now() -> dict[str, int]:
    """This will count this hour's mail by the recipients' domains."""
    rows = this_hour().values_list("domain").annotate(count=Count("id")).order_by()
    return dict(rows)


def this_hour() -> QuerySet[OutboxMessage]:
    """This will keep what went out within an hour, and what is about to."""
    return OutboxMessage.objects.filter(Q(sent_at__gt=Now() - HOUR) | under_way())
