"""Failed payments that are over, as rows: cases, tries, and what was done."""

import datetime as dt
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from accounts.selectors import company
from billing.calculations.dunning.declines import group_of
from billing.enums import (
    AttemptCause,
    AttemptState,
    CaseState,
    Collection,
    MethodKind,
    RecoveryCause,
)
from billing.models import (
    DunningAction,
    DunningCase,
    DunningVersion,
    GatewayAccount,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from common.dates import local_day
from demo.calculations.failing import HARD, left_alone
from demo.services.failed import Failed
from demo.services.gateway import YEAR

CODES = {
    "Insufficient funds": "insufficient_funds",
    "Card declined": "do_not_honor",
    "Card expired": "expired_card",
    "Card reported lost": "lost_card",
    "Account closed": "account_closed",
    "Confirmation needed": "authentication_required",
}
RETRIES, MAILS, LIMIT, FINAL = (3, 8, 17, 25), (0, 3, 8, 17), 20, 28
STEPS = sorted(
    [("limit", LIMIT), *(("mail", n) for n in MAILS), *(("retry", n) for n in RETRIES)],
    key=lambda step: (step[1], step[0]),
)
DAY = dt.timedelta(days=1)
# So long after the failure a case of the old policy was over.
OVER = dt.timedelta(days=FINAL + 2)


@dataclass(frozen=True)
class Past:
    """A case with the tries it was made of, before anything has a number."""

    failed: Failed
    case: DunningCase
    ours: bool


def cases_closed(
    rows: list[Failed],
    *,
    account: GatewayAccount,
    version: DunningVersion,
    methods: Mapping[int, PaymentMethod],
    now: dt.datetime,
) -> None:
    """This will write what the old policy dealt with. Some five statements."""
    zone = ZoneInfo(company().time_zone)
    old = _old_methods(rows, account, now=now)
    pasts = [
        Past(
            row,
            _case(row, version, old.get(row.invoice.pk), zone=zone, now=now),
            ours=row.began_at > now - YEAR,
        )
        for row in rows
    ]
    DunningCase.objects.bulk_create(past.case for past in pasts)
    PaymentAttempt.objects.bulk_create(
        attempt
        for past in pasts
        for attempt in _attempts(
            past, account, methods, old.get(past.failed.invoice.pk)
        )
    )
    DunningAction.objects.bulk_create(
        action for past in pasts if past.ours for action in _actions(past, now=now)
    )


def _old_methods(
    rows: list[Failed], account: GatewayAccount, *, now: dt.datetime
) -> dict[int, PaymentMethod]:
    """The cards that were replaced to pay: by invoice."""
    made = PaymentMethod.objects.bulk_create(
        PaymentMethod(
            account=account,
            customer=row.invoice.customer,
            external_id=f"pm_{row.invoice.external_id}",
            kind=MethodKind.CARD,
            brand="visa",
            last4=f"{zlib.crc32(row.invoice.external_id.encode()) % 10_000:04}",
            expires_on=(row.began_at - DAY).date().replace(day=1) - DAY
            if row.reason == "Card expired"
            else None,
            added_at=row.began_at - YEAR,
            changed_at=row.began_at - YEAR,
            recorded_at=row.began_at - YEAR,
            removed_at=row.paid.happened_at,
        )
        for row in rows
        if row.paid is not None and row.reason in HARD and row.began_at > now - YEAR
    )
    ids = {row.invoice.external_id: row.invoice.pk for row in rows}
    return {ids[method.external_id.removeprefix("pm_")]: method for method in made}


def _case(
    row: Failed,
    version: DunningVersion,
    method: PaymentMethod | None,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
) -> DunningCase:
    state, closed_at, reason = _end(row, now=now)
    amount = row.failures[0].amount
    recovered = state == CaseState.RECOVERED
    return DunningCase(
        invoice=row.invoice,
        customer=row.invoice.customer,
        version=version,
        collection=Collection.CHARGE,
        state=state,
        began_at=row.began_at,
        began_on=local_day(row.began_at, zone),
        failed=amount,
        currency=row.invoice.currency,
        recovered=amount if recovered else 0,
        cause=_cause(row, now=now) if recovered else "",
        held_out=row.began_at > now - YEAR and left_alone(row.invoice.external_id),
        method=method,
        closed_at=closed_at,
        reason=reason,
        next_at=now if state == CaseState.OPEN else None,
    )


def _end(row: Failed, *, now: dt.datetime) -> tuple[str, dt.datetime | None, str]:
    if row.paid is not None:
        return CaseState.RECOVERED, row.paid.happened_at, "paid"
    if row.began_at + OVER > now:
        return CaseState.OPEN, None, ""
    return CaseState.LOST, row.began_at + FINAL * DAY, "exhausted"


def _cause(row: Failed, *, now: dt.datetime) -> str:
    """This will say what brought the money: as it looks to the rules of attribution."""
    key = row.invoice.external_id
    if row.began_at <= now - YEAR or left_alone(key):
        return RecoveryCause.ITSELF
    if row.reason in HARD:
        return RecoveryCause.METHOD
    if len(row.failures) == 1:
        return RecoveryCause.RETRY
    causes = (RecoveryCause.MAIL, RecoveryCause.PERSON, RecoveryCause.RETRY)
    return causes[zlib.crc32(key.encode()) // 7 % len(causes)]


PAID_BY = {
    RecoveryCause.RETRY: AttemptCause.SCHEDULE,
    RecoveryCause.METHOD: AttemptCause.METHOD_CHANGED,
    RecoveryCause.PERSON: AttemptCause.PERSON,
    # On the gateway's page, by their own hand.
    RecoveryCause.MAIL: AttemptCause.GATEWAY,
    RecoveryCause.ITSELF: AttemptCause.GATEWAY,
}


def _attempts(
    past: Past,
    account: GatewayAccount,
    methods: Mapping[int, PaymentMethod],
    old: PaymentMethod | None,
) -> list[PaymentAttempt]:
    row, case = past.failed, past.case
    now_paid_with = methods.get(row.invoice.customer_id)
    code = CODES.get(row.reason, "generic_decline")
    made = []
    for number, payment in enumerate(row.failures, 1):
        retried = number > 1 and past.ours and not case.held_out
        cause = AttemptCause.SCHEDULE if retried else AttemptCause.GATEWAY
        attempt = _attempt(past, account, payment, number, cause)
        attempt.method = old or now_paid_with
        attempt.state, attempt.decline_code = AttemptState.DECLINED, code
        attempt.decline_group = group_of(code)
        made.append(attempt)
    if row.paid is not None:
        cause = PAID_BY[RecoveryCause(case.cause)]
        attempt = _attempt(past, account, row.paid, len(made) + 1, cause)
        attempt.method, attempt.state = now_paid_with, AttemptState.SUCCEEDED
        made.append(attempt)
    return made


def _attempt(
    past: Past,
    account: GatewayAccount,
    payment: Payment,
    number: int,
    cause: AttemptCause,
) -> PaymentAttempt:
    ours = cause != AttemptCause.GATEWAY
    at = payment.happened_at
    return PaymentAttempt(
        invoice=past.failed.invoice,
        case=past.case,
        customer=past.failed.invoice.customer,
        account=account,
        number=number,
        key=uuid.uuid5(uuid.NAMESPACE_OID, str(payment.external_id)) if ours else None,
        cause=cause,
        amount=payment.amount,
        currency=payment.currency,
        planned_at=at,
        asked_at=at,
        answered_at=at,
        external_id=payment.external_id or "",
        payment=payment,
    )


def _actions(past: Past, *, now: dt.datetime) -> list[DunningAction]:
    """This will say what was done on which day, or why not."""
    row, case = past.failed, past.case
    until = case.closed_at or now
    tried = {(p.happened_at - row.began_at).days for p in row.failures}
    made = []
    for kind, day in STEPS:
        due_at = row.began_at + day * DAY
        if due_at > until or (kind == "retry" and due_at + DAY > until):
            continue
        reason, data = f"{kind}_day", {"day": str(day)}
        skipped = case.held_out
        if case.held_out:
            reason, data = "held_out", {}
        elif kind == "retry" and not tried & {day - 1, day, day + 1}:
            code = CODES.get(row.reason, "generic_decline")
            skipped, reason, data = True, "hard_decline", {"code": code}
        made.append(_action(past, kind, f"{kind}:{day}", due_at, reason, data, skipped))
    return made + _closing(past)


def _closing(past: Past) -> list[DunningAction]:
    case = past.case
    if case.closed_at is None:
        return []
    made = []
    if case.state == CaseState.LOST:
        reason = "final_held_out" if case.held_out else "final_cancel"
        day = {"day": str(FINAL)}
        step = f"final:{FINAL}"
        made.append(_action(past, "final", step, case.closed_at, reason, day))
    data = {"state": case.state}
    made.append(_action(past, "close", case.state, case.closed_at, case.reason, data))
    return made


def _action(
    past: Past,
    kind: str,
    step: str,
    at: dt.datetime,
    reason: str,
    data: dict[str, Any],
    skipped: bool = False,
) -> DunningAction:
    return DunningAction(
        case=past.case,
        customer=past.failed.invoice.customer,
        kind=kind,
        step=step,
        due_at=at,
        done_at=at,
        skipped=skipped,
        reason=reason,
        data=data,
    )
