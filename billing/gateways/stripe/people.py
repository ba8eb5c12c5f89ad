"""Customers and what they pay with."""

import calendar
import datetime as dt
from typing import Any

from billing.enums import MethodKind
from billing.gateways.objects import RemoteCustomer, RemoteMethod
from billing.gateways.stripe.money import moment
from billing.gateways.stripe.reading import id_of, told, translating

DEBITS = frozenset({
    "acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "payto", "sepa_debit",
    "us_bank_account",
})  # fmt: skip
WALLETS = frozenset({
    "alipay", "amazon_pay", "cashapp", "grabpay", "kakao_pay", "link", "mobilepay",
    "naver_pay", "payco", "paypal", "revolut_pay", "samsung_pay", "satispay", "twint",
    "wechat_pay",
})  # fmt: skip
KEEPWELL_ID = "keepwell_id"


def customer_of(row: Any) -> RemoteCustomer | None:
    """This will translate a customer; None for one that was deleted."""
    with translating(row):
        if told(row, "deleted"):
            return None
        return RemoteCustomer(
            external_id=row.id,
            # Whoever has no name is called by the address.
            name=told(row, "name") or told(row, "email") or row.id,
            email=told(row, "email") or "",
            country=(told(row, "address", "country") or "").upper(),
            created_at=moment(row.created),
            our_id=str(told(row, "metadata", KEEPWELL_ID) or ""),
            default_method=default_of(row),
        )


def default_of(customer: Any) -> str:
    """This will return what invoices are charged to, unless a subscription says otherwise."""
    named = told(customer, "invoice_settings", "default_payment_method")
    return id_of(named or told(customer, "default_source"))


def method_of(row: Any) -> RemoteMethod | None:
    """This will translate a payment method with its customer; None once it was detached.

    Of a card: brand, last four digits and expiry, nothing else is ever looked at.
    """
    with translating(row):
        owner = told(row, "customer")
        if owner is None or told(row, "deleted"):
            return None
        brand, last4, expires = _face(row)
        return RemoteMethod(
            external_id=row.id,
            customer=id_of(owner),
            method=_kind(row.type),
            brand=brand[:30],
            last4=last4,
            expires_on=expires,
            added_at=moment(row.created),
            is_default=not isinstance(owner, str) and default_of(owner) == row.id,
        )


def _kind(word: str) -> MethodKind:
    if word in {"card", "card_present"}:
        return MethodKind.CARD
    if word in DEBITS:
        return MethodKind.DIRECT_DEBIT
    return MethodKind.WALLET if word in WALLETS else MethodKind.OTHER


def _face(row: Any) -> tuple[str, str, dt.date | None]:
    """This will return what a bill shows of it: brand or bank, last four, last day."""
    details = told(row, row.type)
    last4 = str(told(details, "last4") or "")[-4:]
    if row.type not in {"card", "card_present"}:
        return str(told(details, "bank_name") or row.type), last4, None
    year, month = details.exp_year, details.exp_month
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return str(told(details, "display_brand") or details.brand), last4, last
