"""Writing down what became of a try.

A definite word of the gateway counts whoever asked for it and however late it comes; that
nothing is known counts only from whoever holds the try. Nothing takes a success back.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.enums import AttemptState
from billing.gateways.base import Answer, Outcome
from billing.gateways.objects import RemotePayment
from billing.models import DunningCase, PaymentAttempt
from billing.services.dunning.cases import action_note, case_touch
from billing.services.dunning.taking import gateway_payment_take
from billing.services.settling import invoice_locked
from common.jobs import enqueue

# Gateways keep the answer to a key for 24 hours.
KEY_LIVES = dt.timedelta(hours=23)
# A gateway that could not be reached is tried again after a quarter of the time that the
# try has waited already, within these.
SOONEST = dt.timedelta(minutes=1)
LATEST = dt.timedelta(hours=1)
# The janitor asks less and less often, and never gives up.
LAST_LOOK = dt.timedelta(hours=6)
DEFINITE = {
    Outcome.SUCCEEDED: "succeeded",
    Outcome.DECLINED: "failed",
    Outcome.NEEDS_ACTION: "needs_action",
}


@transaction.atomic
def attempt_record(
    *, attempt: PaymentAttempt, answer: Answer, now: dt.datetime
) -> PaymentAttempt:
    """This will write down an answer to a try, with the payment and all that follows of it.

    `attempt` is the row as whoever asks had it: its claim fences what is not definite. The
    same answer again changes nothing. Returns the row as it stands.
    """
    if answer.outcome in DEFINITE:
        remote = _remote(attempt, answer, now=now)
        gateway_payment_take(
            invoice=attempt.invoice, remote=remote, now=now, answers=attempt
        )
    elif answer.outcome == Outcome.NOT_MADE:
        _not_made(attempt, now=now)
    else:
        _unknown(attempt, now=now)
    return PaymentAttempt.objects.get(pk=attempt.pk)


def attempt_wait(
    *,
    attempt: PaymentAttempt,
    now: dt.datetime,
    after: float | None = None,
    until: dt.datetime | None = None,
) -> None:
    """This will put a try back of which certainly nothing was done, with the same key.

    It is asked again `until` a moment, or `after` seconds if the gateway told them, else
    after a quarter of the time it has waited. Only as long as our claim stands.
    """
    if until is None:
        wait = min(LATEST, max(SOONEST, (now - attempt.planned_at) / 4))
        until = now + max(wait, dt.timedelta(seconds=after or 0))
    _own(attempt, (AttemptState.PLANNED, AttemptState.ASKED)).update(
        state=AttemptState.PLANNED, asked_at=attempt.asked_at, look_at=until, **FREE
    )


def attempt_rest(*, attempt: PaymentAttempt, until: dt.datetime) -> None:
    """This will leave an unknown try alone for now: the gateway could not be asked."""
    _own(attempt, (AttemptState.UNKNOWN,)).update(
        looked=attempt.looked, look_at=until, **FREE
    )


def attempt_doubt(*, attempt: PaymentAttempt, now: dt.datetime) -> None:
    """This will have the gateway asked once more about a try that it did not have.

    Call it with the try locked.
    """
    attempt.state, attempt.look_at = AttemptState.UNKNOWN, now
    attempt.claim = attempt.lease_until = None
    attempt.save()


def attempt_drop(
    *,
    attempt: PaymentAttempt,
    case: DunningCase | None,
    reason: str,
    now: dt.datetime,
) -> None:
    """This will end a try that was not made, and tell why on its case.

    Call it with the invoice, the case and the try locked. The case is looked at again.
    """
    attempt.state = AttemptState.NOT_MADE
    attempt.reason, attempt.answered_at = reason, now
    attempt.claim = attempt.lease_until = attempt.look_at = None
    attempt.save()
    if case is None:
        return
    action_note(
        case,
        kind="retry",
        step=f"not_made:{attempt.number}",
        reason=reason,
        due_at=attempt.planned_at,
        now=now,
        skipped=True,
        data={"number": attempt.number},
    )
    case_touch(invoice_ids=[attempt.invoice_id], now=now)


def look_delay(looked: int) -> dt.timedelta:
    """This will return how long to wait after so many looks: twice as long each time."""
    first = dt.timedelta(seconds=settings.ATTEMPT_LOOK_SECONDS)
    doubled: int = 2 ** min(looked, 12)
    return min(LAST_LOOK, first * doubled)


FREE: dict[str, Any] = {"claim": None, "lease_until": None}


def _own(attempt: PaymentAttempt, states: tuple[AttemptState, ...]) -> Any:
    """This will address a try only as long as our claim on it stands."""
    return PaymentAttempt.objects.filter(
        pk=attempt.pk, claim=attempt.claim, claim__isnull=False, state__in=states
    )


def _unknown(attempt: PaymentAttempt, *, now: dt.datetime) -> None:
    """Nothing is known yet; the janitor asks again, a little later each time."""
    _own(attempt, (AttemptState.ASKED, AttemptState.UNKNOWN)).update(
        state=AttemptState.UNKNOWN,
        looked=attempt.looked,
        look_at=now + look_delay(attempt.looked),
        **FREE,
    )


def _not_made(attempt: PaymentAttempt, *, now: dt.datetime) -> None:
    """The gateway has none of it. Where it was lost on the way it goes there once more, with
    its key, while that is remembered there; what was refused is over."""
    invoice = invoice_locked(attempt.invoice)
    case = DunningCase.objects.select_for_update().filter(invoice=invoice).first()
    row = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    if row.claim is None or row.claim != attempt.claim:
        return
    lost = row.state == AttemptState.UNKNOWN
    if not lost or now - row.planned_at > KEY_LIVES:
        attempt_drop(attempt=row, case=case, reason="never_arrived", now=now)
        return
    row.state, row.looked = AttemptState.PLANNED, attempt.looked
    row.claim = row.lease_until = None
    # At once the first time; what is lost again and again is asked less and less often.
    row.look_at = now + look_delay(row.looked) if row.looked > 1 else None
    row.save()
    enqueue("billing.attempt_ask", attempt_id=row.pk)


def _remote(
    attempt: PaymentAttempt, answer: Answer, *, now: dt.datetime
) -> RemotePayment:
    """This will put an answer as any payment at a gateway is told."""
    return RemotePayment(
        external_id=answer.payment or _stand_in(attempt, answer),
        invoice=attempt.invoice.external_id,
        state=DEFINITE[answer.outcome],
        amount=attempt.amount if answer.amount is None else answer.amount,
        currency=attempt.currency,
        happened_at=answer.happened_at or now,
        method=answer.method,
        decline_code=answer.code,
        message=answer.message,
        action_url=answer.action_url,
        key=str(attempt.key),
    )


def _stand_in(attempt: PaymentAttempt, answer: Answer) -> str:
    """A payment without a number goes by our key until its number is told."""
    return "" if answer.outcome == Outcome.NEEDS_ACTION else str(attempt.key)
