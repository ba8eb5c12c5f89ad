"""Finding out what became of tries that nobody has told the end of. It never charges."""

import datetime as dt
import logging
import time
import uuid

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from billing.enums import AttemptState
from billing.gateways.base import (
    Answer,
    Outcome,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.models import PaymentAttempt
from billing.selectors.dunning.attempts import (
    account_rests,
    attempts_free,
    attempts_left_behind,
    attempts_unknown,
)
from billing.services.dunning.answers import attempt_record, attempt_rest, look_delay
from billing.services.dunning.holding import lease
from billing.services.dunning.refused import account_trouble_clear, account_trouble_note
from billing.services.gateways.access import gateway_of
from common.jobs import enqueue
from common.outage import database_is_away
from common.sealing import UnableToUnseal

logger = logging.getLogger(__name__)
# A tick's worth of work; the next one goes on.
SLICE_SECONDS = 40.0
AT_ONCE = 200
PAUSE = dt.timedelta(minutes=1)


def attempts_look(*, now: dt.datetime) -> int:
    """This will see to the tries that are left over, and return how many were asked about.

    Planned ones that nobody asked get another wake-up. Those whose asker's lease ran out
    are unknown. Of unknown ones the gateway is asked what became of them, outside any
    transaction, each as long as nobody else does; what it says is written down, and what
    it does not know is asked again later. 40 s at most; never in a transaction.
    """
    attempts_left_behind().update(
        state=AttemptState.UNKNOWN, claim=None, lease_until=None, look_at=now
    )
    for pk in _first(attempts_free(now)):
        enqueue("billing.attempt_ask", attempt_id=pk)
    begun, asked = time.monotonic(), 0
    for pk in _first(attempts_unknown(now)):
        if time.monotonic() - begun > SLICE_SECONDS:
            break
        asked += attempt_look(attempt_id=pk, now=now)
    return asked


def attempt_look(*, attempt_id: int, now: dt.datetime) -> bool:
    """This will ask the gateway what became of a try; False where it told nothing."""
    attempt = _claimed(attempt_id, now)
    if attempt is None:
        return False
    account = attempt.account
    if not account.is_on or account_rests(account, now=now):
        attempt_rest(attempt=attempt, until=account.resumes_at or now + PAUSE)
        return False
    try:
        answer = _outcome(attempt)
    except UnableToReachGateway as error:
        until = now + max(PAUSE, dt.timedelta(seconds=error.after or 0))
        attempt_rest(attempt=attempt, until=until)
        # Each would wait for as long as this one has.
        attempts_unknown(now).filter(account=account).update(look_at=until)
        return False
    except (UnableToUseGateway, UnableToUnseal) as error:
        until = account_trouble_note(account=account, text=str(error), now=now)
        attempt_rest(attempt=attempt, until=until)
        return False
    account_trouble_clear(account=account)
    attempt.looked += 1
    return _recorded(attempt, answer, now=now)


def _recorded(attempt: PaymentAttempt, answer: Answer, *, now: dt.datetime) -> bool:
    """One try that cannot be written down keeps the others from nothing."""
    try:
        attempt_record(attempt=attempt, answer=answer, now=now)
    except Exception as error:
        if database_is_away(error):
            raise
        logger.exception("What became of try %s could not be noted.", attempt.pk)
        attempt_rest(attempt=attempt, until=now + look_delay(attempt.looked))
        return False
    return True


def _claimed(attempt_id: int, now: dt.datetime) -> PaymentAttempt | None:
    """This will take an unknown try for as long as a lease, by the database's clock."""
    free = attempts_unknown(now).filter(pk=attempt_id)
    if not free.update(claim=uuid.uuid4(), lease_until=Now() + lease()):
        return None
    rows = PaymentAttempt.objects.select_related("account", "invoice", "method")
    return rows.get(pk=attempt_id)


def _outcome(attempt: PaymentAttempt) -> Answer:
    gateway = gateway_of(attempt.account)
    try:
        return gateway.outcome(
            invoice=attempt.invoice.external_id,
            key=str(attempt.key),
            amount=attempt.amount,
            asked_at=attempt.asked_at or attempt.planned_at,
        )
    except (UnableToReachGateway, UnableToUseGateway):
        raise
    except Exception:
        logger.exception("What became of try %s could not be read.", attempt.pk)
        return Answer(Outcome.UNKNOWN)


def _first(rows: QuerySet[PaymentAttempt]) -> list[int]:
    in_order = rows.order_by(F("look_at").asc(nulls_first=True), "id")
    return list(in_order.values_list("pk", flat=True)[:AT_ONCE])
