"""Writing the timeline."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction

from accounts.models import User
from common.cards import scrub_all
from customers.enums import DeliveryState
from customers.models import Customer, Event, EventDelivery

BATCH = 2_000


def event_record(
    *,
    customer: Customer,
    kind: str,
    happened_at: dt.datetime,
    now: dt.datetime,
    actor: User | None = None,
    subject: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """This will add a line to the customer's timeline and a delivery per consumer.

    Call it in the transaction of the change that it tells of: either both are kept or
    neither. Costs one insert, and one more where consumers are configured.
    """
    lines = {customer.pk: data or {}}
    [event] = events_record(
        lines=lines,
        kind=kind,
        happened_at=happened_at,
        now=now,
        actor=actor,
        subject=subject,
    )
    return event


# Without a savepoint: an error undoes the whole of what the event tells of.
@transaction.atomic(savepoint=False)
def events_record(
    *,
    lines: Mapping[int, dict[str, Any]],
    kind: str,
    happened_at: dt.datetime,
    now: dt.datetime,
    actor: User | None = None,
    subject: models.Model | None = None,
) -> list[Event]:
    """This will do the same for many customers: `lines` holds each one's data by its id.

    Costs an insert per 2,000 customers, and as many more per configured consumer.
    """
    events = Event.objects.bulk_create(
        (
            Event(
                customer_id=customer_id,
                kind=kind,
                happened_at=happened_at,
                recorded_at=now,
                actor=actor,
                subject_type=subject._meta.label_lower if subject else "",
                subject_id=str(subject.pk) if subject else "",
                data=scrub_all(data),
            )
            for customer_id, data in lines.items()
        ),
        batch_size=BATCH,
    )
    for consumer in settings.EVENT_CONSUMERS:
        EventDelivery.objects.bulk_create(
            (
                EventDelivery(
                    event=event, consumer=consumer, state=DeliveryState.PENDING
                )
                for event in events
            ),
            batch_size=BATCH,
        )
    return events
