"""Subscriptions: the change log says what the gateway says, from today on."""

import datetime as dt

from django.utils.translation import gettext as _

from billing.enums import ObjectKind
from billing.gateways.objects import RemoteSubscription
from billing.models import Subscription
from billing.selectors.subscriptions import logs_of
from billing.services.gateways.applying.errors import UnableToApply
from billing.services.gateways.applying.ground import (
    Ground,
    currency_check,
    customer_of,
    owner_note,
)
from billing.services.gateways.applying.log import lines_add
from billing.services.gateways.applying.points import Told, points_missing, told_of
from billing.services.gateways.applying.standing import standing_told
from billing.services.ledger import ledger_refresh
from billing.services.subscriptions.settling import columns_settle
from billing.services.subscriptions.writing import subscription_locked
from customers.models import Customer

ID_LENGTH = 100


def subscription_apply(ground: Ground, remote: RemoteSubscription) -> bool:
    """This will bring a subscription's log in step: only what differs is added to it.

    Of the past, a log that is here already keeps what it has; of a new subscription it
    tells the start, the trial and the end.
    """
    customer = customer_of(ground, remote.customer)
    row = Subscription.objects.filter(external_id=remote.external_id).first()
    made = row is None
    if row is None:
        row = _made(ground, remote, customer)
    row = subscription_locked(row)
    if row.customer_id != customer.pk:
        text = _(
            "Subscription %(number)s belongs to another customer here. Say whose the "
            "gateway's customer is, or correct the subscription."
        )
        raise UnableToApply(text % {"number": remote.external_id})
    owner_note(ground, ObjectKind.SUBSCRIPTION, remote.external_id, customer)
    log = logs_of([row])[row.pk]
    paid = standing_told(ground, remote, row.started_on)
    told = told_of(ground, remote, paid, started_on=row.started_on, known=bool(log))
    points = points_missing(told, log, row.started_on)
    lines = lines_add(ground, row, points, log, told=remote)
    changed = _columns(ground, row, told) or bool(lines) or made
    if changed:
        ledger_refresh(customers=[customer.pk], now=ground.now)
    return changed


def _made(
    ground: Ground, remote: RemoteSubscription, customer: Customer
) -> Subscription:
    currency_check(remote.currency)
    return Subscription.objects.create(
        customer=customer,
        external_id=remote.external_id[:ID_LENGTH],
        currency=remote.currency,
        interval_months=max(1, remote.interval_months),
        started_on=ground.day(remote.started_at),
        gateway=ground.account,
        recorded_at=ground.known_at(remote.started_at),
        recorded_assumed=ground.history,
    )


def _columns(ground: Ground, row: Subscription, told: Told) -> bool:
    """This will bring the columns in step that repeat what the log says of today."""
    wanted: dict[str, dt.date | int | None] = {
        "gateway_id": ground.account.pk,
        "ended_on": told.ends_on,
    }
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=[name.removesuffix("_id") for name in changed])
    columns_settle(Subscription.objects.filter(pk=row.pk), today=ground.today)
    return bool(changed)
