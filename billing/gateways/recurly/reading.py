"""Recurly's objects in our words (recurly.com/developers/api/v2021-02-25, by name).

Amounts are told in the main unit of their currency. Of a card its first six digits are
told too; they are never read.
"""

import datetime as dt
from decimal import Decimal

from billing.enums import MethodKind
from billing.gateways import fields
from billing.gateways.base import UnableToRead
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    RemoteCustomer,
    RemoteItem,
    RemoteMethod,
    RemotePrice,
    RemoteProduct,
    RemoteSubscription,
)
from billing.gateways.recurly.documents import invoice_read, transaction_read

__all__ = [
    "customer_read",
    "invoice_read",
    "method_read",
    "plan_read",
    "subscription_read",
    "transaction_read",
]

UNITS = {"days": "day", "months": "month"}
STATES = {
    "active": "active",
    "canceled": "active",
    "future": "active",
    "paused": "paused",
    "expired": "ended",
    "failed": "ended",
}
METHODS = {
    "credit_card": MethodKind.CARD,
    "apple_pay": MethodKind.WALLET,
    "google_pay": MethodKind.WALLET,
    "paypal_billing_agreement": MethodKind.WALLET,
    "bank_account_info": MethodKind.DIRECT_DEBIT,
    "sepadirectdebit": MethodKind.DIRECT_DEBIT,
    "bacs": MethodKind.DIRECT_DEBIT,
}
OUR_ID = "keepwell_id"


def customer_read(told: Fields) -> RemoteCustomer:
    """This will read an account."""
    person = f"{fields.text(told, 'first_name')} {fields.text(told, 'last_name')}"
    email = fields.text(told, "email")
    custom = {
        fields.text(one, "name"): fields.text(one, "value")
        for one in fields.rows(told, "custom_fields")
    }
    code = fields.identity(told, "code")
    return RemoteCustomer(
        external_id=code,
        name=fields.text(told, "company") or person.strip() or email or code,
        email=email,
        country=fields.text(fields.part(told, "address"), "country"),
        created_at=fields.known(fields.moment(told, "created_at")),
        our_id=custom.get(OUR_ID, ""),
        default_method=code if told.get("billing_info") else "",
        gone_at=fields.moment(told, "deleted_at"),
    )


def method_read(told: Fields, account: str) -> RemoteMethod:
    """This will read what an account pays with. It has one, and it has its number."""
    way = fields.part(told, "payment_method")
    kind = fields.text(way, "object")
    added_at = fields.moment(told, "created_at") or fields.moment(told, "updated_at")
    return RemoteMethod(
        external_id=account,
        customer=account,
        method=METHODS.get(kind, MethodKind.OTHER),
        brand=fields.text(way, "card_type") or kind,
        last4=fields.last4(way, "last_four"),
        expires_on=fields.expiry(way, "exp_month", "exp_year"),
        added_at=fields.known(added_at),
        is_default=True,
    )


def plan_read(told: Fields, currency: str) -> RemotePrice | RemoteProduct:
    """This will read a plan, or what it costs in a currency ("gold:EUR")."""
    code = fields.identity(told, "code")
    active = fields.text(told, "state") != "inactive"
    created_at = fields.known(fields.moment(told, "created_at"))
    if not currency:
        name = fields.text(told, "name")
        return RemoteProduct(code, name, active=active, created_at=created_at)
    prices = {
        fields.text(one, "currency"): one for one in fields.rows(told, "currencies")
    }
    if currency not in prices:
        msg = f"The plan has no price in {currency}."
        raise UnableToRead(msg)
    return RemotePrice(
        external_id=f"{code}:{currency}",
        product=code,
        currency=currency,
        amount=fields.decimal(prices[currency], "unit_amount"),
        interval_months=fields.whole_months(*_interval(told)),
        active=active,
        created_at=created_at,
        nickname=fields.text(told, "name"),
    )


def _interval(plan: Fields) -> tuple[int, str]:
    unit = UNITS.get(fields.text(plan, "interval_unit"), "month")
    return fields.number(plan, "interval_length", 1), unit


def subscription_read(told: Fields, plan: Fields) -> RemoteSubscription:
    """This will read a subscription; its plan says how long a period is.

    Add-ons count into the revenue of the plan's own item.
    """
    state, currency = _state(told), fields.identity(told, "currency")
    list_mrr = fields.per_month(_amount(told), *_interval(plan))
    mrr = (list_mrr * _left(told)).quantize(fields.CENT)
    quantity = fields.number(told, "quantity", 1)
    price = f"{fields.identity(fields.part(told, 'plan'), 'code')}:{currency}"
    ends_at, cancelled_at = _end(told)
    began = fields.moment(told, "activated_at") or fields.moment(told, "created_at")
    return RemoteSubscription(
        external_id=fields.identity(told),
        customer=fields.identity(fields.part(told, "account"), "code"),
        currency=currency,
        interval_months=fields.whole_months(*_interval(plan)),
        state=state,
        mrr=mrr,
        list_mrr=list_mrr,
        quantity=quantity,
        started_at=fields.known(began),
        items=(RemoteItem(price, quantity, mrr, list_mrr),),
        trial_until=fields.moment(told, "trial_ends_at") if state == "trial" else None,
        renews_at=fields.moment(told, "current_period_ends_at"),
        ends_at=ends_at,
        cancelled_at=cancelled_at,
        failed=_unpaid(told),
    )


def _state(told: Fields) -> str:
    state = STATES.get(fields.text(told, "state"), "active")
    trial = fields.moment(told, "trial_ends_at")
    period = fields.moment(told, "current_period_ends_at")
    # The period that runs now is the trial.
    return "trial" if state == "active" and trial and trial == period else state


def _amount(told: Fields) -> Decimal:
    own = fields.decimal(told, "unit_amount") * fields.number(told, "quantity", 1)
    return own + fields.decimal(told, "add_ons_total")


def _left(told: Fields) -> Decimal:
    """This will return which share of the price coupons in percent leave."""
    left = Decimal(1)
    for one in fields.rows(told, "coupon_redemptions"):
        discount = fields.part(fields.part(one, "coupon"), "discount")
        if fields.text(discount, "type") == "percent":
            left *= 1 - fields.decimal(discount, "percent") / 100
    return max(left, Decimal(0))


def _end(told: Fields) -> tuple[dt.datetime | None, dt.datetime | None]:
    """This will return when it ends or did, and when that was decided."""
    if fields.text(told, "state") not in {"canceled", "expired", "failed"}:
        return None, None
    ends_at = fields.moment(told, "expires_at")
    ends_at = ends_at or fields.moment(told, "current_term_ends_at")
    return ends_at, fields.moment(told, "canceled_at") or ends_at


def _unpaid(told: Fields) -> bool:
    reason = fields.text(told, "expiration_reason").lower()
    failed = fields.text(told, "state") == "failed"
    return failed or reason.startswith(("nonpayment", "dunning"))
