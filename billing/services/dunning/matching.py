"""Which try a payment at the gateway belongs to."""

import datetime as dt

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from billing.enums import AttemptCause, AttemptState
from billing.gateways.objects import RemotePayment
from billing.models import Invoice, PaymentAttempt
from billing.selectors.dunning.attempts import OPEN
from billing.services.dunning.attempts import next_number

# So far may the gateway's clock be behind ours.
SLACK = dt.timedelta(minutes=5)


def attempt_of(invoice: Invoice, remote: RemotePayment) -> PaymentAttempt | None:
    """This will find the try that a payment is, if it is here. One to three queries.

    By its number at the gateway; by our key, where the gateway tells it; else the last try
    of ours that was asked for the same amount with the same method before it happened, and
    of which no payment is known yet. Call it with the invoice locked.
    """
    rows = PaymentAttempt.objects.select_for_update(of=("self",)).filter(
        invoice=invoice
    )
    known = _numbered(rows, remote)
    if known is None and remote.key:
        known = rows.filter(key=remote.key).first()
    return known or _ours(rows, remote)


def attempt_take_over(
    *, attempt: PaymentAttempt, remote: RemotePayment
) -> PaymentAttempt:
    """This will return our own try, which the gateway says to be this payment.

    Its word counts more than what was found before. A row that was made for the payment
    as if the gateway had tried by itself goes; a payment that our row was taken for and
    is not gets a row of its own. Where another try of ours brought this very payment, ours
    was not made: the gateway has told of what it had already.
    """
    rows = PaymentAttempt.objects.select_for_update(of=("self",)).filter(
        invoice=attempt.invoice_id
    )
    mine = rows.get(pk=attempt.pk)
    other = _numbered(rows.exclude(pk=mine.pk), remote)
    if other is not None and other.key is None:
        other.delete()
    elif other is not None and other.state == AttemptState.SUCCEEDED:
        if mine.state != AttemptState.SUCCEEDED:
            mine.state, mine.reason = AttemptState.NOT_MADE, "paid"
            mine.claim = mine.lease_until = mine.look_at = None
            mine.save()
        return other
    elif other is not None:
        _rename(other)
    held = mine.external_id and remote.external_id not in ("", mine.external_id)
    if held and mine.payment_id is not None:
        _part(mine)
    return mine


def _numbered(
    rows: QuerySet[PaymentAttempt], remote: RemotePayment
) -> PaymentAttempt | None:
    if not remote.external_id:
        return None
    return rows.filter(external_id=remote.external_id).first()


def _ours(
    rows: QuerySet[PaymentAttempt], remote: RemotePayment
) -> PaymentAttempt | None:
    late = Q(answered_at__gte=remote.happened_at - SLACK)
    open_still = Q(state__in=OPEN) | Q(late, state=AttemptState.NOT_MADE)
    nameless = Q(open_still, external_id="") | Q(
        late, external_id=Cast("key", TextField())
    )
    # What waited for the customer may go on under another number.
    confirmed = Q(state=AttemptState.NEEDS_ACTION)
    asked = rows.filter(
        nameless | confirmed if remote.state != "needs_action" else nameless,
        key__isnull=False,
        amount=remote.amount,
        asked_at__lte=remote.happened_at + SLACK,
    )
    if remote.method:
        asked = asked.filter(
            Q(method__isnull=True) | Q(method__external_id=remote.method)
        )
    return asked.order_by("-number").first()


def _part(mine: PaymentAttempt) -> None:
    """This will give what our row was taken for a row of its own; ours is open again."""
    theirs = PaymentAttempt(
        invoice_id=mine.invoice_id,
        case_id=mine.case_id,
        customer_id=mine.customer_id,
        account_id=mine.account_id,
        method_id=mine.method_id,
        number=next_number(mine.invoice),
        cause=AttemptCause.GATEWAY,
        state=mine.state,
        amount=mine.amount,
        currency=mine.currency,
        planned_at=mine.answered_at or mine.planned_at,
        asked_at=mine.answered_at,
        answered_at=mine.answered_at,
        external_id=mine.external_id,
        decline_code=mine.decline_code,
        decline_group=mine.decline_group,
        payment_id=mine.payment_id,
    )
    mine.external_id, mine.payment = "", None
    mine.save(update_fields=["external_id", "payment"])
    theirs.save()
    # Not written: the caller does, with what became of it.
    mine.state = AttemptState.ASKED


def _rename(other: PaymentAttempt) -> None:
    """A number stands for the last try under it; what an earlier one brought keeps it with
    a mark."""
    if other.payment is not None:
        other.payment.external_id = f"{other.external_id}#{other.number}"
        other.payment.save(update_fields=["external_id"])
    other.external_id = ""
    other.save(update_fields=["external_id"])
