"""Telling the fake gateway of the demo's customers, and where it tells us of changes."""

import datetime as dt
import json
import urllib.error
import urllib.request
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from billing.enums import AttemptState, CaseState
from billing.models import (
    DunningCase,
    GatewayAccount,
    Invoice,
    PaymentMethod,
    Plan,
    SubscriptionChange,
)
from billing.services.gateways.access import access_of
from demo.services.gateway import customer_id, gateway_runs, ours

Row = dict[str, Any]
PATIENCE = 30
# What becomes of the next tries with a card, by why the last one was declined.
NEXT = {
    "insufficient_funds": ["succeeds"],
    "do_not_honor": ["do_not_honor", "succeeds"],
}
YEAR = dt.timedelta(days=365)


def gateway_introduced(*, now: dt.datetime) -> bool:
    """This will have the demo's account used where the fake gateway runs, and only there.

    It is told what it does not know yet: customers and cards, and what is being collected
    with every try. Its address may be another one than yesterday. False where there is
    nobody to tell.
    """
    account = ours()
    if account is None:
        return False
    account.is_on = gateway_runs() and _told(account, now=now)
    account.save(update_fields=["is_on"])
    return account.is_on


def _told(account: GatewayAccount, *, now: dt.datetime) -> bool:
    access = access_of(account)
    path = reverse("gateway_hook", args=[account.kind, account.hook_key])
    try:
        _post(
            "settings",
            {
                "keys": [access.key],
                "hook_url": settings.BASE_URL + path if settings.BASE_URL else "",
                "hook_secrets": list(access.hooks),
                "hooks_by_themselves": bool(settings.BASE_URL),
            },
        )
        _post("make", {"rows": _rows(account, now=now), "missing": True})
    except (OSError, ValueError):
        # Whatever stands at that address, it is not the fake gateway.
        return False
    _pages(account)
    return True


def _post(name: str, told: Row) -> Any:
    request = urllib.request.Request(  # noqa: S310 (an address of this machine)
        f"{settings.STRIPE_ADDRESS.rstrip('/')}/_/{name}",
        json.dumps(told).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:  # noqa: S310
        return json.loads(reply.read())


def _pages(account: GatewayAccount) -> None:
    """This will say where each invoice is paid."""
    rows = list(Invoice.objects.filter(pk__in=_open(account).values("invoice_id")))
    for row in rows:
        row.hosted_url = f"{settings.STRIPE_ADDRESS.rstrip('/')}/i/{row.external_id}"
    Invoice.objects.bulk_update(rows, ["hosted_url"])


def _open(account: GatewayAccount) -> Any:
    return DunningCase.objects.filter(
        invoice__gateway=account, state=CaseState.OPEN
    ).order_by("id")


def _rows(account: GatewayAccount, *, now: dt.datetime) -> list[Row]:
    cases = list(_open(account).select_related("invoice__customer"))
    codes = {case.customer_id: _last_code(case) for case in cases}
    rows = [*_people(account, codes)]
    for case in cases:
        rows += _subscriptions(case.customer_id, now=now)
        rows.append(_invoice(case))
    return [row | {"quiet": True} for row in rows]


def _last_code(case: DunningCase) -> str:
    attempts = case.attempts.exclude(state=AttemptState.NOT_MADE).order_by("-number")
    last = attempts.first()
    return last.decline_code if last else ""


def _people(account: GatewayAccount, codes: dict[int, str]) -> list[Row]:
    methods = PaymentMethod.objects.filter(account=account, is_default=True)
    rows: list[Row] = []
    for method in methods.select_related("customer").order_by("id"):
        customer, code = method.customer, codes.get(method.customer_id, "")
        rows.append(
            {
                "kind": "customer",
                "id": customer_id(customer),
                "name": customer.name,
                "our_id": customer.external_id,
                "at": method.added_at.timestamp(),
            }
        )
        rows.append(
            {
                "kind": "method",
                "id": method.external_id,
                "customer": customer_id(customer),
                "behaves": NEXT.get(code, [code or "succeeds"]),
                "brand": method.brand,
                "last4": method.last4,
                "expires": f"{method.expires_on:%Y-%m}",
                "at": method.added_at.timestamp(),
            }
        )
    return rows


def _subscriptions(customer: int, *, now: dt.datetime) -> list[Row]:
    """What may be paused or ended there; it renews nothing by itself."""
    lines = SubscriptionChange.objects.filter(
        customer=customer, subscription__ended_on=None, effective_on__lte=now.date()
    ).order_by("subscription_id", "-effective_on", "-id")
    rows: list[Row] = []
    for line in lines.distinct("subscription_id").select_related(
        "plan", "subscription__customer"
    ):
        if line.plan is not None:
            rows += _subscription(line, line.plan, until=now + YEAR)
    return rows


def _subscription(
    line: SubscriptionChange, plan: Plan, *, until: dt.datetime
) -> list[Row]:
    row, months = line.subscription, line.interval_months
    seats, currency = max(1, line.quantity), line.currency.lower()
    amount = 100 * line.mrr * months / seats
    unit = {
        "unit_amount_decimal": str(amount),
        "unit_amount": int(amount),
        "currency": currency,
        "recurring": {"interval": "month", "interval_count": months},
    }
    product = f"prod_{plan.key}"
    return [
        {"kind": "product", "id": product, "name": plan.name},
        {"kind": "price", "id": plan.key, "product": product, "currency": currency},
        {
            "kind": "subscription",
            "id": row.external_id,
            "customer": customer_id(row.customer),
            "items": [{"price": plan.key, "quantity": str(seats), "_price": unit}],
            "at": _morning(row.started_on),
            "until": int(until.timestamp()),
        },
    ]


def _invoice(case: DunningCase) -> Row:
    invoice = case.invoice
    attempts = list(case.attempts.order_by("number"))
    tries = [
        {
            "fate": attempt.decline_code,
            "at": int((attempt.answered_at or case.began_at).timestamp()),
            "charge": attempt.external_id,
        }
        for attempt in attempts
        if attempt.state in {AttemptState.DECLINED, AttemptState.NEEDS_ACTION}
    ]
    share = invoice.tax / invoice.total * 100 if invoice.total else Decimal(0)
    row: Row = {
        "kind": "invoice",
        "id": invoice.external_id,
        "number": invoice.external_id,
        "customer": customer_id(invoice.customer),
        "amount": int(invoice.total * 100),
        "currency": invoice.currency.lower(),
        "tax_percent": str(share.quantize(Decimal("0.0001"))),
        "at": _morning(invoice.issued_on),
        "tries": tries,
    }
    waits = [a for a in attempts if a.state == AttemptState.NEEDS_ACTION]
    # A payment that waits was not tried yet: the intent stands for it.
    return row | ({"intent": waits[0].external_id} if waits else {})


def _morning(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(1), dt.UTC).timestamp())
