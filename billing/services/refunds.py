"""Money that went back to the customer."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import PaymentState, RefundKind
from billing.models import Payment, Refund
from billing.services.dunning.cases import case_touch
from billing.services.recorded import (
    Recorded,
    UnableToRecord,
    amount_check,
    happened_check,
    known_as,
    same_or_refused,
)
from billing.services.settling import invoice_locked
from common.templatetags.ui import day_long, money_exact


@transaction.atomic
def refund_record(
    *,
    payment: Payment,
    kind: RefundKind,
    amount: Decimal,
    happened_at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    external_id: str | None = None,
    currency: str = "",
    reason: str = "",
) -> Recorded[Refund]:
    """This will note that a payment went back: by us, or taken by the customer's bank.

    Only of a payment that succeeded, in its currency, not before it, and all of them
    together never more than it: two that come at once take turns at the invoice.
    Raises UnableToRecord. A chargeback makes its amount owed again; a refund does not.
    """
    invoice = invoice_locked(payment.invoice)
    currency = currency or payment.currency
    values = {
        "payment_id": payment.pk,
        "kind": str(kind),
        "amount": amount,
        "currency": currency,
        "happened_at": happened_at,
        "reason": reason,
    }
    there = known_as(Refund.objects.all(), external_id)
    if there is not None:
        words = _("Refund %(number)s") % {"number": external_id}
        return same_or_refused(there, values, number=words)
    _payment_check(payment, happened_at)
    amount_check(amount, currency, of=payment.currency)
    happened_check(happened_at, now=now)
    left = payment.amount - refunded_of(payment)
    if amount > left:
        msg = _(
            "%(amount)s is more than can go back: of this payment of %(paid)s, %(left)s is "
            "left."
        )
        words_of = {
            "amount": money_exact(amount, currency),
            "paid": money_exact(payment.amount, currency),
            "left": money_exact(left, currency),
        }
        raise UnableToRecord(msg % words_of)
    row = Refund.objects.create(
        customer_id=payment.customer_id,
        external_id=external_id,
        recorded_at=now,
        **values,
    )
    audit_record(
        by=by,
        action="billing.refund_recorded",
        now=now,
        subject=invoice,
        after={"kind": str(kind), "amount": amount, "currency": currency},
    )
    # What had come in of a failed payment is less now, or owed again.
    case_touch(invoice_ids=[invoice.pk], now=now)
    return Recorded(row, created=True)


def refunded_of(payment: Payment) -> Decimal:
    """This will sum what went back of a payment. One query."""
    total = payment.refunds.aggregate(amount=Sum("amount"))["amount"]
    return total or Decimal(0)


def _payment_check(payment: Payment, happened_at: dt.datetime) -> None:
    if payment.state != PaymentState.SUCCEEDED:
        msg = _("That payment failed: nothing came in that could go back.")
        raise UnableToRecord(msg)
    if happened_at < payment.happened_at:
        msg = _("Money cannot go back before it came: the payment was on %(day)s.")
        day = day_long(payment.happened_at)
        raise UnableToRecord(msg % {"day": day})
