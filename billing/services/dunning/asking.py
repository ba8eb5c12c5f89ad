"""Asking a gateway to charge: claim, look once more here and there, say so, then ask.

Between two of these steps anything may happen to this process. What stands in the row is
then enough for somebody else to go on: planned means that the gateway has not been asked,
asked that it may have been.
"""

import datetime as dt
import logging
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from billing.enums import AttemptState, ObjectKind
from billing.gateways.base import (
    Answer,
    Outcome,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.gateways.objects import RemoteInvoice
from billing.models import DunningCase, PaymentAttempt
from billing.selectors.dunning.attempts import (
    account_rests,
    against_account,
    against_case,
    against_invoice,
    against_method,
    owed_now,
)
from billing.services.dunning.answers import (
    KEY_LIVES,
    attempt_doubt,
    attempt_drop,
    attempt_record,
    attempt_wait,
)
from billing.services.dunning.holding import Turn, attempt_claim, lease
from billing.services.dunning.refused import account_trouble_clear, account_trouble_note
from billing.services.gateways.wanting import objects_want
from billing.services.settling import invoice_locked
from common.jobs import enqueue

logger = logging.getLogger(__name__)
DIFFERS = "differs"
CENT = Decimal("0.01")  # that two ways of rounding may be apart


def attempt_ask(*, attempt_id: int, now: dt.datetime | None = None) -> None:
    """This will make a planned try: ask the gateway and write down what it says.

    Nothing happens where somebody else is at it, or it is not planned (any more). Call it
    outside any transaction; it may take GATEWAY_SECONDS. `now` is the database's time
    unless it is told.
    """
    turn = attempt_claim(attempt_id=attempt_id, now=now)
    if turn is None:
        return
    account = turn.attempt.account
    try:
        answer = _asked(turn)
    except UnableToReachGateway as error:
        attempt_wait(attempt=turn.attempt, now=turn.now(), after=error.after)
        return
    except UnableToUseGateway as error:
        until = account_trouble_note(account=account, text=str(error), now=turn.now())
        attempt_wait(attempt=turn.attempt, now=turn.now(), until=until)
        return
    if answer is None:
        return
    account_trouble_clear(account=account)
    attempt_record(attempt=turn.attempt, answer=answer, now=turn.now())
    if answer.outcome == Outcome.NOT_MADE:
        _read_anew(turn)


def attempt_begin(turn: Turn, *, there: RemoteInvoice | None) -> str:
    """This will look once more whether the charge is wanted, and say that it is asked for.

    Everything is read again with the invoice held; `there` is what the gateway says of
    the invoice. "" when the row says "asked", with what is owed now; the caller asks right
    after the commit, and nobody else does. Where it no longer stands the try ends here, and
    why is told on its case and returned; "busy" where the try is not ours (any more).
    """
    now = turn.now()
    with transaction.atomic(durable=True):
        invoice = invoice_locked(turn.attempt.invoice)
        case = _case_locked(turn.attempt)
        attempt = PaymentAttempt.objects.select_for_update().get(pk=turn.attempt.pk)
        if attempt.claim != turn.attempt.claim or attempt.state != AttemptState.PLANNED:
            return "busy"
        reason = (
            against_invoice(invoice, now=now)
            or against_case(case, cause=attempt.cause, now=now)
            or against_account(invoice.gateway)
            or against_method(attempt)
            or _against_key(attempt, now=now)
            or _against_there(there, owed_now(invoice))
        )
        if reason == DIFFERS and attempt.asked_at is not None:
            # Our own question may have come there after all, later than anybody waited.
            attempt_doubt(attempt=attempt, now=now)
            return reason
        if reason:
            attempt_drop(attempt=attempt, case=case, reason=reason, now=now)
            return reason
        if account_rests(attempt.account, now=now):
            attempt_wait(attempt=attempt, now=now, until=attempt.account.resumes_at)
            return "busy"
        attempt.state = AttemptState.ASKED
        attempt.amount = owed_now(invoice)
        # Since when the gateway may have this key, however often it is asked with it.
        attempt.asked_at = attempt.asked_at or now
        attempt.save(update_fields=["state", "amount", "asked_at"])
        PaymentAttempt.objects.filter(pk=attempt.pk).update(lease_until=Now() + lease())
    turn.attempt.amount = attempt.amount
    return ""


def _asked(turn: Turn) -> Answer | None:
    """This will do all that the network is needed for; None where it is not charged."""
    there = _there(turn)
    reason = attempt_begin(turn, there=there)
    if reason == DIFFERS:
        _read_anew(turn)
    if reason:
        return None
    if turn.stood_still:
        # Not one byte has left, but another may hold the row: only our own claim counts.
        attempt_wait(attempt=turn.attempt, now=turn.now())
        return None
    return _charge(turn)


def _there(turn: Turn) -> RemoteInvoice | None:
    """This will ask how the invoice stands at the gateway. What cannot be read is not
    charged."""
    number = turn.attempt.invoice.external_id
    try:
        found = turn.gateway.fetch(ObjectKind.INVOICE, number)
    except (UnableToReachGateway, UnableToUseGateway):
        raise
    except Exception as error:
        logger.exception("Invoice %s could not be read.", number)
        raise UnableToReachGateway(str(error)) from error
    return found if isinstance(found, RemoteInvoice) else None


def _read_anew(turn: Turn) -> None:
    """This will have the invoice read: it stands otherwise there than we thought."""
    attempt = turn.attempt
    about = [(ObjectKind.INVOICE, attempt.invoice.external_id)]
    objects_want(account=attempt.account, about=about, now=turn.now())
    enqueue("billing.gateway_read")


def _charge(turn: Turn) -> Answer:
    attempt = turn.attempt
    method = attempt.method.external_id if attempt.method else ""
    try:
        return turn.gateway.charge(
            invoice=attempt.invoice.external_id,
            method=method,
            amount=attempt.amount,
            currency=attempt.currency,
            key=str(attempt.key),
        )
    except (UnableToReachGateway, UnableToUseGateway):
        raise
    except Exception:
        # Wherever that went wrong, the money may have moved.
        logger.exception("The answer to try %s was lost.", attempt.pk)
        return Answer(Outcome.UNKNOWN)


def _case_locked(attempt: PaymentAttempt) -> DunningCase | None:
    if attempt.case_id is None:
        return None
    return DunningCase.objects.select_for_update().filter(pk=attempt.case_id).first()


def _against_there(there: RemoteInvoice | None, owed: Decimal) -> str:
    """The gateway charges what is open there: never more than what is owed here."""
    if there is None or there.state != "open" or there.owing > owed + CENT:
        return DIFFERS
    return ""


def _against_key(attempt: PaymentAttempt, *, now: dt.datetime) -> str:
    """A key that was used and that the gateway may have forgotten is not used again."""
    used = attempt.asked_at is not None
    return "never_arrived" if used and now - attempt.planned_at > KEY_LIVES else ""
