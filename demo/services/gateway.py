"""The demo's account at the fake gateway, and what customers pay with."""

import datetime as dt
import secrets
import zlib
from calendar import monthrange
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from accounts.selectors import company
from billing.enums import Collection, GatewayKind, MethodKind, ObjectKind
from billing.models import (
    GatewayAccount,
    GatewayObject,
    Invoice,
    PaymentMethod,
    Subscription,
)
from billing.services.gateways.access import access_sealed
from customers.models import Customer

NAME = "Stripe (demo)"
# What the fake gateway lets in; it is no secret and opens nothing else.
KEY = "sk_test_fake"
BRANDS = ("visa", "visa", "mastercard", "amex")
YEAR = dt.timedelta(days=365)
# Cards expire within so many months; the first of them soon, so that notices are written.
SPREAD = 40


def account_made(*, now: dt.datetime) -> GatewayAccount:
    """This will connect an account at which Keepwell has collected for a year.

    It is on only where the fake gateway runs: nobody else may ever hear of the demo.
    """
    return GatewayAccount.objects.create(
        kind=GatewayKind.STRIPE,
        name=NAME,
        secrets=access_sealed(key=KEY, hooks=[f"whsec_{secrets.token_hex(24)}"]),
        hook_key=secrets.token_urlsafe(32),
        collects=True,
        created_at=now - YEAR,
        # Moments of the past are played through first.
        is_on=True,
    )


def ours() -> GatewayAccount | None:
    """This will return the demo's account, if it was made."""
    return GatewayAccount.objects.filter(name=NAME).order_by("id").first()


def gateway_runs() -> bool:
    """This will tell whether Stripe's library is pointed at something else here."""
    return bool(settings.STRIPE_ADDRESS)


def card_customers() -> list[Customer]:
    """This will list who pays by card: what they are invoiced for is due at once."""
    rows = Invoice.objects.filter(due_on=F("issued_on"), subscription__isnull=False)
    ids = rows.values("customer_id")
    return list(Customer.objects.filter(pk__in=ids).order_by("id"))


def collected_there(account: GatewayAccount, customers: list[Customer]) -> None:
    """This will say of invoices and subscriptions that the gateway collects them."""
    ids = [customer.pk for customer in customers]
    Subscription.objects.filter(customer__in=ids).update(gateway=account)
    Invoice.objects.filter(customer__in=ids, due_on=F("issued_on")).update(
        gateway=account, collection=Collection.CHARGE
    )


def objects_made(
    account: GatewayAccount, customers: list[Customer], *, now: dt.datetime
) -> None:
    """This will say who is who at the gateway."""
    GatewayObject.objects.bulk_create(
        GatewayObject(
            account=account,
            kind=ObjectKind.CUSTOMER,
            external_id=customer_id(customer),
            customer=customer,
            read=1,
            read_at=now,
        )
        for customer in customers
    )


def customer_id(customer: Customer) -> str:
    """This will return what the gateway calls a customer."""
    return f"cus_{customer.external_id}"


def method_id(customer: Customer) -> str:
    """This will return what the gateway calls what a customer pays with today."""
    return f"pm_{customer.external_id}"


def methods_made(
    account: GatewayAccount,
    customers: list[Customer],
    *,
    since: Mapping[int, dt.datetime],
    expired: set[int],
    now: dt.datetime,
) -> dict[int, PaymentMethod]:
    """This will give everybody a card, by customer.

    `since` tells when a customer's card was changed last, `expired` whose has expired.
    """
    zone = ZoneInfo(company().time_zone)
    rows = []
    for customer in customers:
        drawn = zlib.crc32(customer.external_id.encode())
        months = -1 if customer.pk in expired else max(0, drawn % SPREAD)
        joined = dt.datetime.combine(customer.customer_since, dt.time(9), zone)
        added_at = since.get(customer.pk, joined)
        rows.append(
            PaymentMethod(
                account=account,
                customer=customer,
                external_id=method_id(customer),
                kind=MethodKind.CARD,
                brand=BRANDS[drawn % len(BRANDS)],
                last4=f"{drawn % 10_000:04}",
                expires_on=month_end(now.astimezone(zone).date(), months),
                is_default=True,
                added_at=added_at,
                changed_at=added_at,
                recorded_at=added_at,
            )
        )
    made = PaymentMethod.objects.bulk_create(rows)
    return {row.customer_id: row for row in made}


def month_end(today: dt.date, months: int) -> dt.date:
    """This will return the last day of the month so many months from now."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return dt.date(year, month + 1, monthrange(year, month + 1)[1])
