"""Chargebee's customers and what they pay with
(apidocs.chargebee.com/docs/api/customers and …/payment_sources).

Of a card its first digits are told too ("iin", "masked_number"); they are never read.
"""

from typing import Any

from billing.enums import MethodKind
from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import Remote, RemoteCustomer, RemoteMethod

KINDS = {
    "card": MethodKind.CARD,
    "direct_debit": MethodKind.DIRECT_DEBIT,
    "sepa_direct_debit": MethodKind.DIRECT_DEBIT,
    "ach_credit": MethodKind.DIRECT_DEBIT,
    "paypal_express_checkout": MethodKind.WALLET,
    "amazon_payments": MethodKind.WALLET,
    "apple_pay": MethodKind.WALLET,
    "google_pay": MethodKind.WALLET,
}


def customer_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read a customer."""
    person = " ".join(
        filter(None, (fields.text(told, "first_name"), fields.text(told, "last_name")))
    )
    email = fields.text(told, "email")
    changed_at = fields.seconds(told, "updated_at")
    return (
        RemoteCustomer(
            external_id=fields.identity(told),
            name=fields.text(told, "company") or person or email,
            email=email,
            country=fields.text(fields.part(told, "billing_address"), "country"),
            created_at=fields.known(fields.seconds(told, "created_at")),
            our_id=_our_id(told),
            default_method=fields.text(told, "primary_payment_source_id"),
            gone_at=changed_at if told.get("deleted") is True else None,
        ),
    )


def _our_id(told: Fields) -> str:
    """This will read our number from the metadata, or from a custom field of that name."""
    meta: Any = told.get("meta_data")
    given = fields.text(meta, "keepwell_id") if isinstance(meta, dict) else ""
    return given or fields.text(told, "cf_keepwell_id")


def payment_source_read(told: Fields, content: Fields) -> tuple[Remote, ...]:
    """This will read a payment source: brand, last four digits, expiry."""
    card = fields.part(told, "card")
    account = fields.part(told, "bank_account")
    kind = fields.text(told, "type")
    gone = told.get("deleted") is True
    return (
        RemoteMethod(
            external_id=fields.identity(told),
            customer=fields.identity(told, "customer_id"),
            method=KINDS.get(kind, MethodKind.OTHER),
            brand=fields.text(card, "brand") or kind,
            last4=fields.last4(card or account, "last4"),
            expires_on=fields.expiry(card, "expiry_month", "expiry_year"),
            added_at=fields.known(fields.seconds(told, "created_at")),
            is_default=_is_primary(told, content),
            gone_at=fields.seconds(told, "updated_at") if gone else None,
        ),
    )


def _is_primary(told: Fields, content: Fields) -> bool:
    primary = fields.text(fields.part(content, "customer"), "primary_payment_source_id")
    return primary == fields.text(told, "id")


def card_read(told: Fields, content: Fields) -> tuple[Remote, ...]:
    """This will read a card, which is a payment source under its older name."""
    number = fields.text(told, "payment_source_id")
    if not number or "payment_source" in content:
        return ()
    gone = fields.text(told, "status") == "deleted" or told.get("deleted") is True
    changed_at = fields.seconds(told, "updated_at")
    return (
        RemoteMethod(
            external_id=number,
            customer=fields.identity(told, "customer_id"),
            method=MethodKind.CARD,
            brand=fields.text(told, "card_type"),
            last4=fields.last4(told, "last4"),
            expires_on=fields.expiry(told, "expiry_month", "expiry_year"),
            added_at=fields.known(fields.seconds(told, "created_at") or changed_at),
            is_default=_is_primary({"id": number}, content),
            gone_at=changed_at if gone else None,
        ),
    )
