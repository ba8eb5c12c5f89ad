"""Payments that failed of late, played through by the services that deal with them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import F

from accounts.actor import Actor
from accounts.selectors import company
from billing.enums import AttemptState, CaseState
from billing.gateways.base import Answer, Outcome
from billing.gateways.objects import RemotePayment
from billing.models import DunningCase, Invoice, Payment, PaymentAttempt
from billing.services.dunning.answers import attempt_record
from billing.services.dunning.people import case_wait
from billing.services.dunning.taking import gateway_payment_take
from billing.services.dunning.working import case_work
from common.dates import local_day
from demo.calculations.failing import CONFIRM
from demo.services.collected import CODES
from demo.services.failed import Failed
from demo.services.gateway import method_id
from mail.enums import MessageState
from mail.models import OutboxMessage

# A case moves on a few times a day at most, so this is never reached.
MOST_LOOKS = 60
HELD_DAYS = 6
HELD_WHY = "They are moving to another bank and asked for a week."


def cases_opened(rows: list[Failed], *, now: dt.datetime) -> None:
    """This will collect what failed of late, up to now, as it would have gone.

    About three seconds for seven: some fifty statements for each day of a case.
    """
    for row in rows:
        for payment in row.failures:
            gateway_payment_take(
                invoice=row.invoice,
                remote=_remote(row, payment),
                now=payment.happened_at,
            )
        case_followed(DunningCase.objects.get(invoice=row.invoice), row, now=now)
    _held(rows, now=now)
    OutboxMessage.objects.filter(
        kind__startswith="billing.", state=MessageState.PENDING
    ).update(
        state=MessageState.SENT,
        attempts=1,
        sent_at=F("created_at"),
        finished_at=F("created_at"),
    )


def _remote(row: Failed, payment: Payment) -> RemotePayment:
    return RemotePayment(
        external_id=payment.external_id or "",
        invoice=row.invoice.external_id,
        state="needs_action" if row.reason == CONFIRM else "failed",
        amount=payment.amount,
        currency=payment.currency,
        happened_at=payment.happened_at,
        method=method_id(row.invoice.customer),
        decline_code=CODES.get(row.reason, "generic_decline"),
    )


def case_followed(case: DunningCase, row: Failed, *, now: dt.datetime) -> None:
    """This will look at a case whenever it was due, and have its tries declined."""
    for _look in range(MOST_LOOKS):
        case.refresh_from_db()
        due = case.next_at
        if case.state != CaseState.OPEN or due is None or due > now:
            return
        case_work(case_id=case.pk, now=due)
        for attempt in case.attempts.filter(state=AttemptState.PLANNED):
            _declined(attempt, row.invoice, row.reason, at=due)


def _declined(
    attempt: PaymentAttempt, invoice: Invoice, reason: str, *, at: dt.datetime
) -> None:
    attempt.state, attempt.asked_at = AttemptState.ASKED, at
    attempt.save(update_fields=["state", "asked_at"])
    answer = Answer(
        Outcome.DECLINED,
        payment=f"{invoice.external_id}/{attempt.number}",
        happened_at=at,
        method=method_id(invoice.customer),
        code=CODES.get(reason, "generic_decline"),
    )
    attempt_record(attempt=attempt, answer=answer, now=at)


def _held(rows: list[Failed], *, now: dt.datetime) -> None:
    """This will have a person leave the second of the soft ones alone for a week."""
    soft = [row for row in rows if row.reason == "Insufficient funds"]
    cases = DunningCase.objects.filter(
        invoice__in=[row.invoice.pk for row in soft],
        state=CaseState.OPEN,
        held_out=False,
        customer__owner__isnull=False,
    )
    case = cases.select_related("customer__owner").order_by("began_at", "id").first()
    if case is None or case.customer.owner is None:
        return
    today = local_day(now, ZoneInfo(company().time_zone))
    case_wait(
        case=case,
        until=today + dt.timedelta(days=HELD_DAYS),
        reason=HELD_WHY,
        by=Actor(case.customer.owner),
        now=now - dt.timedelta(hours=20),
    )
    DunningCase.objects.filter(pk=case.pk).update(next_at=now)
