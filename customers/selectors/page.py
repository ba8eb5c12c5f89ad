"""What the customer's page shows of this app's own rows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from accounts.models import User
from customers.enums import InteractionKind, TaskState
from customers.extension import CustomerPanel
from customers.models import Contact, Customer, Interaction, SupportTicket, Task
from customers.selectors.timeline import Group, grouped, own_lines
from customers.timeline import Place, merged

SHOWN_LINES = 30
SHOWN_TICKETS = 5
# Notes and pulses are our own thoughts: nobody was spoken to.
TALKS = (
    InteractionKind.CALL,
    InteractionKind.MEETING,
    InteractionKind.REVIEW,
    InteractionKind.EMAIL,
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of the timeline; `older` is where the next one begins."""

    groups: list[Group]
    older: str
    newest: bool


def timeline_page(
    *,
    customer: Customer,
    panels: list[CustomerPanel],
    behind: Place | None,
    today: dt.date,
) -> Timeline:
    """This will merge the newest 30 lines of all sources. One query per source."""
    limit = SHOWN_LINES + 1
    told = [kind for panel in panels for kind in panel.tells]
    own = own_lines(customer=customer, behind=behind, limit=limit, told=told)
    sources = [*own]
    for panel in panels:
        sources += [list(part) for part in panel.timeline(behind=behind, limit=limit)]
    found = merged(sources, limit)
    lines = found[:SHOWN_LINES]
    more = len(found) > SHOWN_LINES
    return Timeline(
        groups=grouped(lines, today=today),
        older=lines[-1].place.encode() if more else "",
        newest=behind is None,
    )


def contacts_of(customer: Customer) -> list[Contact]:
    """This will return the people, main contact first, those who left at the end."""
    people = Contact.objects.filter(customer=customer)
    return list(
        people.order_by(
            F("left_on").asc(nulls_first=True),
            "-is_primary",
            "-is_executive",
            "name",
            "pk",
        )
    )


def tickets_of(customer: Customer) -> list[SupportTicket]:
    """This will return open tickets, then those resolved last."""
    tickets = SupportTicket.objects.filter(customer=customer)
    resolved_last = F("resolved_at").desc(nulls_first=True)
    return list(tickets.order_by(resolved_last, "-opened_at", "-id")[:SHOWN_TICKETS])


def tasks_of(customer: Customer) -> list[Task]:
    """This will return the open tasks, soonest first."""
    tasks = Task.objects.filter(customer=customer, state=TaskState.OPEN)
    soonest = F("due_on").asc(nulls_last=True)
    return list(tasks.select_related("assignee").order_by(soonest, "id"))


def last_talk(customer: Customer, *, now: dt.datetime) -> Interaction | None:
    """This will return the last time we spoke with the customer."""
    talks = Interaction.objects.filter(
        customer=customer, kind__in=TALKS, happened_at__lte=now
    )
    return talks.order_by("-happened_at", "-id").first()


def tasks_due(*, user: User, today: dt.date, limit: int = 6) -> tuple[list[Task], int]:
    """This will return a person's open tasks that are due, and how many there are.

    A task follows its customer: one whose customer is out of the person's sight is not
    shown to the person any more, whoever it was given to.
    """
    due = Task.objects.visible_to(user).filter(
        Q(due_on__lte=today) | Q(due_on__isnull=True),
        Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today),
        assignee=user,
        state=TaskState.OPEN,
    )
    soonest = F("due_on").asc(nulls_last=True)
    shown = list(due.select_related("customer").order_by(soonest, "id")[: limit + 1])
    total = len(shown) if len(shown) <= limit else due.count()
    return shown[:limit], total
