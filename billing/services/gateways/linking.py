"""Saying by hand whose a customer of a gateway is."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import ObjectKind
from billing.models import GatewayObject
from billing.services.gateways.wanting import objects_read_again
from common.errors import KeepwellError
from common.jobs import enqueue
from customers.models import Customer


class UnableToLink(KeepwellError):
    """That customer cannot be tied to one of ours; the text says why."""


@transaction.atomic
def customer_link(
    *, row: GatewayObject, customer: Customer, by: Actor, now: dt.datetime
) -> None:
    """This will tie a customer of a gateway to ours, and read what waited for that.

    Raises UnableToLink for one that somebody else has tied meanwhile.
    """
    held = GatewayObject.objects.select_for_update().get(pk=row.pk)
    if held.kind != ObjectKind.CUSTOMER:
        raise UnableToLink(_("Only customers can be tied to a customer."))
    if held.customer_id is not None:
        raise UnableToLink(_("Somebody has said already whose it is."))
    held.customer, held.called = customer, ""
    held.wanted, held.due_at, held.tries = F("wanted") + 1, None, 0
    held.save(update_fields=["customer", "called", "wanted", "due_at", "tries"])
    objects_read_again(account=held.account)
    audit_record(
        by=by,
        action="billing.gateway_customer_linked",
        now=now,
        subject=held.account,
        after={"customer": customer.pk, "number": held.external_id},
    )
    enqueue("billing.gateway_read")
