"""Webhooks: proved by the raw bytes, and taken for nothing but a hint."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import stripe

from billing.enums import ObjectKind
from billing.gateways.base import UnableToRead, UnableToTrust
from billing.gateways.objects import Hint
from billing.gateways.signing import moment_check, moment_read
from billing.gateways.stripe.money import moment
from billing.gateways.stripe.reading import id_of, told, translating

HEADER = "stripe-signature"
# What an object of Stripe's is to us, by its own name.
KINDS = {
    "customer": ObjectKind.CUSTOMER,
    "product": ObjectKind.PRODUCT,
    "price": ObjectKind.PRICE,
    "plan": ObjectKind.PRICE,
    "payment_method": ObjectKind.METHOD,
    "card": ObjectKind.METHOD,
    "subscription": ObjectKind.SUBSCRIPTION,
    "invoice": ObjectKind.INVOICE,
    "charge": ObjectKind.PAYMENT,
}
# What stands on something else is read with it: (its field, what that is).
PARTS = {
    "invoice_payment": ("invoice", ObjectKind.INVOICE),
    "credit_note": ("invoice", ObjectKind.INVOICE),
    "refund": ("charge", ObjectKind.PAYMENT),
    "dispute": ("charge", ObjectKind.PAYMENT),
}


def hint_read(
    body: bytes,
    headers: Mapping[str, str],
    *,
    secrets: Sequence[str],
    now: dt.datetime,
) -> Hint:
    """This will prove a webhook and say what it is about.

    Raises UnableToTrust, UnableToTrustTime (older or newer than five minutes) or
    UnableToRead. The library checks the signature; the time is compared with `now`,
    because the library passes what is signed in the future.
    """
    given = next((v for k, v in headers.items() if k.lower() == HEADER), "")
    if not _signed(body, given, secrets):
        msg = "No signature fits."
        raise UnableToTrust(msg)
    sent_at = _sent_at(given)
    moment_check(sent_at, now=now)
    return event_hint(_event(body), sent_at=sent_at)


def _signed(body: bytes, given: str, secrets: Sequence[str]) -> bool:
    # Every secret is tried, so the time tells nothing of which one is near.
    return any([_fits(body, given, secret) for secret in secrets])  # noqa: C419


def _fits(body: bytes, given: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, given, secret, None))
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        # What is no text at all fails within the library.
        return False


def _sent_at(given: str) -> dt.datetime:
    """This will return the first moment in the header: the one that the library proved."""
    parts = (part.split("=", 1) for part in given.split(","))
    return moment_read(next((one[1] for one in parts if one[0] == "t"), ""))


def _event(body: bytes) -> stripe.Event:
    try:
        told_here = json.loads(body)
    except (ValueError, RecursionError) as error:
        msg = "The webhook is not JSON."
        raise UnableToRead(msg) from error
    if not isinstance(told_here, dict) or told_here.get("object") != "event":
        msg = "The webhook is no event of Stripe's."
        raise UnableToRead(msg)
    try:
        return stripe.Event.construct_from(told_here, None)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        msg = "The webhook is no event as Stripe sends them."
        raise UnableToRead(msg) from error


def event_hint(event: Any, *, sent_at: dt.datetime | None = None) -> Hint:
    """This will say what an event is about: ids and nothing else. It may be nothing."""
    with translating(event):
        about = _about(event.type, event.data.object)
        return Hint(
            event_id=str(event.id),
            type=str(event.type)[:100],
            about=tuple(dict.fromkeys(one for one in about if one[1])),
            happened_at=moment(event.created),
            live=bool(event.livemode),
            sent_at=sent_at,
        )


def _about(type_: str, row: Any) -> list[tuple[ObjectKind, str]]:
    what = told(row, "object") or ""
    if what in KINDS:
        found = [(KINDS[what], str(told(row, "id") or ""))]
        if what == "customer":
            # Which of the methods is charged stands with the customer.
            default = told(row, "invoice_settings", "default_payment_method")
            found.append((ObjectKind.METHOD, id_of(default)))
        return found
    if what in PARTS:
        field, kind = PARTS[what]
        return [(kind, id_of(told(row, field)))]
    if what == "payment_intent":
        return [(ObjectKind.PAYMENT, _try_of(type_, row))]
    if what == "discount":
        return [
            (ObjectKind.SUBSCRIPTION, id_of(told(row, "subscription"))),
            (ObjectKind.CUSTOMER, id_of(told(row, "customer"))),
        ]
    return []


def _try_of(type_: str, row: Any) -> str:
    """This will return the charge of an intent; itself where it waits for the customer."""
    charge = id_of(told(row, "latest_charge"))
    return charge or (row.id if type_ == "payment_intent.requires_action" else "")
