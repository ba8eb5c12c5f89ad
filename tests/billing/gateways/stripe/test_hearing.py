"""Webhooks: what proves to be Stripe's, what does not, and what an event is about."""

import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.enums import ObjectKind
from billing.gateways.base import (
    Access,
    UnableToRead,
    UnableToTrust,
    UnableToTrustTime,
)
from billing.gateways.objects import Hint
from billing.gateways.stripe import StripeGateway
from tests.gateway import Fake
from tests.world import NOW

SECRET = "whsec_ours"
GATEWAY = StripeGateway(Access(key="sk", hooks=("whsec_new", SECRET)))
AT = int(NOW.timestamp())
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "invoice.paid",
    "created": AT - 20,
    "livemode": False,
    "data": {"object": {"id": "in_1", "object": "invoice"}},
}


def signature(body: bytes, *, at: int = AT, secret: str = SECRET) -> str:
    """By hand, as Stripe describes it, so that the library does not judge itself."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def heard(body: bytes, header: str, gateway: StripeGateway = GATEWAY) -> Hint:
    return gateway.hint(body, {"STRIPE-Signature": header}, now=NOW)


def about(type_: str, **row: Any) -> tuple[tuple[str, str], ...]:
    body = json.dumps({**EVENT, "type": type_, "data": {"object": row}}).encode()
    return heard(body, signature(body)).about


def test_an_event_of_stripes_is_a_hint_about_an_object() -> None:
    body = json.dumps(EVENT).encode()
    hint = heard(body, signature(body))
    assert hint == Hint(
        event_id="evt_1",
        type="invoice.paid",
        about=((ObjectKind.INVOICE, "in_1"),),
        happened_at=NOW - dt.timedelta(seconds=20),
        live=False,
        sent_at=NOW,
    )
    # Signed with both secrets while one is exchanged for the other, in any order.
    both = f"t={AT},v1={'0' * 64},{signature(body).split(',')[1]},v0=whatever"
    assert heard(body, both) == hint


def test_what_is_not_signed_by_a_secret_of_ours_proves_nothing() -> None:
    body = json.dumps(EVENT).encode()
    good = signature(body)
    mac = good.split("v1=")[1]
    for header in (
        "",
        "t=",
        good.replace("v1=", "v0="),
        f"v1={mac}",
        f"t={AT},v1=",
        f"t={AT + 1},v1={mac}",
        f"t={AT},v1={mac[:-1]}",
        f"t={AT},v1={mac}é",
        f"t={AT},t={AT + 1},v1={mac}x",
        signature(body, secret="whsec_theirs"),
        signature(body, secret=""),
        good.replace(f"t={AT}", "t=9" + "9" * 5_000),
    ):
        with pytest.raises(UnableToTrust):
            heard(body, header)
    for changed in (body + b" ", body.replace(b"in_1", b"in_2"), b"\xff" + body, b""):
        with pytest.raises(UnableToTrust):
            heard(changed, good)
    without = StripeGateway(Access(key="sk", hooks=()))
    for header in (good, signature(body, secret="")):
        with pytest.raises(UnableToTrust):
            heard(body, header, without)


@given(st.binary(max_size=200), st.text(max_size=200))
def test_nothing_that_is_made_up_is_believed(body: bytes, header: str) -> None:
    with pytest.raises(UnableToTrust):
        heard(body, header)


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
def test_a_moment_too_far_away_is_told_apart(seconds: int) -> None:
    body = json.dumps(EVENT).encode()
    with pytest.raises(UnableToTrustTime) as refusal:
        heard(body, signature(body, at=AT + seconds))
    assert refusal.value.seconds == seconds
    # Only who knows the secret gets to hear that it is about the time.
    with pytest.raises(UnableToTrust) as plain:
        heard(body, signature(body, at=AT + seconds, secret="whsec_theirs"))
    assert not isinstance(plain.value, UnableToTrustTime)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_allowed(seconds: int) -> None:
    body = json.dumps(EVENT).encode()
    assert heard(body, signature(body, at=AT + seconds)).event_id == "evt_1"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"event"',
        b'{"object": "v2.core.event", "id": "evt_1"}',
        b'{"object": "event"}',
        b"[" * 100_000,
        json.dumps({**EVENT, "data": None}).encode(),
        json.dumps({**EVENT, "created": "soon"}).encode(),
    ],
)
def test_what_is_signed_and_makes_no_sense_is_said_to(body: bytes) -> None:
    with pytest.raises(UnableToRead):
        heard(body, signature(body))


def test_what_each_event_is_about() -> None:
    kind = ObjectKind
    assert about("customer.updated", object="customer", id="cus_1") == (
        (kind.CUSTOMER, "cus_1"),
    )
    default = {"default_payment_method": "pm_2"}
    assert about(
        "customer.updated", object="customer", id="cus_1", invoice_settings=default
    ) == ((kind.CUSTOMER, "cus_1"), (kind.METHOD, "pm_2"))
    for type_, name, found in (
        ("customer.subscription.deleted", "subscription", kind.SUBSCRIPTION),
        ("payment_method.automatically_updated", "payment_method", kind.METHOD),
        ("customer.source.updated", "card", kind.METHOD),
        ("product.updated", "product", kind.PRODUCT),
        ("price.created", "price", kind.PRICE),
        ("plan.updated", "plan", kind.PRICE),
        ("charge.failed", "charge", kind.PAYMENT),
    ):
        assert about(type_, object=name, id="x_1") == ((found, "x_1"),)
    for name in ("refund", "dispute"):
        assert about(f"charge.{name}", object=name, id="re_1", charge="ch_1") == (
            (kind.PAYMENT, "ch_1"),
        )
    for name in ("credit_note", "invoice_payment"):
        assert about(name, object=name, id="cn_1", invoice="in_3") == (
            (kind.INVOICE, "in_3"),
        )
    intent = {"object": "payment_intent", "id": "pi_1"}
    assert about("payment_intent.created", **intent) == ()
    assert about("payment_intent.requires_action", **intent) == (
        (kind.PAYMENT, "pi_1"),
    )
    assert about("payment_intent.succeeded", latest_charge="ch_2", **intent) == (
        (kind.PAYMENT, "ch_2"),
    )
    assert about(
        "customer.discount.deleted",
        object="discount",
        id="di_1",
        subscription="sub_1",
        customer="cus_1",
    ) == ((kind.SUBSCRIPTION, "sub_1"), (kind.CUSTOMER, "cus_1"))
    # Nothing of ours, or of a kind that comes to be one day.
    assert about("balance.available", object="balance") == ()
    assert about("invoice.upcoming", object="invoice") == ()


def test_what_the_fake_sends_is_understood(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer()
    fake.subscription(customer, fake.price(), billed=True)
    signed = fake.signed()
    hints = [
        gateway.hint(one.body, one.headers, now=dt.datetime.now(dt.UTC))
        for one in signed
    ]
    named = {found for hint in hints for found, _id in hint.about}
    assert named == set(ObjectKind) - {ObjectKind.REFUND}
    forged = fake.signed(events=[signed[0].event], forge=12)
    assert sum(bool(one.forged) for one in forged) == 12
    for one in forged:
        if one.forged:
            with pytest.raises((UnableToTrust, UnableToRead)):
                gateway.hint(one.body, one.headers, now=dt.datetime.now(dt.UTC))
