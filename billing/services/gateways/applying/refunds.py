"""Money that went back at a gateway: refunds, and what customers' banks took."""

from accounts.actor import MACHINE
from billing.enums import ObjectKind, PaymentState, RefundKind
from billing.gateways.objects import RemotePayment, RemoteRefund
from billing.models import Payment, Refund
from billing.services.gateways.applying.dunning import invoice_case_touch
from billing.services.gateways.applying.errors import MissingObject
from billing.services.gateways.applying.ground import Ground, objects_at
from billing.services.ledger import ledger_refresh
from billing.services.refunds import refund_record
from billing.services.settling import invoice_locked

REASON = 80


def refund_apply(ground: Ground, remote: RemoteRefund) -> bool:
    """This will write a refund that was told by itself; one of no invoice is none here."""
    payment = Payment.objects.filter(external_id=remote.payment).first()
    if payment is None:
        read = objects_at(ground, ObjectKind.PAYMENT, remote.payment)
        if read.filter(read_at__isnull=False).exists():
            return False
        raise MissingObject(ObjectKind.PAYMENT, remote.payment)
    invoice = invoice_locked(payment.invoice)
    changed = _take(ground, payment, remote)
    if changed and not ground.history:
        # What the bank took back is owed again.
        invoice_case_touch(ground, invoice)
    return changed


def refunds_take(ground: Ground, remote: RemotePayment) -> bool:
    """This will write what went back of a payment. Its invoice is locked."""
    if not remote.refunds:
        return False
    payment = Payment.objects.filter(
        external_id=remote.external_id, state=PaymentState.SUCCEEDED
    ).first()
    if payment is None:
        return False
    changed = False
    for refund in sorted(remote.refunds, key=lambda one: one.happened_at):
        changed |= _take(ground, payment, refund)
    return changed


def _take(ground: Ground, payment: Payment, remote: RemoteRefund) -> bool:
    # It is known by its number: what is said of it again changes nothing.
    if Refund.objects.filter(external_id=remote.external_id).exists():
        return False
    kind = RefundKind.CHARGEBACK if remote.chargeback else RefundKind.REFUND
    happened_at = max(payment.happened_at, ground.past(remote.happened_at))
    if ground.history:
        Refund.objects.create(
            payment=payment,
            customer_id=payment.customer_id,
            external_id=remote.external_id,
            kind=kind,
            amount=remote.amount,
            currency=remote.currency,
            reason=remote.reason[:REASON],
            happened_at=happened_at,
            recorded_at=ground.known_at(happened_at),
            recorded_assumed=True,
        )
        return True
    refund_record(
        payment=payment,
        kind=kind,
        amount=remote.amount,
        currency=remote.currency,
        happened_at=happened_at,
        external_id=remote.external_id,
        reason=remote.reason[:REASON],
        by=MACHINE,
        now=ground.now,
    )
    ledger_refresh(customers=[payment.customer_id], now=ground.now)
    return True
