"""The end of a case, and what happens after it: late money, money that went back."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from billing.calculations.dunning.attribution import Before, Payment, cause_of
from billing.calculations.owing import Sums
from billing.enums import CaseState, PaymentState, RecoveryCause
from billing.models import (
    DunningAction,
    DunningCase,
    Invoice,
    PaymentAttempt,
)
from billing.models import Payment as PaymentRow
from billing.selectors.invoices import invoice_sums_of
from billing.selectors.people import payers
from billing.services.dunning.cases import case_close, case_move
from billing.services.dunning.telling import (
    TASK_TYPE,
    action_note,
    step_free,
    task_give,
    task_reason,
)
from customers.enums import InteractionKind, TaskState
from customers.models import Interaction, Task
from mail.enums import MessageState
from mail.models import OutboxMessage
from mail.services.outbox import message_queue

ZERO = Decimal(0)
RECOVERED = "billing.payment_recovered"
# A chargeback is a person's to settle: nothing is done by itself for so long.
SETTLING = dt.timedelta(days=7)
CONTACTS = (
    InteractionKind.CALL,
    InteractionKind.MEETING,
    InteractionKind.REVIEW,
    InteractionKind.EMAIL,
)


def case_end(
    case: DunningCase,
    invoice: Invoice,
    state: CaseState,
    *,
    reason: str,
    now: dt.datetime,
) -> None:
    """This will close a case that is locked, with what came in and what brought it.

    What came in counts up to what had failed; what was there before, what was given back
    and what was credited does not. About twelve statements.
    """
    recovered = recovered_of(case, invoice)
    if state == CaseState.RECOVERED and not recovered:
        # Settled without money: there was nothing to collect any more.
        state, reason = CaseState.STOPPED, "void"
    cause: RecoveryCause | str = ""
    if state == CaseState.RECOVERED:
        cause = recovery_cause(case, invoice, now=now)
    stopped_before = _final_done(case)
    case_close(case, state, reason=reason, recovered=recovered, cause=cause, now=now)
    if state != CaseState.RECOVERED:
        return
    _thank(case, now=now)
    if stopped_before:
        task_give(case, now=now, why="paid_late")


def recovered_of(case: DunningCase, invoice: Invoice) -> Decimal:
    """This will return what came in of what had failed. Five queries."""
    sums = invoice_sums_of(invoice)
    earlier = invoice.payments.filter(
        state=PaymentState.SUCCEEDED, happened_at__lt=case.began_at
    )
    amounts: Iterable[Decimal] = earlier.values_list("amount", flat=True)
    before: Decimal = sum(amounts, ZERO)
    came = _received(sums) - before - sums.refunded - sums.charged_back
    failed: Decimal = case.failed
    return min(max(came, ZERO), failed)


def _received(sums: Sums) -> Decimal:
    """What its source calls paid has come in, whatever is known of payments."""
    due = sums.gross - sums.credited_gross
    return max(sums.paid, due) if sums.settled else sums.paid


def recovery_cause(
    case: DunningCase, invoice: Invoice, *, now: dt.datetime
) -> RecoveryCause:
    """This will say what brought the money, by calculations.dunning.attribution.

    By the last payment that came in. About five queries.
    """
    paid = invoice.payments.filter(
        state=PaymentState.SUCCEEDED, happened_at__gte=case.began_at
    )
    payment = paid.order_by("-happened_at", "-pk").first()
    first = str(case.method_id or "")
    told = Before(
        began_at=case.began_at,
        collection=case.collection,  # type: ignore[arg-type]
        first_method=first,
        written=_written(case),
        touched=_touched(case),
    )
    return RecoveryCause(cause_of(_payment(invoice, payment, now), told))


def _payment(invoice: Invoice, payment: PaymentRow | None, now: dt.datetime) -> Payment:
    """This will tell how a payment came.

    A try that led to a page, or one that the gateway tells of although it leaves trying
    again to us, was made by the customer.
    """
    if payment is None:
        return Payment(paid_at=now, recorded=True)
    rows = PaymentAttempt.objects.select_related("method")
    attempt = rows.filter(payment=payment).first()
    if attempt is None:
        return Payment(paid_at=payment.happened_at, recorded=True)
    account = invoice.gateway
    theirs = attempt.key is None and account is not None and account.collects
    own_hand = theirs or bool(attempt.action_url)
    method = attempt.method
    return Payment(
        paid_at=payment.happened_at,
        attempt="" if own_hand else attempt.cause,  # type: ignore[arg-type]
        method=str(attempt.method_id or ""),
        method_changed_at=method.changed_at if method else None,
        own_hand=own_hand,
    )


def _written(case: DunningCase) -> tuple[dt.datetime, ...]:
    """This will return when the mails of a case left us."""
    ours = Q(effect_key__regex=rf"^billing\.[a-z_]+:{case.pk}:")
    sent = OutboxMessage.objects.filter(
        ours,
        customer=case.customer_id,
        state__in=[MessageState.SENT, MessageState.UNKNOWN],
    )
    moments = sent.order_by("finished_at", "pk").values_list("finished_at", flat=True)
    return tuple(moment for moment in moments if moment is not None)


def _touched(case: DunningCase) -> tuple[dt.datetime, ...]:
    """This will return when a person spoke with the customer, or finished the task."""
    spoken = Interaction.objects.filter(
        customer=case.customer_id, kind__in=CONTACTS, happened_at__gte=case.began_at
    )
    done = Task.objects.filter(
        customer=case.customer_id,
        type=TASK_TYPE,
        reason=task_reason(case),
        state=TaskState.DONE,
        closed_at__isnull=False,
    )
    moments = [
        *spoken.order_by("pk").values_list("happened_at", flat=True),
        *done.order_by("pk").values_list("closed_at", flat=True),
    ]
    return tuple(sorted(moment for moment in moments if moment is not None))


def _final_done(case: DunningCase) -> bool:
    """This will tell whether the subscription was paused or ended for it."""
    rows = DunningAction.objects.filter(
        case=case, reason__in=["final_pause", "final_cancel"], skipped=False
    )
    # `exclude(data__dropped=True)` would leave out what says nothing of it, too.
    return rows.exclude(data__contains={"dropped": True}).exists()


def _thank(case: DunningCase, *, now: dt.datetime) -> None:
    """This will thank a customer who was written to; others have noticed nothing."""
    told = DunningAction.objects.filter(
        case=case, kind__in=["mail", "letter", "limit"], skipped=False
    )
    contact = payers([case.customer_id]).get(case.customer_id)
    if contact is None or not told.exists():
        return
    message_queue(
        kind=RECOVERED,
        to_email=contact.email,
        data={"case": case.pk},
        effect_key=f"{RECOVERED}:{case.pk}",
        contact=contact,
        customer=case.customer,
        now=now,
    )


def case_review(case: DunningCase, invoice: Invoice, *, now: dt.datetime) -> None:
    """This will look again at a case that is over: something happened to its invoice.

    Money that comes late counts: what was lost or stopped is recovered. A refund of ours
    makes what was recovered less and opens nothing. Where the money is owed again, because
    the customer's bank took it back or a payment was noted by mistake, the case is open
    again; after a chargeback it waits for a person a week, and nothing charges it by
    itself any more (calculations.dunning.charging).
    """
    case.next_at = None
    sums = invoice_sums_of(invoice)
    recovered = recovered_of(case, invoice)
    if case.state == CaseState.RECOVERED and sums.owing > 0:
        _open_again(case, back=sums.charged_back > 0, recovered=recovered, now=now)
    elif case.state != CaseState.RECOVERED and sums.owing <= 0 and recovered > 0:
        step = step_free(case, "recovered")
        action_note(case, kind="close", step=step, reason="paid", now=now)
        case_end(case, invoice, CaseState.RECOVERED, reason="paid", now=now)
    else:
        case.recovered = recovered
        case.save()


def _open_again(
    case: DunningCase, *, back: bool, recovered: Decimal, now: dt.datetime
) -> None:
    case_move(case, CaseState.OPEN, now=now)
    case.recovered = recovered
    if back:
        case.waits_until = now + SETTLING
        task_give(case, now=now, why="charged_back")
    action_note(
        case,
        kind="open",
        step=step_free(case, "opened"),
        reason="charged_back" if back else "owed_again",
        now=now,
    )
    case.save()
