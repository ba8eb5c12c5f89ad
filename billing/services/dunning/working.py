"""Looking at a case: read how it stands under lock, decide, do what is due."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction

from billing.calculations.dunning.due import due_actions
from billing.enums import CaseState
from billing.models import DunningCase, Invoice
from billing.selectors.dunning.policies import policy_of
from billing.selectors.dunning.snapshots import snapshots_of
from billing.services.dunning.acting import LaterError, Scene, action_take
from billing.services.dunning.closing import case_review

__all__ = ["case_work", "cases_work"]
logger = logging.getLogger(__name__)
LONGEST = dt.timedelta(days=1)
TROUBLE = 500


def cases_work(*, case_ids: Sequence[int], now: dt.datetime) -> int:
    """This will look at those of some cases that are due; how many there were.

    One after the other, each in its own transaction. One query, and those of each case.
    """
    due = DunningCase.objects.filter(pk__in=case_ids, next_at__lte=now)
    ids = list(due.order_by("next_at", "pk").values_list("pk", flat=True))
    return sum(case_work(case_id=pk, now=now) for pk in ids)


def case_work(*, case_id: int, now: dt.datetime) -> bool:
    """This will look at a case now, and do what is due by its policy.

    False where somebody else is at its invoice (then it stays due), or where it failed:
    then it is put back for longer and longer, with the trouble on the case, and nobody
    else's case waits for it. About 30 queries and those of what is done.
    """
    try:
        with transaction.atomic():
            return _work(case_id, now)
    except Exception as error:
        logger.exception("Case %s of a failed payment could not be looked at.", case_id)
        _put_back(case_id, error, now)
        return False


def _work(case_id: int, now: dt.datetime) -> bool:
    invoice_id = _invoice_of(case_id)
    if invoice_id is None:
        return False
    # Whoever holds it has the case looked at afterwards, or is just looking.
    held = Invoice.objects.select_for_update(skip_locked=True)
    invoice = held.filter(pk=invoice_id).first()
    if invoice is None:
        return False
    case = (
        DunningCase.objects.select_for_update(of=("self",))
        .select_related("customer__owner", "version__policy")
        .get(pk=case_id)
    )
    case.invoice = invoice
    case.tries, case.trouble = 0, ""
    if case.state != CaseState.OPEN:
        case_review(case, invoice, now=now)
        return True
    snapshot = snapshots_of([case], now)[case.pk]
    policy = policy_of(case.version)
    decision = due_actions(snapshot, policy, now)
    case.next_at = decision.next_at
    scene = Scene(case, invoice, snapshot, policy, now)
    for action in decision.due:
        try:
            action_take(scene, action)
        except LaterError as later:
            case.next_at = min(later.at, case.next_at or later.at)
    case.save()
    return True


def _invoice_of(case_id: int) -> int | None:
    rows = DunningCase.objects.filter(pk=case_id)
    return rows.values_list("invoice_id", flat=True).first()


def _put_back(case_id: int, error: Exception, now: dt.datetime) -> None:
    """This will look at a case again after 2, 4, 8 … minutes, a day at most."""
    rows = DunningCase.objects.filter(pk=case_id)
    tries = rows.values_list("tries", flat=True).first() or 0
    pause = min(LONGEST, dt.timedelta(minutes=2 ** min(tries + 1, 11)))
    text = f"{type(error).__name__}: {error}"[:TROUBLE]
    rows.update(tries=min(tries + 1, 1000), trouble=text, next_at=now + pause)
