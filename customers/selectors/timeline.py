"""The timeline's own sources, and the groups it is shown in."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from common import formats
from customers.enums import Channel, InteractionKind
from customers.events import INTERACTION_LOGGED, OWNER_CHANGED
from customers.models import Customer, Event, Interaction, SupportTicket
from customers.timeline import Place, TimelineLine, event_template

ICONS: dict[str, str] = {
    InteractionKind.CALL: "phone",
    InteractionKind.MEETING: "users",
    InteractionKind.REVIEW: "calendar-check",
    InteractionKind.EMAIL: "mail",
    InteractionKind.NOTE: "notebook-pen",
    InteractionKind.PULSE: "heart-pulse",
}
# Events of rows that stand on the timeline themselves, imported ones included.
SHOWN_AS_ROWS = (INTERACTION_LOGGED,)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    heading: str
    lines: list[TimelineLine]


def own_lines(
    *,
    customer: Customer,
    behind: Place | None,
    limit: int,
    told: Iterable[str] = (),
) -> list[list[TimelineLine]]:
    """This will read each own source's next lines. Four queries, five with owners.

    Events of the kinds in `told` are left out: somebody else's lines tell of them.
    """
    return [
        _events(customer, behind, limit, {*SHOWN_AS_ROWS, *told}),
        _interactions(customer, behind, limit),
        _opened(customer, behind, limit),
        _resolved(customer, behind, limit),
    ]


def _where(behind: Place | None, source: str, field: str) -> Q:
    return behind.behind(source, field) if behind else Q()


def _events(
    customer: Customer, behind: Place | None, limit: int, told: Collection[str]
) -> list[TimelineLine]:
    rows = (
        Event.objects.filter(_where(behind, "event", "happened_at"), customer=customer)
        .exclude(kind__in=told)
        .select_related("actor")
        .order_by("-happened_at", "-id")[:limit]
    )
    people = _people_in(rows)
    return [
        TimelineLine(
            "event",
            row.pk,
            row.happened_at,
            event_template(row.kind),
            {"event": row, "data": row.data, "people": people},
        )
        for row in rows
    ]


def _people_in(rows: Iterable[Event]) -> dict[str, str]:
    """This will name the people that events know by number: the owners. One query if any."""
    ids = {
        row.data.get(end)
        for row in rows
        if row.kind == OWNER_CHANGED
        for end in ("from", "to")
    }
    if not ids:
        return {}
    named = User.objects.filter(pk__in=ids - {None}).values_list("pk", "name")
    return {str(pk): name for pk, name in named}


def _interactions(
    customer: Customer, behind: Place | None, limit: int
) -> list[TimelineLine]:
    where = _where(behind, "interaction", "happened_at")
    rows = (
        Interaction.objects.filter(where, customer=customer)
        .select_related("author", "contact")
        .order_by("-happened_at", "-id")[:limit]
    )
    template = event_template(INTERACTION_LOGGED)
    return [
        TimelineLine(
            "interaction",
            row.pk,
            row.happened_at,
            template,
            {"interaction": row, "icon": ICONS.get(row.kind, "circle-dot")},
        )
        for row in rows
    ]


def _opened(customer: Customer, behind: Place | None, limit: int) -> list[TimelineLine]:
    where = _where(behind, "ticket_opened", "opened_at")
    rows = SupportTicket.objects.filter(where, customer=customer)
    return [
        TimelineLine(
            "ticket_opened",
            row.pk,
            row.opened_at,
            "customers/events/ticket_opened.html",
            {"ticket": row, "channel": _channel(row)},
        )
        for row in rows.order_by("-opened_at", "-id")[:limit]
    ]


def _channel(ticket: SupportTicket) -> str:
    known = ticket.channel != Channel.OTHER
    return ticket.get_channel_display() if known else ""


def _resolved(
    customer: Customer, behind: Place | None, limit: int
) -> list[TimelineLine]:
    where = _where(behind, "ticket_resolved", "resolved_at")
    rows = SupportTicket.objects.filter(where, customer=customer)
    lines = []
    for row in rows.exclude(resolved_at=None).order_by("-resolved_at", "-id")[:limit]:
        template = "customers/events/ticket_resolved.html"
        moment = row.resolved_at or row.opened_at
        lines.append(
            TimelineLine("ticket_resolved", row.pk, moment, template, {"ticket": row})
        )
    return lines


def grouped(lines: Sequence[TimelineLine], *, today: dt.date) -> list[Group]:
    """This will put lines in order under "This week", "Earlier in November", "October"."""
    return [
        Group(heading, list(part))
        for heading, part in groupby(lines, key=lambda line: _heading(line, today))
    ]


def _heading(line: TimelineLine, today: dt.date) -> str:
    day = line.day or timezone.localtime(line.happened_at).date()
    if day > today:
        return _("Still to come")
    if day > today - dt.timedelta(days=today.weekday() + 1):
        return _("This week")
    month = formats.month(day, get_language() or "en")
    if day.year != today.year:
        return _("%(month)s %(year)d") % {"month": _titled(month), "year": day.year}
    if day.month == today.month:
        return _("Earlier in %(month)s") % {"month": month}
    return _titled(month)


def _titled(words: str) -> str:
    """This will begin a heading with a capital, where months are written small."""
    return words[:1].upper() + words[1:]
