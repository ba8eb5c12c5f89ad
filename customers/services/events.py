"""Writing the timeline."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models, transaction

from accounts.models import User
from customers.enums import DeliveryState
from customers.models import Customer, Event, EventDelivery


@transaction.atomic
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
    event = Event.objects.create(
        customer=customer,
        kind=kind,
        happened_at=happened_at,
        recorded_at=now,
        actor=actor,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        data=data or {},
    )
    EventDelivery.objects.bulk_create(
        EventDelivery(event=event, consumer=consumer, state=DeliveryState.PENDING)
        for consumer in settings.EVENT_CONSUMERS
    )
    return event
