"""One-off products that customers buy beside their subscriptions."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import PlanKind
from billing.models import Invoice, Plan, Purchase
from billing.services.recorded import (
    Recorded,
    UnableToRecord,
    cents_check,
    currency_check,
    known_as,
    same_or_refused,
)
from customers.models import Customer


@transaction.atomic
def purchase_record(
    *,
    customer: Customer,
    plan: Plan,
    amount: Decimal,
    currency: str,
    bought_on: dt.date,
    by: Actor,
    now: dt.datetime,
    quantity: int = 1,
    invoice: Invoice | None = None,
    external_id: str | None = None,
) -> Recorded[Purchase]:
    """This will note that a customer bought a one-off product; it moves no recurring sum.

    Raises UnableToRecord for anything but a one-off product, a currency nobody knows, or
    another customer's invoice.
    """
    values = {
        "customer_id": customer.pk,
        "plan_id": plan.pk,
        "invoice_id": invoice.pk if invoice else None,
        "quantity": quantity,
        "amount": amount,
        "currency": currency,
        "bought_on": bought_on,
    }
    there = known_as(Purchase.objects.all(), external_id)
    if there is not None:
        words = _("Purchase %(number)s") % {"number": external_id}
        return same_or_refused(there, values, number=words)
    cents_check(amount=amount)
    if plan.kind != PlanKind.ONE_OFF:
        msg = _("%(plan)s is sold by subscription, not once. Start a subscription.")
        raise UnableToRecord(msg % {"plan": plan.name})
    if amount < 0 or quantity < 1:
        raise UnableToRecord(
            _("Somebody buys at least one, and for no less than nothing.")
        )
    if invoice and invoice.customer_id != customer.pk:
        raise UnableToRecord(_("The invoice is another customer's."))
    notes = currency_check(currency, bought_on)
    row = Purchase.objects.create(external_id=external_id, recorded_at=now, **values)
    audit_record(
        by=by,
        action="billing.purchase_recorded",
        now=now,
        subject=customer,
        after={"plan": plan.key, "amount": amount, "currency": currency},
    )
    return Recorded(row, created=True, notes=notes)
