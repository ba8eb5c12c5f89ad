"""What the outbox pages show, and whether mail is well."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Min

from accounts.models import User
from mail.enums import MessageState, Reason, ReportKind
from mail.kinds import UnableToFindKind, kind_named
from mail.models import MailServer, OutboxMessage, ProviderEvent
from mail.models.message import MessageQuerySet

SHOWN = 50
LATELY = dt.timedelta(hours=24)
TONES: Mapping[str, str] = {
    MessageState.SENDING: "info",
    MessageState.SENT: "ok",
    MessageState.FAILED: "crit",
    MessageState.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message with its state in words."""

    message: OutboxMessage

    @property
    def kind(self) -> str:
        return kind_label(self.message.kind)

    @property
    def tone(self) -> str:
        """The tag's class; a mail that came back was sent, but that is not well."""
        if self.message.bounced_at or self.message.complained_at:
            return "warn"
        return TONES.get(self.message.state, "")

    @property
    def reason(self) -> str:
        """Why it waits, failed or was not sent; empty when that is plain."""
        given = self.message.reason
        return str(Reason(given).label) if given else ""

    @property
    def at(self) -> dt.datetime:
        """When its fate was settled, else when it was asked for."""
        message = self.message
        return message.sent_at or message.finished_at or message.created_at


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first. `older` and `newer` are ids to go on from, 0 for none."""

    lines: list[Line]
    older: int
    newer: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a message, in our words and in somebody else's."""

    at: dt.datetime
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Is anything stuck? `waiting_since` is of the oldest message that is due."""

    pending: int
    waiting_since: dt.datetime | None
    unknown: int
    failed: int
    trouble: str
    trouble_since: dt.datetime | None


def kind_label(key: str) -> str:
    """This will name a kind of mail; one that is no longer known shows its key."""
    try:
        return str(kind_named(key).label)
    except UnableToFindKind:
        return key


def outbox_counts(user: User, *, words: str = "") -> dict[str, int]:
    """This will count what a person may see, by state; states without any are left out."""
    counted = outbox_found(user, words=words).order_by().values("state")
    return dict(counted.annotate(n=Count("id")).values_list("state", "n"))


def outbox_found(user: User, *, state: str = "", words: str = "") -> MessageQuerySet:
    """This will keep messages of a state, to an address that contains the words."""
    found = OutboxMessage.objects.visible_to(user)
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(to_email__icontains=words)
    return found


def outbox_page(
    user: User, *, state: str = "", words: str = "", before: int = 0, after: int = 0
) -> Page:
    """This will return 50 messages older than `before` or newer than `after`; a query."""
    found = outbox_found(user, state=state, words=words).select_related("customer")
    if after:
        rows = list(found.filter(pk__gt=after).order_by("id")[: SHOWN + 1])
        more_newer, more_older = len(rows) > SHOWN, True
        rows = rows[:SHOWN][::-1]
    else:
        if before:
            found = found.filter(pk__lt=before)
        rows = list(found.order_by("-id")[: SHOWN + 1])
        more_newer, more_older = bool(before), len(rows) > SHOWN
        rows = rows[:SHOWN]
    return Page(
        lines=[Line(row) for row in rows],
        older=rows[-1].pk if rows and more_older else 0,
        newer=rows[0].pk if rows and more_newer else 0,
    )


def mail_health(*, now: dt.datetime) -> MailHealth:
    """This will say whether mail leaves. Five queries, each by an index of few rows."""
    messages = OutboxMessage.objects.all()
    pending = messages.filter(state=MessageState.PENDING)
    server = MailServer.objects.filter(id=1).first() or MailServer()
    failed = messages.filter(state=MessageState.FAILED, finished_at__gte=now - LATELY)
    return MailHealth(
        pending=pending.count(),
        waiting_since=pending.filter(due_at__lte=now).aggregate(at=Min("due_at"))["at"],
        unknown=messages.filter(state=MessageState.UNKNOWN).count(),
        failed=failed.count(),
        trouble=server.trouble,
        trouble_since=server.trouble_since or server.trouble_at,
    )


def reports_of(message: OutboxMessage) -> list[Step]:
    """This will return what the provider told about a message, oldest first."""
    events = ProviderEvent.objects.filter(message=message)
    labels = dict(ReportKind.choices)
    return [
        Step(
            at=event.happened_at or event.received_at,
            words=str(labels.get(event.kind, event.kind)),
            said=event.description,
        )
        for event in events.order_by("happened_at", "id")
    ]
