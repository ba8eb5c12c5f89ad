"""What people do about a failed payment. Each is audited and told on the timeline."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from billing.enums import AttemptCause, CaseState, DeclineGroup
from billing.events import DUNNING_CHANGED
from billing.models import DunningCase, Invoice, PaymentAttempt
from billing.selectors.dunning.attempts import default_method
from billing.selectors.invoices import invoice_sums_of
from billing.services.dunning.attempts import attempt_plan
from billing.services.dunning.cases import UnableToChangeCase, case_move, limit_lift
from billing.services.dunning.closing import recovered_of
from billing.services.dunning.telling import (
    TASK_TYPE,
    action_note,
    case_tell,
    step_free,
    task_reason,
)
from billing.services.settling import invoice_locked
from common.dates import day_end, first_zone, local_day
from common.jobs import enqueue
from customers.enums import InteractionKind
from customers.models import Contact
from customers.services.interactions import interaction_log
from customers.services.tasks import task_drop

# As long as anybody may be left alone.
MOST_WAIT = 90
# Who takes up a case whose days are over has so long before the final action.
GRACE = dt.timedelta(days=3)
BY_HAND, WRITTEN_OFF = "stopped_by_hand", "written_off"
NOTE = 300


class UnableToTryAgain(UnableToChangeCase):
    """The same card was refused for good; who tries all the same says so."""


@transaction.atomic
def case_try_now(
    *, case: DunningCase, by: Actor, now: dt.datetime, confirmed: bool = False
) -> PaymentAttempt:
    """This will charge an invoice now, by hand.

    Not where the same method was refused for good, unless `confirmed`. Raises
    UnableToTryAgain, UnableToChangeCase and UnableToCharge.
    """
    invoice, row = _locked(case)
    _open_check(row)
    if not confirmed:
        _hard_check(invoice)
    attempt = attempt_plan(
        invoice=invoice, case=row, cause=AttemptCause.PERSON, by=by, now=now
    )
    _told(row, "tried", "tried_by_hand", by, now, kind="retry", attempt=attempt.pk)
    return attempt


def hard_refused(invoice: Invoice) -> bool:
    """This will tell whether what would be charged was refused for good. Two queries."""
    method = default_method(invoice)
    rows = PaymentAttempt.objects.filter(
        invoice=invoice, method=method, decline_group=DeclineGroup.HARD
    )
    last = rows.order_by("-number").first()
    if method is None or last is None:
        return False
    # Renewed in place since: the gateway's updater has brought new details.
    return method.changed_at <= (last.answered_at or last.planned_at)


def _hard_check(invoice: Invoice) -> None:
    if hard_refused(invoice):
        text = _(
            "The bank has refused this payment method for good. Ask the customer for "
            "another one, or confirm that you want to try all the same."
        )
        raise UnableToTryAgain(text)


@transaction.atomic
def case_wait(
    *,
    case: DunningCase,
    until: dt.date | None,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> DunningCase:
    """This will leave a case alone until a day in the company's zone; None: no longer.

    What falls due meanwhile is done or passed over from that day on. Money that comes in
    closes it all the same. Raises UnableToChangeCase.
    """
    _invoice, row = _locked(case)
    _open_check(row)
    zone = first_zone(the_company().time_zone)
    today = local_day(now, zone)
    if until is not None and not today < until <= today + dt.timedelta(days=MOST_WAIT):
        text = _("Choose a day to come, within %(days)d days.")
        raise UnableToChangeCase(text % {"days": MOST_WAIT})
    if until is None and row.waits_until is None:
        return row
    before = row.waits_until
    day_before = until - dt.timedelta(days=1) if until else None
    row.waits_until = day_end(day_before, zone) if day_before else None
    row.note, row.next_at = reason[:NOTE], now
    row.save()
    code = "left_alone" if until else "taken_up"
    _told(row, code, code, by, now, before=before, until=until)
    enqueue("billing.dunning_work", case_ids=[row.pk])
    return row


@transaction.atomic
def case_stop(
    *,
    case: DunningCase,
    by: Actor,
    now: dt.datetime,
    note: str = "",
    reason: str = BY_HAND,
) -> DunningCase:
    """This will end the collecting of an invoice; a try under way goes on to its end.

    A limit is lifted. `reason` is `written_off` where the invoice is. The invoice stays as
    it is: credit or write off what is not owed. Raises UnableToChangeCase.
    """
    invoice, row = _locked(case)
    _open_check(row)
    case_move(row, CaseState.STOPPED, reason=reason, now=now)
    row.recovered = recovered_of(row, invoice)
    row.note = note[:NOTE]
    limit_lift(row, now=now)
    task_drop(customer=row.customer, type=TASK_TYPE, reason=task_reason(row), now=now)
    row.save()
    _told(row, "stopped", reason, by, now, kind="close")
    return row


@transaction.atomic
def case_reopen(*, case: DunningCase, by: Actor, now: dt.datetime) -> DunningCase:
    """This will take up a case again that was stopped or lost, while money is owed.

    Steps that were done stay done. Where its days are over the rest waits for three days,
    so that nobody's subscription is stopped by surprise. Raises UnableToChangeCase.
    """
    invoice, row = _locked(case)
    if row.state == CaseState.OPEN:
        return row
    if invoice_sums_of(invoice).owing <= 0:
        raise UnableToChangeCase(_("Nothing is owed on this invoice any more."))
    was = row.state
    case_move(row, CaseState.OPEN, now=now)
    last = row.version.most_days
    if now - row.began_at > dt.timedelta(days=last) or was == CaseState.LOST:
        row.waits_until = now + GRACE
    row.save()
    _told(row, "reopened", "reopened", by, now, kind="open")
    enqueue("billing.dunning_work", case_ids=[row.pk])
    return row


@transaction.atomic
def case_called(
    *,
    case: DunningCase,
    note: str,
    by: Actor,
    now: dt.datetime,
    contact: Contact | None = None,
) -> None:
    """This will note that somebody called the customer about it: what is paid within a
    week counts as theirs (calculations.dunning.attribution). Raises UnableToChangeCase.
    """
    if by.user is None:
        raise UnableToChangeCase(_("Only a person calls somebody."))
    _invoice, row = _locked(case)
    interaction_log(
        customer=row.customer,
        kind=InteractionKind.CALL,
        happened_at=now,
        author=by.user,
        now=now,
        summary=note,
        contact=contact,
    )
    _told(row, "called", "called", by, now, kind="call", event=False)


def _locked(case: DunningCase) -> tuple[Invoice, DunningCase]:
    """The invoice first, as everybody who changes one does."""
    invoice = invoice_locked(case.invoice)
    rows = DunningCase.objects.select_for_update(of=("self",))
    row = rows.select_related("customer__owner", "version").get(pk=case.pk)
    row.invoice = invoice
    return invoice, row


def _open_check(case: DunningCase) -> None:
    if case.state != CaseState.OPEN:
        text = _("The collecting of this invoice is over. Take it up again first.")
        raise UnableToChangeCase(text)


def _told(
    case: DunningCase,
    word: str,
    reason: str,
    by: Actor,
    now: dt.datetime,
    *,
    kind: str = "person",
    event: bool = True,
    before: dt.datetime | None = None,
    **data: Any,
) -> None:
    """This will write the step, the line of the timeline and the entry of the audit log."""
    told = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in data.items()
        if value is not None
    }
    action_note(
        case,
        kind=kind,
        step=step_free(case, word),
        reason=reason,
        now=now,
        by=by,
        data=told,
    )
    if event:
        case_tell(case, DUNNING_CHANGED, now=now, by=by, what=word, **told)
    audit_record(
        by=by,
        action=f"billing.case_{word}",
        now=now,
        subject=case,
        before={"waits_until": before} if before else None,
        after=told,
    )
