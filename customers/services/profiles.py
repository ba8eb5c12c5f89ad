"""Keeping the log of what customers are taken for."""

import datetime as dt

from django.db import transaction

from customers.models import Customer, ProfileChange


@transaction.atomic
def profile_note(*, customer: Customer, now: dt.datetime) -> ProfileChange | None:
    """This will log a customer's segment, stage and parent where one of them is new.

    To be called in the transaction that changed them: scores of past days go on reading
    what was known then. Returns the new line, None where nothing changed. Two queries.
    """
    # Two changes at once must not both compare themselves with the same last line.
    Customer.objects.select_for_update().get(pk=customer.pk)
    last = (
        ProfileChange.objects.filter(customer=customer)
        .order_by("-recorded_at", "-id")
        .first()
    )
    stands = (customer.segment_id, customer.stage, customer.parent_id)
    if last and (last.segment_id, last.stage, last.parent_id) == stands:
        return None
    known = max(now, last.recorded_at) if last else customer.recorded_at
    return ProfileChange.objects.create(
        customer=customer,
        segment_id=customer.segment_id,
        stage=customer.stage,
        parent_id=customer.parent_id,
        recorded_at=known,
    )
