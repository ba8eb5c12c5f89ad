"""The people on both sides: contacts, talks, tasks, and who the customer is."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from customers.enums import InteractionKind, Stage
from customers.models import Contact, Customer, Interaction, ProfileChange, Task
from health.selectors.evidence_rows.asked import Asked, Behind, newest

TALKS = (
    InteractionKind.CALL,
    InteractionKind.MEETING,
    InteractionKind.REVIEW,
    InteractionKind.EMAIL,
)
MEETINGS = (InteractionKind.MEETING, InteractionKind.REVIEW)
MEETINGS_WINDOW = 90


@dataclass(frozen=True, slots=True)
class TalkRow:
    day: dt.datetime
    kind: str
    author: str
    contact: str
    pulse: int | None


def interactions(asked: Asked) -> Behind:
    """This will return talks, meetings or impressions."""
    rows = Interaction.objects.filter(
        customer_id=asked.customer_id,
        happened_at__lt=asked.known,
        recorded_at__lt=asked.known,
    ).select_related("author", "contact")
    first = None
    if asked.key == "pulse":
        rows = rows.filter(kind=InteractionKind.PULSE)
    elif asked.key == "meetings":
        first = asked.days(MEETINGS_WINDOW)
        rows = rows.filter(
            kind__in=MEETINGS, happened_at__gte=asked.start(MEETINGS_WINDOW)
        )
    elif asked.key == "executive_contact":
        rows = rows.filter(kind__in=TALKS, contact__is_executive=True)
    else:
        rows = rows.filter(kind__in=TALKS)
    found, total = newest(asked, rows.order_by("-happened_at", "-id"))
    shown = [
        TalkRow(
            row.happened_at,
            row.get_kind_display(),
            row.author.name if row.author else "",
            row.contact.name if row.contact else "",
            row.pulse,
        )
        for row in found
    ]
    return Behind("talk", shown, total, first)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody at the customer; `left` is None while nothing of it was known."""

    name: str
    title: str
    primary: bool
    executive: bool
    admin: bool
    left: dt.date | None


def contacts(asked: Asked) -> Behind:
    """This will return those who matter to the measure, the ones who left first."""
    matters = (
        Q(is_admin=True)
        if asked.key == "admin_left"
        else Q(is_primary=True) | Q(is_executive=True)
    )
    rows = Contact.objects.filter(
        matters, customer_id=asked.customer_id, recorded_at__lt=asked.known
    )
    found, total = newest(
        asked, rows.order_by(F("left_on").desc(nulls_last=True), "-id")
    )
    shown = [
        ContactRow(
            row.name,
            row.title,
            row.is_primary,
            row.is_executive,
            row.is_admin,
            row.left_on if _known_to_be_gone(row, asked) else None,
        )
        for row in found
    ]
    shown.sort(key=lambda row: row.left or dt.date.min, reverse=True)
    return Behind("contact", shown, total)


def _known_to_be_gone(row: Contact, asked: Asked) -> bool:
    told = row.left_recorded_at
    if row.left_on is None or told is None:
        return False
    return row.left_on <= asked.as_of and told < asked.known


@dataclass(frozen=True, slots=True)
class TaskRow:
    title: str
    due: dt.date
    days: int
    assignee: str


def tasks(asked: Asked) -> Behind:
    """This will return the tasks that were open and past their day."""
    rows = (
        Task.objects.filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=asked.known),
            customer_id=asked.customer_id,
            created_at__lt=asked.known,
            due_on__lt=asked.as_of,
        )
        .select_related("assignee")
        .order_by("-due_on", "-id")
    )
    found, total = newest(asked, rows)
    shown = [
        TaskRow(
            row.title,
            row.due_on,
            (asked.as_of - row.due_on).days,
            row.assignee.name if row.assignee else "",
        )
        for row in found
    ]
    return Behind("task", shown, total)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    day: dt.date
    since: bool
    stage: str
    segment: str


def profile(asked: Asked) -> Behind:
    """This will return the day the customer came, and how it has been taken since."""
    customer = Customer.objects.get(pk=asked.customer_id)
    log = ProfileChange.objects.filter(
        customer_id=asked.customer_id, recorded_at__lt=asked.known
    ).select_related("segment")
    found, total = newest(asked, log.order_by("-recorded_at", "-id"))
    stages = dict(Stage.choices)
    shown = [
        ProfileRow(
            asked.day_of(row.recorded_at),
            False,
            str(stages.get(row.stage, "")),
            row.segment.name if row.segment else "",
        )
        for row in found
    ]
    came = ProfileRow(customer.customer_since, True, "", "")
    return Behind("profile", [*shown, came], total + 1)
