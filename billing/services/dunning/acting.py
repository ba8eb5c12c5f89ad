"""Doing what the rules say is due: each an effect, and a line that says why.

All of it is written in one transaction, with the invoice and then the case locked. Charges
and mails are rows that workers find after the commit; nothing is sent from here.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts.actor import MACHINE
from billing.calculations.dunning.situation import Action, Policy, Snapshot
from billing.enums import AttemptCause, CaseState
from billing.events import ACCESS_LIMITED
from billing.models import DunningCase, Invoice
from billing.selectors.people import payers
from billing.services.dunning.attempts import UnableToCharge, attempt_plan
from billing.services.dunning.closing import case_end
from billing.services.dunning.finals import final_take
from billing.services.dunning.telling import action_note, case_tell, task_give
from mail.services.outbox import message_queue

FAILED = "billing.payment_failed"
CONFIRM = "billing.payment_confirm"
LETTER = "billing.payment_letter"
LIMITED = "billing.access_limited"
# What stands against a try for a while only: it is planned a little later.
PASSING = {
    "gateway_trouble": dt.timedelta(hours=1),
    "open_attempt": dt.timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A case that is locked, with its invoice, as both stand at a moment."""

    case: DunningCase
    invoice: Invoice
    snapshot: Snapshot
    policy: Policy
    now: dt.datetime


class LaterError(Exception):
    """Not now; `at` is when to look again. Nothing was written."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(at)
        self.at = at


def action_take(scene: Scene, action: Action) -> None:
    """This will do an action, or note that it is skipped. Raises LaterError."""
    if action.skip:
        _noted(scene, action, skipped=True)
        return
    DOES[action.kind](scene, action)


def _noted(
    scene: Scene,
    action: Action,
    *,
    skipped: bool = False,
    reason: str = "",
    waits: bool = False,
    **data: Any,
) -> None:
    action_note(
        scene.case,
        kind=action.kind,
        step=action.step,
        reason=reason or action.reason,
        now=scene.now,
        due_at=action.due_at,
        skipped=skipped,
        waits=waits,
        data={**dict(action.data), **data},
    )


def _charge(scene: Scene, action: Action) -> None:
    now = scene.now
    changed = action.kind == "charge_now"
    cause = AttemptCause.METHOD_CHANGED if changed else AttemptCause.SCHEDULE
    try:
        with transaction.atomic():
            attempt = attempt_plan(
                invoice=scene.invoice, case=scene.case, cause=cause, by=MACHINE, now=now
            )
    except UnableToCharge as error:
        if error.reason in PASSING:
            raise LaterError(now + PASSING[error.reason]) from error
        _noted(scene, action, skipped=True, reason=error.reason)
        return
    _noted(scene, action, attempt=attempt.pk)


def _write(scene: Scene, action: Action) -> None:
    told = dict(action.data)
    if action.reason == "confirm":
        attempt = scene.invoice.attempts.get(number=int(told["attempt"]))
        sent = _mail(scene, CONFIRM, action.step, {"attempt": attempt.pk})
    else:
        kind = LETTER if action.kind == "letter" else FAILED
        data = {"case": scene.case.pk, "step": action.step}
        sent = _mail(scene, kind, action.step, data)
    if sent:
        _noted(scene, action)
    else:
        _noted(scene, action, skipped=True, reason="no_address")


def _mail(scene: Scene, kind: str, step: str, data: Mapping[str, Any]) -> bool:
    """This will ask for a mail to whoever pays; False where there is nobody."""
    case = scene.case
    contact = payers([case.customer_id]).get(case.customer_id)
    if contact is None:
        return False
    message_queue(
        kind=kind,
        to_email=contact.email,
        data=data,
        effect_key=f"{kind}:{case.pk}:{step}",
        contact=contact,
        customer=case.customer,
        now=scene.now,
    )
    return True


def _limit(scene: Scene, action: Action) -> None:
    case = scene.case
    case.limited_at = scene.now
    case_tell(case, ACCESS_LIMITED, now=scene.now)
    sent = _mail(scene, LIMITED, action.step, {"case": case.pk})
    _noted(scene, action, mailed=sent)


def _task(scene: Scene, action: Action) -> None:
    task_give(scene.case, now=scene.now)
    _noted(scene, action)


def _final(scene: Scene, action: Action) -> None:
    taken = final_take(scene.case, scene.invoice, reason=action.reason, now=scene.now)
    if taken.task:
        task_give(scene.case, now=scene.now)
    _noted(scene, action, waits=taken.waits, **taken.data)


def _close(scene: Scene, action: Action) -> None:
    state = CaseState(dict(action.data)["state"])
    _noted(scene, action)
    case_end(scene.case, scene.invoice, state, reason=action.reason, now=scene.now)


DOES: Mapping[str, Callable[[Scene, Action], None]] = MappingProxyType(
    {
        "retry": _charge,
        "charge_now": _charge,
        "mail": _write,
        "letter": _write,
        "limit": _limit,
        "task": _task,
        "final": _final,
        "close": _close,
    }
)
