"""Payments that a gateway tells of: with their invoice, or by themselves."""

import datetime as dt

from billing.enums import GatewayKind, ObjectKind, PaymentState
from billing.gateways.choose import gateway_class
from billing.gateways.objects import RemoteInvoice, RemotePayment
from billing.models import GatewayObject, Invoice, Payment, PaymentMethod
from billing.services.dunning.policies import policy_for
from billing.services.dunning.taking import gateway_payment_take
from billing.services.gateways.applying.dunning import invoice_case_touch
from billing.services.gateways.applying.errors import MissingObject
from billing.services.gateways.applying.ground import Ground
from billing.services.gateways.applying.refunds import refunds_take
from billing.services.settling import invoice_locked

STATES = {"succeeded": PaymentState.SUCCEEDED, "failed": PaymentState.FAILED}
REASON = 80


def payment_apply(ground: Ground, remote: RemotePayment) -> bool:
    """This will write a payment that was told by itself; one of no invoice is none here.

    An import leaves the failures of what is collected from now on to the reading of the
    invoice that follows.
    """
    if not remote.invoice:
        return False
    row = Invoice.objects.filter(external_id=remote.invoice).first()
    if row is None:
        raise MissingObject(ObjectKind.INVOICE, remote.invoice)
    invoice = invoice_locked(row)
    if ground.history and dunning_begins(ground, invoice, remote):
        return False
    changed = _take(ground, invoice, remote)
    if changed and not ground.history:
        invoice_case_touch(ground, invoice)
    return changed


def payments_take(ground: Ground, invoice: Invoice, remote: RemoteInvoice) -> bool:
    """This will write the payments of an invoice, oldest first. The invoice is locked."""
    changed = False
    for payment in sorted(remote.payments, key=lambda one: one.happened_at):
        changed |= _take(ground, invoice, payment)
    return changed


def dunning_begins(ground: Ground, invoice: Invoice, remote: RemotePayment) -> bool:
    """This will say whether a failure that is imported is one to collect from now on.

    Of an invoice that is not settled, at an account that we collect at, and no older than
    its policy allows to collect.
    """
    if not ground.account.collects or invoice.paid_on is not None:
        return False
    if remote.state not in {"failed", "needs_action"}:
        return False
    days = policy_for(invoice, now=ground.now).most_days
    return ground.now - remote.happened_at <= dt.timedelta(days=days)


def _take(ground: Ground, invoice: Invoice, remote: RemotePayment) -> bool:
    if ground.history:
        changed = _past(ground, invoice, remote)
    else:
        changed = _present(ground, invoice, remote)
    return refunds_take(ground, remote) or changed


def _present(ground: Ground, invoice: Invoice, remote: RemotePayment) -> bool:
    """Through the one way that our own answers take too; says whether it was news."""
    method_read(ground, remote)
    before = _stands(invoice, remote)
    gateway_payment_take(invoice=invoice, remote=remote, now=ground.now)
    return _stands(invoice, remote) != before


def method_read(ground: Ground, remote: RemotePayment) -> None:
    """This will have the method read first that brought money, where it is not known yet.

    Else the money would not be put down to it. One that the gateway no longer has was
    asked for once, and is gone.
    """
    if not remote.method or remote.state != "succeeded":
        return
    if gateway_class(GatewayKind(ground.account.kind)).carries:
        return  # there is nobody to ask
    known = PaymentMethod.objects.filter(
        account=ground.account, external_id=remote.method
    )
    asked = GatewayObject.objects.filter(
        account=ground.account,
        kind=ObjectKind.METHOD,
        external_id=remote.method,
        read_at__isnull=False,
    )
    if not known.exists() and not asked.exists():
        raise MissingObject(ObjectKind.METHOD, remote.method)


def _stands(invoice: Invoice, remote: RemotePayment) -> tuple[object, ...]:
    payment = Payment.objects.filter(external_id=remote.external_id)
    attempts = invoice.attempts.filter(external_id=remote.external_id)
    return (
        payment.values_list("state", "amount").first(),
        attempts.values_list("state", flat=True).first(),
    )


def _past(ground: Ground, invoice: Invoice, remote: RemotePayment) -> bool:
    """This will write a payment of the past, and settle nothing: the invoice says so."""
    state = STATES.get(remote.state)
    if state is None or remote.amount <= 0:
        return False
    if Payment.objects.filter(external_id=remote.external_id).exists():
        return False
    happened_at = ground.past(remote.happened_at)
    failed = state == PaymentState.FAILED
    Payment.objects.create(
        invoice=invoice,
        customer_id=invoice.customer_id,
        external_id=remote.external_id,
        state=state,
        amount=remote.amount,
        currency=remote.currency,
        happened_at=happened_at,
        recorded_at=ground.known_at(happened_at),
        recorded_assumed=True,
        reason=(remote.decline_code or remote.message)[:REASON] if failed else "",
    )
    return True
