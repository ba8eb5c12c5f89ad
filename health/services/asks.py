"""Noting that a healthy customer was asked for something, and what came of it."""

import datetime as dt

from django.db import transaction

from accounts.actor import Actor
from customers.models import Customer, Event
from customers.services.events import event_record
from health.enums import AskKind
from health.events import CUSTOMER_ASKED
from health.models import Ask

# A second click is the same asking.
TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def ask_record(
    *, customer: Customer, kind: AskKind, by: Actor, now: dt.datetime, note: str = ""
) -> Ask:
    """This will note that a customer was asked, on the timeline too.

    The customer leaves the lists at once. The same within ten minutes is taken for a
    double click: the first one is returned. Costs five statements.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    same = Ask.objects.filter(customer=customer, kind=kind, asked_at__gt=now - TWICE)
    if (found := same.order_by("-asked_at", "-id").first()) is not None:
        return found
    ask = Ask.objects.create(
        customer=customer, kind=kind, asked_at=now, author=by.user, note=note.strip()
    )
    event_record(
        customer=customer,
        kind=CUSTOMER_ASKED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=ask,
        data={"ask": ask.pk, "what": kind},
    )
    return ask


@transaction.atomic
def ask_undo(*, ask: Ask) -> None:
    """This will take a note back that somebody was asked, with its line."""
    lines = Event.objects.filter(customer=ask.customer_id, kind=CUSTOMER_ASKED)
    lines.filter(subject_id=str(ask.pk)).delete()
    ask.delete()


def ask_answer(*, ask: Ask, agreed: bool | None) -> None:
    """This will note what the customer said; None: nothing yet."""
    ask.agreed = agreed
    ask.save(update_fields=["agreed"])
