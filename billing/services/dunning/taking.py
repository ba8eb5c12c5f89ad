"""Payments as a gateway tells them: our own answers, webhooks that were read, imports.

All of them come through here with the invoice locked, so whoever is second finds what the
first one wrote: a payment is one row and one try, however often it is told and by whom.
"""

import datetime as dt

from django.db import transaction

from accounts.actor import MACHINE
from billing.calculations.dunning.declines import group_of
from billing.calculations.dunning.transitions import ATTEMPT, may_follow
from billing.enums import AttemptCause, AttemptState, DeclineGroup, PaymentState
from billing.gateways.objects import RemotePayment
from billing.models import DunningCase, Invoice, Payment, PaymentAttempt, PaymentMethod
from billing.selectors.dunning.attempts import owed_now
from billing.services.dunning.attempts import next_number
from billing.services.dunning.cases import case_open, case_touch
from billing.services.dunning.matching import attempt_of, attempt_take_over
from billing.services.payments import payment_record
from billing.services.settling import invoice_locked

STATES = {
    "succeeded": AttemptState.SUCCEEDED,
    "failed": AttemptState.DECLINED,
    "needs_action": AttemptState.NEEDS_ACTION,
}
FAILURES = (AttemptState.DECLINED, AttemptState.NEEDS_ACTION)


@transaction.atomic
def gateway_payment_take(
    *,
    invoice: Invoice,
    remote: RemotePayment,
    now: dt.datetime,
    answers: PaymentAttempt | None = None,
) -> PaymentAttempt | None:
    """This will note a payment that stands at a gateway, once, and what it means.

    It is found by its number there, else as the try of ours that it must be, else it is a
    try that the gateway made by itself. `answers` is our own try, where this is what the
    gateway said to it. What is here already never gets worse: a payment that came in stays
    so. None where nothing is to be noted (one that is still under way, of nobody here, or
    over nothing). Refunds are not looked at. Opens the dunning of an invoice that failed.
    About 25 statements when something is new, eight when nothing is.
    """
    invoice = invoice_locked(invoice)
    case = DunningCase.objects.select_for_update().filter(invoice=invoice).first()
    attempt = (
        attempt_take_over(attempt=answers, remote=remote)
        if answers
        else attempt_of(invoice, remote)
    )
    state = STATES.get(remote.state)
    if state is None or remote.amount <= 0:
        return _seen(attempt, remote)
    if attempt is None:
        attempt = _made(invoice, remote, now=now)
    elif not _news(attempt, state):
        return _seen(attempt, remote)
    _answer(attempt, remote, state, now=now)
    if state != AttemptState.NEEDS_ACTION:
        attempt.payment = _payment(invoice, remote, state, now=now)
    if state in FAILURES and owed_now(invoice) > 0:
        case = case_open(
            invoice=invoice,
            failed_at=min(remote.happened_at, now),
            method=attempt.method,
            now=now,
        )
    attempt.case = attempt.case or case
    attempt.save()
    case_touch(invoice_ids=[invoice.pk], now=now)
    return attempt


def _news(attempt: PaymentAttempt, state: AttemptState) -> bool:
    """Whether this says more than is known; the same again, or less, does not."""
    return may_follow(ATTEMPT, attempt.state, state)


def _seen(
    attempt: PaymentAttempt | None, remote: RemotePayment
) -> PaymentAttempt | None:
    """This will note the payment's number and page, for what becomes of it later."""
    if attempt is None:
        return None
    if remote.action_url and attempt.state == AttemptState.NEEDS_ACTION:
        attempt.action_url = remote.action_url
        attempt.save(update_fields=["action_url"])
    if attempt.external_id not in ("", str(attempt.key)):
        return attempt
    if attempt.payment is not None and remote.external_id:
        attempt.payment.external_id = remote.external_id
        attempt.payment.save(update_fields=["external_id"])
    attempt.external_id = remote.external_id or attempt.external_id
    attempt.save(update_fields=["external_id"])
    return attempt


def _made(
    invoice: Invoice, remote: RemotePayment, *, now: dt.datetime
) -> PaymentAttempt:
    """This will make the row of a try that the gateway made, or that a person made there."""
    happened_at = min(remote.happened_at, now)
    return PaymentAttempt(
        invoice=invoice,
        customer_id=invoice.customer_id,
        account=invoice.gateway,
        method=PaymentMethod.objects.filter(
            account=invoice.gateway_id, external_id=remote.method
        ).first()
        if remote.method
        else None,
        number=next_number(invoice),
        cause=AttemptCause.GATEWAY,
        amount=remote.amount,
        currency=remote.currency,
        planned_at=happened_at,
        asked_at=happened_at,
    )


def _answer(
    attempt: PaymentAttempt,
    remote: RemotePayment,
    state: AttemptState,
    *,
    now: dt.datetime,
) -> None:
    """This will put what the gateway said into the row; nobody holds it any more."""
    attempt.state = state
    attempt.answered_at = min(remote.happened_at, now) if not attempt.key else now
    attempt.external_id = remote.external_id or attempt.external_id
    attempt.claim = attempt.lease_until = attempt.look_at = None
    attempt.reason = ""
    failed = state in FAILURES
    attempt.action_url = remote.action_url if failed else ""
    attempt.decline_code = remote.decline_code[:60] if failed else ""
    waits = state == AttemptState.NEEDS_ACTION
    group = DeclineGroup.ACTION if waits else group_of(remote.decline_code)
    attempt.decline_group = group if failed else ""


def _payment(
    invoice: Invoice, remote: RemotePayment, state: AttemptState, *, now: dt.datetime
) -> Payment:
    """This will return the payment's row, made where there is none yet."""
    paid = state == AttemptState.SUCCEEDED
    wanted = PaymentState.SUCCEEDED if paid else PaymentState.FAILED
    there = (
        invoice.payments.filter(external_id=remote.external_id).first()
        if remote.external_id
        else None
    )
    if there is not None and there.state in (wanted, PaymentState.SUCCEEDED):
        return there
    if there is not None:
        # It failed, and the gateway went on under the same number: that was another try.
        there.external_id = f"{remote.external_id}#{there.pk}"
        there.save(update_fields=["external_id"])
        PaymentAttempt.objects.filter(payment=there).update(payment=None)
    recorded = payment_record(
        invoice=invoice,
        state=wanted,
        amount=remote.amount,
        currency=remote.currency,
        happened_at=min(remote.happened_at, now),
        external_id=remote.external_id or None,
        reason="" if paid else (remote.decline_code or remote.message)[:80],
        by=MACHINE,
        now=now,
    )
    return recorded.row
