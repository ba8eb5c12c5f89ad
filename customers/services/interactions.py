"""Writing down what happened between us and a customer."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from customers.enums import InteractionKind
from customers.events import INTERACTION_LOGGED
from customers.models import Contact, Customer, Interaction
from customers.services.events import event_record


@transaction.atomic
def interaction_log(
    *,
    customer: Customer,
    kind: InteractionKind,
    happened_at: dt.datetime,
    author: User,
    now: dt.datetime,
    summary: str = "",
    contact: Contact | None = None,
    pulse: int | None = None,
) -> Interaction:
    """This will keep an interaction and tell the timeline's consumers. Two inserts."""
    interaction = Interaction.objects.create(
        customer=customer,
        kind=kind,
        summary=summary,
        contact=contact,
        pulse=pulse,
        author=author,
        happened_at=happened_at,
        recorded_at=now,
    )
    event_record(
        customer=customer,
        kind=INTERACTION_LOGGED,
        happened_at=happened_at,
        now=now,
        actor=author,
        subject=interaction,
        data={"kind": str(kind)},
    )
    return interaction
