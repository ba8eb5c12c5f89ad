"""The timeline's and the audit log's line about a change of a subscription."""

import datetime as dt
from typing import Any

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.events import (
    SUBSCRIPTION_BOOKED,
    SUBSCRIPTION_CANCELLED,
    SUBSCRIPTION_CHANGED,
    SUBSCRIPTION_ENDED,
    SUBSCRIPTION_KEPT,
)
from billing.models import Plan
from billing.services.subscriptions.situation import Planned, Situation
from customers.services.events import event_record


def change_tell(
    situation: Situation, planned: Planned, *, by: Actor, now: dt.datetime
) -> None:
    """This will write an event on the customer's timeline and an entry of the audit log."""
    subscription, on = situation.subscription, planned.on
    before, after = told(situation.course.at(on)), told(planned.course.at(on))
    changes = [name for name in after if before[name] != after[name]]
    kind = event_kind(planned, situation.today)
    event_record(
        customer=subscription.customer,
        kind=kind,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=subscription,
        data=event_data(planned.course.at(on), on, planned.action)
        | {"currency": subscription.currency, "before": str(before["mrr"])},
    )
    audit_record(
        by=by,
        action=kind,
        now=now,
        subject=subscription,
        before={name: before[name] for name in changes},
        after={"on": on} | {name: after[name] for name in changes},
    )


def told(terms: Terms) -> dict[str, Any]:
    """This will say what counts of terms."""
    return {
        "plan": terms.plan,
        "price": terms.price,
        "quantity": terms.quantity,
        "interval_months": terms.interval_months,
        "discount": terms.discount,
        "discount_until": terms.discount_until,
        "state": "ended" if terms.ended else terms.state,
        "mrr": terms.mrr,
    }


def event_data(terms: Terms, on: dt.date, action: str) -> dict[str, Any]:
    """This will say what the timeline needs to tell of a change for ever. One query."""
    names = Plan.objects.filter(pk=terms.plan or 0).values_list("name", flat=True)
    return {
        "action": action,
        "on": on.isoformat(),
        "plan": names.first() or "",
        "mrr": str(terms.mrr),
        "quantity": terms.quantity,
    }


def event_kind(planned: Planned, today: dt.date) -> str:
    """This will name the kind: whether the day has come, and whether it ends."""
    if planned.action == ChangeAction.KEPT:
        return SUBSCRIPTION_KEPT
    ended, later = planned.course.at(planned.on).ended, planned.on > today
    if ended:
        return SUBSCRIPTION_CANCELLED if later else SUBSCRIPTION_ENDED
    return SUBSCRIPTION_BOOKED if later else SUBSCRIPTION_CHANGED
