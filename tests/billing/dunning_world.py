"""Failed payments without a gateway: rows as they are after a charge was refused."""

import datetime as dt
from itertools import count
from typing import Any

from django.db import transaction

from billing.enums import (
    AttemptCause,
    AttemptState,
    Collection,
    DeclineGroup,
    GatewayKind,
    MethodKind,
)
from billing.models import (
    DunningAction,
    DunningCase,
    GatewayAccount,
    Invoice,
    PaymentAttempt,
    PaymentMethod,
    Subscription,
)
from billing.services.dunning.cases import case_open
from billing.services.settling import invoice_locked
from customers.models import Customer
from tests import world
from tests.world import NOW

DAY = dt.timedelta(days=1)
# A Monday, so that a week of days to come begins with working ones.
FAILED = dt.datetime(2026, 6, 29, 10, tzinfo=dt.UTC)
_numbers = count(1)


def account(name: str = "Stripe", **fields: Any) -> GatewayAccount:
    """This will save an account at which we try again ourselves."""
    fields = {"collects": True, **fields}
    return GatewayAccount.objects.create(
        kind=GatewayKind.STRIPE, name=name, hook_key=name, created_at=NOW, **fields
    )


def card(customer: Customer, at: GatewayAccount | None, **fields: Any) -> PaymentMethod:
    """This will save the card that a customer pays with."""
    since = fields.pop("since", NOW - 300 * DAY)
    values = {
        "external_id": f"pm_{next(_numbers)}",
        "kind": MethodKind.CARD,
        "brand": "visa",
        "last4": "4242",
        "is_default": True,
        "expires_on": dt.date(2028, 1, 31),
        "added_at": since,
        "recorded_at": since,
        "changed_at": since,
    }
    return PaymentMethod.objects.create(
        account=at, customer=customer, **{**values, **fields}
    )


def charged(
    customer: Customer | None = None, at: GatewayAccount | None = None, **fields: Any
) -> Invoice:
    """This will save an invoice that is charged, with a card, a payer and what it is for."""
    customer = customer or world.make_customer()
    at = at or GatewayAccount.objects.first() or account()
    if not customer.contacts.exists():
        world.person(customer, email=f"pay{customer.pk}@example.org")
    if not PaymentMethod.objects.filter(customer=customer).exists():
        card(customer, at)
    sub = Subscription.objects.filter(customer=customer).first() or subscribed(
        customer, at
    )
    values = {
        "days": 1,
        "due_in": 0,
        "paid_after": None,
        "total": "100",
        "gateway": at,
        "collection": Collection.CHARGE,
        "subscription": sub,
    }
    return world.invoice(customer, **{**values, **fields})


def subscribed(customer: Customer, at: GatewayAccount | None) -> Subscription:
    """This will save a monthly subscription, at a gateway if there is one."""
    sub = world.subscribe(customer, mrr="100", months=1)
    sub.changes.update(anchored_on=sub.started_on)
    sub.gateway = at
    sub.save()
    return sub


def opened(
    invoice: Invoice | None = None, failed_at: dt.datetime = FAILED, **fields: Any
) -> DunningCase:
    """This will have a charge refused, and the case of it opened."""
    invoice = invoice or charged(**fields)
    method = PaymentMethod.objects.filter(customer=invoice.customer_id).first()
    if invoice.collection == Collection.CHARGE:
        refused(invoice, at=failed_at)
    with transaction.atomic():
        case = case_open(
            invoice=invoice_locked(invoice),
            failed_at=failed_at,
            method=method,
            now=failed_at,
        )
    assert case is not None
    return case


def refused(
    invoice: Invoice,
    *,
    at: dt.datetime,
    code: str = "insufficient_funds",
    group: str = DeclineGroup.SOFT,
    **fields: Any,
) -> PaymentAttempt:
    """This will save a try that was refused; the last planned one if there is one."""
    rows = PaymentAttempt.objects.filter(invoice=invoice)
    planned = rows.filter(state=AttemptState.PLANNED).first()
    method = PaymentMethod.objects.filter(
        customer=invoice.customer_id, is_default=True, removed_at__isnull=True
    ).first()
    row = planned or PaymentAttempt(
        invoice=invoice,
        customer_id=invoice.customer_id,
        account=invoice.gateway,
        method=method,
        number=rows.count() + 1,
        cause=AttemptCause.GATEWAY,
        amount=invoice.total,
        currency=invoice.currency,
        planned_at=at,
    )
    row.state, row.asked_at, row.answered_at = AttemptState.DECLINED, at, at
    row.decline_code, row.decline_group = code, group
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def steps(case: DunningCase, *, skipped: bool | None = None) -> list[str]:
    """This will list what was done about a case, in the order in which it was."""
    rows = DunningAction.objects.filter(case=case).order_by("id")
    if skipped is not None:
        rows = rows.filter(skipped=skipped)
    return list(rows.values_list("step", flat=True))


def fresh(case: DunningCase) -> DunningCase:
    """This will read a case again."""
    rows = DunningCase.objects.select_related("invoice", "customer__owner", "version")
    return rows.get(pk=case.pk)
