"""What the customer asked of support, and what it answered when we asked."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from customers.models import SupportTicket
from health.selectors.evidence_rows.asked import Asked, Behind, newest
from surveys.models import Invitation, Response

# Trends compare 30 days with the 90 before.
TREND, RECENT, YEAR, RATED = 120, 90, 365, 180
# What has to have happened within the window.
MILESTONES = {
    "resolution": "resolved",
    "first_response": "first_response",
    "reopened": "reopened",
}
# Days an invitation has to be answered.
TO_ANSWER = 14


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as it stood then; None is what had not happened, or was not known."""

    number: str
    subject: str
    priority: str
    opened: dt.datetime
    answered: dt.datetime | None
    resolved: dt.datetime | None
    escalated: dt.datetime | None
    reopened: dt.datetime | None
    rating: int | None


def tickets(asked: Asked) -> Behind:
    """This will return the tickets that a measure of support counts."""
    rows = SupportTicket.objects.filter(
        customer_id=asked.customer_id,
        opened_at__lt=asked.known,
        recorded_at__lt=asked.known,
    )
    first: dt.date | None = None
    if asked.key == "open_tickets":
        again = _known("reopened", asked) & Q(reopened_at__gt=F("resolved_at"))
        rows = rows.filter(~_known("resolved", asked) | again)
    elif asked.key == "satisfaction":
        first = asked.days(RATED)
        rows = rows.filter(
            satisfaction_recorded_at__gte=asked.start(RATED),
            satisfaction_recorded_at__lt=asked.known,
        )
    elif asked.key in MILESTONES:
        name = MILESTONES[asked.key]
        first = asked.days(RECENT)
        within = Q(**{f"{name}_at__gte": asked.start(RECENT)})
        rows = rows.filter(_known(name, asked), within)
    elif asked.key != "support_silence":
        days = TREND if asked.key in {"tickets", "ticket_trend"} else RECENT
        first = asked.days(days)
        rows = rows.filter(opened_at__gte=asked.start(days))
        if asked.key == "escalations":
            rows = rows.filter(_known("escalated", asked))
    found, total = newest(asked, rows.order_by("-opened_at", "-id"))
    return Behind("ticket", [_ticket(row, asked) for row in found], total, first)


def _known(name: str, asked: Asked) -> Q:
    return Q(
        **{
            f"{name}_at__isnull": False,
            f"{name}_at__lt": asked.known,
            f"{name}_recorded_at__lt": asked.known,
        }
    )


def _ticket(row: SupportTicket, asked: Asked) -> TicketRow:
    def then(
        moment: dt.datetime | None, told: dt.datetime | None
    ) -> dt.datetime | None:
        if moment is None or told is None or told >= asked.known:
            return None
        return moment if moment < asked.known else None

    rated = row.satisfaction_recorded_at
    return TicketRow(
        row.external_id,
        row.subject,
        row.get_priority_display(),
        row.opened_at,
        then(row.first_response_at, row.first_response_recorded_at),
        then(row.resolved_at, row.resolved_recorded_at),
        then(row.escalated_at, row.escalated_recorded_at),
        then(row.reopened_at, row.reopened_recorded_at),
        row.satisfaction if rated and rated < asked.known else None,
    )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    pk: int
    day: dt.datetime
    score: int
    who: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """An invitation; `answered` is None where nobody had by then."""

    day: dt.datetime
    who: str
    answered: dt.datetime | None


def answers(asked: Asked) -> Behind:
    """This will return confirmed answers, or those who were asked."""
    if asked.key == "non_response":
        return _invited(asked)
    rows = Response.objects.filter(
        customer_id=asked.customer_id,
        kind="nps",
        counted=True,
        responded_at__lt=asked.known,
        recorded_at__lt=asked.known,
    ).select_related("contact")
    first = None
    if asked.key == "detractor_share":
        first = asked.days(YEAR)
        rows = rows.filter(responded_at__gte=asked.start(YEAR))
    found, total = newest(asked, rows.order_by("-responded_at", "-id"))
    shown = [
        AnswerRow(
            row.pk, row.responded_at, row.score, row.contact.name if row.contact else ""
        )
        for row in found
    ]
    return Behind("answer", shown, total, first)


def _invited(asked: Asked) -> Behind:
    """This will return a year's invitations that had their time to be answered."""
    rows = (
        Invitation.objects.exclude(state="dropped")
        .filter(
            customer_id=asked.customer_id,
            created_at__gte=asked.start(YEAR),
            created_at__lt=asked.known - dt.timedelta(days=TO_ANSWER),
        )
        .select_related("contact")
    )
    found, total = newest(asked, rows.order_by("-created_at", "-id"))
    shown = [
        AskedRow(
            row.created_at,
            row.contact.name if row.contact else "",
            row.answered_at
            if row.answered_at and row.answered_at < asked.known
            else None,
        )
        for row in found
    ]
    return Behind("invitation", shown, total, asked.days(YEAR))
