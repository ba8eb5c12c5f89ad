"""The final action: subscriptions paused or ended here, and then at their gateway.

Here it is done with the case. What the gateway has to do waits as a row until the gateway
has answered; asking twice with one key is asking once.
"""

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import MACHINE
from billing.enums import CaseState
from billing.gateways.base import (
    UnableToDoThere,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.models import (
    DunningAction,
    DunningCase,
    GatewayAccount,
    Invoice,
    Subscription,
)
from billing.selectors.dunning.snapshots import subscriptions_of
from billing.services.dunning.refused import (
    account_trouble_clear,
    account_trouble_note,
)
from billing.services.dunning.telling import task_give
from billing.services.gateways.access import gateway_of
from billing.services.settling import invoice_locked
from billing.services.subscriptions import (
    UnableToChangeSubscription,
    subscription_cancel,
    subscription_pause,
)
from billing.services.subscriptions.situation import company_zone
from common.dates import local_day
from common.sealing import UnableToUnseal

logger = logging.getLogger(__name__)
PAUSE, CANCEL = "final_pause", "final_cancel"
LEASE = dt.timedelta(minutes=2)
LONGEST = dt.timedelta(hours=6)
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What a final action came to. `task`: a person has to see to it."""

    task: bool = False
    waits: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def final_take(
    case: DunningCase, invoice: Invoice, *, reason: str, now: dt.datetime
) -> Taken:
    """This will pause or end what an invoice charges for; other reasons only tell the CSM.

    Where one of the subscriptions does not let itself be paused or ended, a person gets a
    task and the refusal is kept with the step. Call it with the case locked.
    """
    if reason not in {PAUSE, CANCEL}:
        return Taken(task=reason != "final_keep")
    rows = subscriptions_of({invoice.pk: invoice}).get(invoice.pk, [])
    today = local_day(now, company_zone())
    running = [row for row in rows if row.ended_on is None or row.ended_on > today]
    refused = [text for row in running if (text := _stop(row, reason, today, now))]
    there = [
        {"id": row.external_id, "account": row.gateway_id}
        for row in running
        if row.gateway_id is not None
    ]
    data: dict[str, Any] = {"subscriptions": [row.pk for row in running]}
    if refused:
        data["refused"] = refused
    if there:
        data["there"] = there
    return Taken(task=bool(refused) or not running, waits=bool(there), data=data)


def _stop(row: Subscription, reason: str, today: dt.date, now: dt.datetime) -> str:
    """This will pause or end a subscription today; the text of a refusal, or nothing."""
    note = _("Payment failed")
    try:
        with transaction.atomic():
            if reason == PAUSE:
                subscription_pause(
                    subscription=row, on=today, by=MACHINE, now=now, note=note
                )
            else:
                on = max(today, row.started_on)
                subscription_cancel(
                    subscription=row, on=on, by=MACHINE, now=now, note=note
                )
    except UnableToChangeSubscription as error:
        return str(error)
    return ""


def finals_waiting(now: dt.datetime) -> "QuerySet[DunningAction]":
    """This will return the final actions that a gateway has yet to hear of."""
    free = Q(look_at__isnull=True) | Q(look_at__lte=now)
    return DunningAction.objects.filter(free, waits=True).order_by("pk")


def finals_deliver(*, now: dt.datetime) -> int:
    """This will have gateways do what waits, one at a time; how many are done.

    Claim, commit, ask, commit. Call it outside any transaction.
    """
    ids = list(finals_waiting(now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(final_deliver(action_id=pk, now=now) for pk in ids)


def final_deliver(*, action_id: int, now: dt.datetime) -> bool:
    """This will have the gateway do one; True when there is nothing left to do."""
    if not finals_waiting(now).filter(pk=action_id).update(look_at=now + LEASE):
        return False
    action = _still_wanted(action_id, now=now)
    if action is None:
        return True
    try:
        for place in action.data.get("there", ()):
            _ask(action, place, now=now)
    except (UnableToReachGateway, UnableToUseGateway, UnableToUnseal) as error:
        _wait(action, str(error), now=now)
        return False
    except (UnableToDoThere, NotImplementedError) as error:
        _give_up(action, str(error), now=now)
        return True
    except Exception as error:
        logger.exception("The final action %s could not be delivered.", action.pk)
        _wait(action, repr(error), now=now)
        return False
    DunningAction.objects.filter(pk=action.pk, waits=True).update(
        waits=False,
        look_at=None,
        trouble="",
        data={**action.data, "there_at": now.isoformat()},
    )
    return True


def _still_wanted(action_id: int, *, now: dt.datetime) -> DunningAction | None:
    """This will look once more: who has paid meanwhile is not stopped there."""
    with transaction.atomic():
        case_of = DunningAction.objects.select_related("case__invoice").get(
            pk=action_id
        )
        invoice_locked(case_of.case.invoice)
        case = DunningCase.objects.select_for_update().get(pk=case_of.case_id)
        action = DunningAction.objects.select_for_update().get(pk=action_id)
        action.case = case
        if case.state != CaseState.RECOVERED:
            return action
        action.waits, action.look_at = False, None
        action.data["dropped"] = True
        action.save(update_fields=["waits", "look_at", "data"])
    return None


def _ask(action: DunningAction, place: dict[str, Any], *, now: dt.datetime) -> None:
    account = GatewayAccount.objects.filter(pk=place["account"]).first()
    if account is None:
        return
    if not account.is_on:
        text = _("The gateway is switched off.")
        raise UnableToReachGateway(text)
    gateway = gateway_of(account)
    key = f"dunning-final-{action.pk}-{place['id']}"[:255]
    try:
        if action.reason == PAUSE:
            gateway.subscription_pause(subscription=place["id"], key=key)
        else:
            gateway.subscription_end(subscription=place["id"], key=key)
    except UnableToUseGateway as error:
        account_trouble_note(account=account, text=str(error), now=now)
        raise
    account_trouble_clear(account=account)


def _wait(action: DunningAction, text: str, *, now: dt.datetime) -> None:
    """This will put one back, for longer and longer; it never gives up by itself."""
    pause = min(LONGEST, dt.timedelta(minutes=2 ** min(action.tries, 9)))
    DunningAction.objects.filter(pk=action.pk, waits=True).update(
        look_at=now + pause, tries=min(action.tries + 1, 1000), trouble=text[:500]
    )


def _give_up(action: DunningAction, text: str, *, now: dt.datetime) -> None:
    """This will leave it to a person: the gateway says that it will not."""
    with transaction.atomic():
        DunningAction.objects.filter(pk=action.pk, waits=True).update(
            waits=False, look_at=None, trouble=text[:500] or "?"
        )
        rows = DunningCase.objects.select_related("customer__owner", "invoice")
        task_give(rows.get(pk=action.case_id), now=now)
