"""What the mails about a failed payment tell, as everything stands when they are written."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing.calculations.dunning.declines import group_of, reason_of
from billing.calculations.dunning.due import Expected, expectations
from billing.calculations.dunning.situation import Snapshot
from billing.dunning_rows import method_words
from billing.enums import CaseState, FinalAction
from billing.models import (
    DunningCase,
    DunningVersion,
    Invoice,
    PaymentAttempt,
)
from billing.selectors.dunning.policies import policy_of, versions_with_steps
from billing.selectors.dunning.snapshots import snapshots_of
from billing.selectors.pay_links import invoice_standing, pay_token
from common.dates import local_day
from common.mailing import LinkMaker, MailIsPointless
from common.templatetags import ui


@dataclass(frozen=True, slots=True)
class Told:
    """A case with what is read for a mail about it."""

    case: DunningCase
    version: DunningVersion
    snapshot: Snapshot
    expected: Expected
    # The newest try that failed, and what it was tried with.
    failed: PaymentAttempt | None


def case_told(pk: int, *, now: dt.datetime, masked: bool) -> Told:
    """This will read an open case. About 18 queries.

    Raises MailIsPointless when it is closed, settled, or rests; not for people who look at
    a mail of the past (`masked`).
    """
    rows = DunningCase.objects.select_related("customer__owner", "invoice", "method")
    case = rows.filter(pk=pk).first()
    if case is None:
        raise MailIsPointless(_("The failed payment is gone."))
    snapshot = snapshots_of([case], now)[case.pk]
    if not masked:
        _check(case, snapshot, now)
    version = versions_with_steps([case.version_id])[case.version_id]
    return Told(
        case=case,
        version=version,
        snapshot=snapshot,
        expected=expectations(snapshot, policy_of(version), now),
        failed=_last_failed(case.invoice),
    )


def _check(case: DunningCase, snapshot: Snapshot, now: dt.datetime) -> None:
    if case.state != CaseState.OPEN:
        raise MailIsPointless(_("The case is closed."))
    if snapshot.owing <= 0 or snapshot.invoice != "open":
        raise MailIsPointless(_("Nothing is owed any more."))
    if case.waits_until is not None and case.waits_until > now:
        raise MailIsPointless(_("Somebody wants it left alone for now."))


def _last_failed(invoice: Invoice) -> PaymentAttempt | None:
    rows = PaymentAttempt.objects.filter(invoice=invoice).exclude(decline_code="")
    return rows.select_related("method").order_by("-number").first()


def renewed_since(told: Told) -> bool:
    """This will tell whether the customer has changed how they pay since it last failed."""
    method, failed = told.snapshot.method, told.failed
    if method is None or failed is None or failed.method_id is None:
        return False
    at = failed.answered_at or failed.planned_at
    return method.id != str(failed.method_id) or method.changed_at > at


def case_facts(told: Told, link: LinkMaker) -> dict[str, Any]:
    """This will return what every mail about a case shows."""
    case = told.case
    failed = told.failed
    method = (failed.method if failed else None) or case.method
    final = told.expected.final
    ends = told.version.final_action in {FinalAction.PAUSE, FinalAction.CANCEL}
    return {
        **invoice_facts(case.invoice, told.snapshot.owing, link),
        "method": method_words(method),
        "why": why_words(failed.decline_code if failed else "", method is not None),
        "hard": bool(failed and group_of(failed.decline_code) == "hard"),
        "began_on": day_there(case.began_at),
        "failed_on": day_there(_at(failed) if failed else case.began_at),
        "retry_on": day_there(told.expected.next_try),
        "limit_on": None if case.limited_at else day_there(told.expected.limit),
        "limited": case.limited_at is not None,
        "final_on": day_there(final) if ends else None,
        "cancels": told.version.final_action == FinalAction.CANCEL,
        "owner": active_owner(case.customer.owner),
    }


def invoice_facts(invoice: Invoice, owing: Decimal, link: LinkMaker) -> dict[str, Any]:
    """This will return what every mail about an invoice shows; `owing` is with tax."""
    return {
        "number": invoice.number,
        "amount": ui.money_exact(owing, invoice.currency),
        "due_on": invoice.due_on,
        "url": link("pay", token=pay_token(invoice.pk)),
        "reader": "",
    }


def owed(invoice: Invoice, *, masked: bool) -> Decimal:
    """This will return what is owed. Raises MailIsPointless where that is nothing."""
    standing = invoice_standing(invoice)
    if standing.state != "open" and not masked:
        raise MailIsPointless(_("Nothing is owed any more."))
    return standing.sums.owing


def active_owner(owner: User | None) -> User | None:
    """This will return who answers questions, if anybody does."""
    return owner if owner and owner.is_active else None


def day_there(at: dt.datetime | None) -> dt.date | None:
    """This will return the reader's day of a moment."""
    return None if at is None else local_day(at, timezone.get_current_timezone())


def _at(attempt: PaymentAttempt) -> dt.datetime:
    return attempt.answered_at or attempt.planned_at


def why_words(code: str, has_method: bool = True) -> str:
    """This will say why a payment failed, to the customer and without blame.

    What a bank suspects is the bank's to tell: lost, stolen and fraud sound alike.
    """
    if not code and not has_method:
        return _("There is no payment method that it could be collected from.")
    blocked = _("The bank has blocked this card.")
    refused = _(
        "The bank has refused it and tells us no more. Often a call to the bank helps, or "
        "another payment method."
    )
    return {
        "insufficient_funds": _("There was not enough on the account at that moment."),
        "over_limit": _("The card has reached its limit for now."),
        "expired": _("The card has expired."),
        "lost": blocked,
        "stolen": blocked,
        "wrong_details": _("The details of the payment method are not valid any more."),
        "not_allowed": _("The bank does not allow such payments with this method."),
        "confirm": _("The bank wants you to confirm this payment."),
        "gateway": _("The bank could not be reached."),
    }.get(reason_of(code) if code else "", refused)
