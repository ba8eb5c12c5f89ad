"""What is written down about a case: lines of the timeline, what was done, tasks."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from billing.models import DunningAction, DunningCase
from common.dates import first_zone, local_day
from common.templatetags.ui import money_exact
from customers.services.events import event_record
from customers.services.tasks import task_ensure

TASK_TYPE = "failed_payment"
DUE_DAYS = 2


def task_reason(case: DunningCase) -> str:
    """This will return by what the CSM's task of a case is known."""
    return f"case:{case.pk}"


def case_tell(
    case: DunningCase,
    kind: str,
    *,
    now: dt.datetime,
    by: Actor | None = None,
    **data: Any,
) -> None:
    """This will write a line of the customer's timeline about a case."""
    event_record(
        customer=case.customer,
        kind=kind,
        happened_at=now,
        now=now,
        actor=by.user if by else None,
        subject=case,
        data={
            "invoice": case.invoice.external_id,
            "invoice_id": case.invoice_id,
            "amount": str(case.failed),
            "currency": case.currency,
            **data,
        },
    )


def action_note(
    case: DunningCase,
    *,
    kind: str,
    step: str,
    reason: str,
    now: dt.datetime,
    due_at: dt.datetime | None = None,
    skipped: bool = False,
    by: Actor | None = None,
    waits: bool = False,
    data: dict[str, Any] | None = None,
) -> DunningAction:
    """This will write down what was done about a case, or was not, and why."""
    return DunningAction.objects.create(
        case=case,
        customer_id=case.customer_id,
        kind=kind,
        step=step,
        due_at=due_at or now,
        done_at=now,
        skipped=skipped,
        reason=reason,
        data=data or {},
        actor=by.user if by else None,
        waits=waits,
    )


def step_free(case: DunningCase, word: str) -> str:
    """This will return a step of that word that the case has not had yet. One query."""
    rows = DunningAction.objects.filter(case=case, step__startswith=f"{word}:")
    return f"{word}:{rows.count() + 1}"


def task_give(
    case: DunningCase, *, now: dt.datetime, why: str = "", due_in: int = DUE_DAYS
) -> bool:
    """This will give the owner a task about a case; False where one is open already.

    `why` is a key of TITLES. In the owner's language, due on a day of theirs.
    """
    owner = case.customer.owner
    language = owner.language if owner else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        words = {
            "name": case.customer.name,
            "amount": money_exact(case.failed, case.currency),
        }
        title = _title(why) % words
    zone = first_zone(owner.time_zone if owner else "", the_company().time_zone)
    made = task_ensure(
        customer=case.customer,
        type=TASK_TYPE,
        reason=task_reason(case),
        title=title[:200],
        due_on=local_day(now, zone) + dt.timedelta(days=due_in),
        now=now,
    )
    return made is not None


def _title(why: str) -> str:
    if why == "paid_late":
        return _("Paid after all, the subscription has been stopped: %(name)s")
    if why == "charged_back":
        return _("The bank took %(amount)s back: %(name)s")
    if why == "handed_over":
        return _("Look after a failed payment of %(amount)s: %(name)s")
    return _("A payment of %(amount)s failed: %(name)s")
