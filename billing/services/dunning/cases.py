"""Cases: the collecting of one invoice, opened, looked at again, and closed."""

import datetime as dt
import hashlib
from collections.abc import Collection as Some
from decimal import Decimal

from django.db import transaction

from accounts.selectors import company as the_company
from billing.calculations.dunning.transitions import CASE, may_follow
from billing.enums import CaseState, Collection, RecoveryCause
from billing.events import (
    ACCESS_RESTORED,
    PAYMENT_FAILED,
    PAYMENT_LOST,
    PAYMENT_OVERDUE,
    PAYMENT_RECOVERED,
)
from billing.models import DunningCase, Invoice, PaymentMethod
from billing.selectors.invoices import invoice_sums_of
from billing.services.dunning.policies import policy_for
from billing.services.dunning.telling import (
    TASK_TYPE,
    action_note,
    case_tell,
    task_reason,
)
from common.dates import first_zone, local_day
from common.errors import KeepwellError
from common.jobs import enqueue
from customers.services.tasks import task_drop

__all__ = [
    "TASK_TYPE",
    "UnableToChangeCase",
    "action_note",
    "case_close",
    "case_move",
    "case_open",
    "case_tell",
    "case_touch",
    "limit_lift",
    "task_reason",
]
SHARES = 10**6


class UnableToChangeCase(KeepwellError):
    """A case cannot become what somebody wants it to be."""


@transaction.atomic
def case_open(
    *,
    invoice: Invoice,
    failed_at: dt.datetime,
    method: PaymentMethod | None,
    now: dt.datetime,
) -> DunningCase | None:
    """This will begin to collect an invoice, or return the case there is.

    Call it with the invoice locked. None where nothing is owed. The version of the policy
    is fixed here, and whether the case is left alone: both for good, by the numbers of
    invoice and version, so that nobody can draw again. About fifteen statements.
    """
    there = DunningCase.objects.filter(invoice=invoice).first()
    if there is not None:
        return there
    owing = invoice_sums_of(invoice).owing
    if owing <= 0:
        return None
    version = policy_for(invoice, now=now)
    case = DunningCase.objects.create(
        invoice=invoice,
        customer_id=invoice.customer_id,
        version=version,
        collection=invoice.collection,
        began_at=failed_at,
        began_on=began_on(invoice, failed_at),
        failed=owing,
        currency=invoice.currency,
        held_out=left_alone(invoice.pk, version.pk, version.hold_out),
        method=method,
        next_at=now,
    )
    charged = invoice.collection == Collection.CHARGE
    case_tell(case, PAYMENT_FAILED if charged else PAYMENT_OVERDUE, now=now)
    enqueue("billing.dunning_work", case_ids=[case.pk])
    return case


def began_on(invoice: Invoice, failed_at: dt.datetime) -> dt.date:
    """This will return a case's cohort: the company's day, or the day it was due."""
    if invoice.collection == Collection.TRANSFER:
        return invoice.due_on
    return local_day(failed_at, first_zone(the_company().time_zone))


def left_alone(invoice_id: int, version_id: int, share: Decimal) -> bool:
    """This will draw whether a case is left alone; the same numbers draw the same."""
    drawn = hashlib.sha256(f"{version_id}:{invoice_id}".encode()).digest()
    return int.from_bytes(drawn[:8]) % SHARES < share * SHARES


def case_touch(*, invoice_ids: Some[int], now: dt.datetime) -> int:
    """This will have the cases of invoices looked at now: something happened.

    Money came or went back, a method changed, a subscription ended. Cases that are over
    are looked at too. Call it with these invoices locked, or as the last thing of a
    transaction. One statement, and the number of cases.
    """
    rows = DunningCase.objects.filter(invoice__in=invoice_ids)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        DunningCase.objects.filter(pk__in=ids).update(next_at=now)
        enqueue("billing.dunning_work", case_ids=ids)
    return len(ids)


def case_move(
    case: DunningCase, state: CaseState, *, reason: str = "", now: dt.datetime
) -> None:
    """This will put a case that is locked into another state. Raises UnableToChangeCase."""
    if not may_follow(CASE, case.state, state):
        msg = f"A case that is {case.state} cannot become {state}."
        raise UnableToChangeCase(msg)
    case.state, case.reason = state, reason
    case.closed_at = None if state == CaseState.OPEN else now
    if state == CaseState.OPEN:
        case.cause = ""
        case.next_at = now
    else:
        case.next_at = case.waits_until = None


def case_close(
    case: DunningCase,
    state: CaseState,
    *,
    reason: str,
    recovered: Decimal,
    cause: RecoveryCause | str = "",
    now: dt.datetime,
) -> None:
    """This will end a case that is locked, with what came in and what brought it.

    A limit is lifted and the CSM's task dropped, except where the case is lost: then the
    customer still owes. About six statements.
    """
    case_move(case, state, reason=reason, now=now)
    case.recovered, case.cause = recovered, str(cause)
    if state != CaseState.LOST:
        limit_lift(case, now=now)
        task_drop(
            customer=case.customer, type=TASK_TYPE, reason=task_reason(case), now=now
        )
    case.save()
    kinds = {CaseState.RECOVERED: PAYMENT_RECOVERED, CaseState.LOST: PAYMENT_LOST}
    if state in kinds:
        case_tell(
            case,
            kinds[state],
            now=now,
            cause=case.cause,
            reason=reason,
            recovered=str(recovered),
        )


def limit_lift(case: DunningCase, *, now: dt.datetime) -> bool:
    """This will give access back; False where it was not limited. The caller saves."""
    if case.limited_at is None:
        return False
    case.limited_at = None
    case_tell(case, ACCESS_RESTORED, now=now)
    return True
