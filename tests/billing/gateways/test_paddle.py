"""Paddle's webhooks: trusted by their signature, ordered by when they happened."""

import datetime as dt
import json
import time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Company
from billing.enums import Collection, MethodKind, ObjectKind
from billing.gateways.base import Access, UnableToRead, UnableToTrust, UnableToTrustTime
from billing.gateways.objects import (
    Hint,
    Remote,
    RemoteCustomer,
    RemoteInvoice,
    RemoteMethod,
    RemotePrice,
    RemoteProduct,
    RemoteRefund,
    RemoteSubscription,
)
from billing.gateways.packing import packed, unpacked
from billing.gateways.paddle import PaddleGateway
from billing.models import GatewayEvent, GatewayObject
from billing.models.invoice import Invoice, Payment
from billing.services.gateways.reading import objects_read
from customers.models import Customer
from tests.billing.gateways import told_paddle as told
from tests.billing.gateways.hooks import SECRET, account_of, made, post, signed

GATEWAY = PaddleGateway(Access(key="", hooks=("old", SECRET)))


def heard(event: dict[str, Any] | bytes, **how: Any) -> Hint:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    now = dt.datetime.now(dt.UTC)
    return GATEWAY.hint(
        body, how.pop("headers", None) or signed("paddle", body, **how), now=now
    )


def remotes(kind: str, data: dict[str, Any]) -> list[Remote]:
    hint = heard(told.event(kind, data))
    rows = [one.remote for one in hint.carried]
    assert [unpacked(json.loads(json.dumps(packed(one)))) for one in rows] == rows
    return rows


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_a_hint() -> None:
    hint = heard(told.event("customer.updated", told.CUSTOMER))
    assert (hint.event_id, hint.type) == ("evt_1", "customer.updated")
    assert hint.about == ((ObjectKind.CUSTOMER, "ctm_nordwind"),)
    assert hint.happened_at == at("2026-06-01T10:00:12.000001Z")
    assert hint.sent_at is not None
    assert [one.version for one in hint.carried] == [1_780_308_012_000_001]


def test_customers_products_and_prices() -> None:
    assert remotes("customer.updated", told.CUSTOMER) == [
        RemoteCustomer(
            "ctm_nordwind", "Nordwind GmbH", "billing@nordwind.example", "",
            at("2026-02-01T09:30:00.5Z"), our_id="C-7",
        )
    ]  # fmt: skip
    [gone] = remotes("customer.updated", {**told.CUSTOMER, "status": "archived"})
    assert isinstance(gone, RemoteCustomer)
    assert gone.gone_at == at("2026-03-01T09:30:00Z")
    made_at = at("2026-01-05T08:00:00Z")
    assert remotes("product.created", told.PRODUCT) == [
        RemoteProduct("pro_routes", "Route planner", active=True, created_at=made_at)
    ]
    assert remotes("price.updated", told.PRICE) == [
        RemotePrice(
            "pri_seat", "pro_routes", "EUR", Decimal("12.50"), 1, active=True,
            created_at=made_at, nickname="Monthly seat",
        )
    ]  # fmt: skip
    [once] = remotes("price.created", told.ONCE)
    assert isinstance(once, RemotePrice)
    assert once.interval_months is None


def test_yen_have_no_cents() -> None:
    yen = {"amount": "1200", "currency_code": "JPY"}
    [price] = remotes("price.updated", {**told.PRICE, "unit_price": yen})
    assert isinstance(price, RemotePrice)
    assert price.amount == Decimal(1200)


def subscription(**fields: Any) -> RemoteSubscription:
    rows = remotes("subscription.updated", {**told.SUBSCRIPTION, **fields})
    assert isinstance(rows[-1], RemoteSubscription)
    return rows[-1]


def test_a_subscription_with_the_prices_it_shows() -> None:
    hint = heard(told.event("subscription.updated", told.SUBSCRIPTION))
    kinds = [(one.remote.kind, one.version == 1) for one in hint.carried]
    assert kinds == [
        ("product", True), ("price", True), ("product", True), ("price", True),
        ("subscription", False),
    ]  # fmt: skip
    row = subscription()
    assert (row.state, row.customer, row.currency) == ("active", "ctm_nordwind", "EUR")
    assert (row.mrr, row.list_mrr, row.quantity) == (Decimal(200), Decimal(200), 9)
    assert [(one.price, one.quantity, one.mrr) for one in row.items] == [
        ("pri_seat", 8, Decimal(100)), ("pri_year", 1, Decimal(100)),
    ]  # fmt: skip
    assert (row.interval_months, row.renews_at) == (1, at("2026-07-01T10:00:00Z"))
    assert (row.trial_until, row.ends_at, row.cancelled_at) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "state", "ends_at"),
    [
        ({"status": "past_due"}, "active", None),
        ({"status": "trialing"}, "trial", None),
        ({"status": "paused"}, "paused", None),
        (
            {"status": "canceled", "canceled_at": "2026-06-20T00:00:00Z"},
            "ended",
            "2026-06-20T00:00:00Z",
        ),
        (
            {
                "scheduled_change": {
                    "action": "cancel",
                    "effective_at": "2026-07-01T10:00:00Z",
                }
            },
            "active",
            "2026-07-01T10:00:00Z",
        ),
        (
            {
                "scheduled_change": {
                    "action": "pause",
                    "effective_at": "2026-07-01T10:00:00Z",
                }
            },
            "active",
            None,
        ),
    ],
)
def test_how_a_subscription_stands(
    fields: dict[str, Any], state: str, ends_at: str | None
) -> None:
    row = subscription(**fields)
    assert (row.state, row.ends_at) == (state, at(ends_at) if ends_at else None)
    assert (row.trial_until is not None) == (state == "trial")
    assert (row.cancelled_at is None) == (ends_at is None)


def test_an_invoice_that_could_not_be_collected() -> None:
    *shown, method, invoice = remotes("transaction.past_due", told.TRANSACTION)
    assert {one.kind for one in shown} == {ObjectKind.PRODUCT, ObjectKind.PRICE}
    assert method == RemoteMethod(
        "paymtd_1", "ctm_nordwind", MethodKind.CARD, "visa", "4242",
        dt.date(2027, 12, 31), at("2026-06-01T10:00:10Z"), is_default=True,
    )  # fmt: skip
    assert isinstance(invoice, RemoteInvoice)
    assert (invoice.number, invoice.state, invoice.collection) == (
        "325-10566", "open", Collection.CHARGE,
    )  # fmt: skip
    assert (invoice.total, invoice.tax, invoice.owing) == (
        Decimal(100), Decimal(19), Decimal(119),
    )  # fmt: skip
    assert sum(line.amount for line in invoice.lines) == invoice.total
    assert [line.recurring for line in invoice.lines] == [True, False]
    [failed] = invoice.payments
    assert (failed.external_id, failed.state, failed.decline_code) == (
        "try-1", "failed", "insufficient_funds",
    )  # fmt: skip
    assert (failed.amount, failed.method) == (Decimal(119), "paymtd_1")
    assert "M. Secret" not in str((method, invoice))


def test_an_invoice_that_was_paid_at_last() -> None:
    paid = {
        **told.TRANSACTION,
        "status": "completed",
        "payments": [told.PAID, told.FAILED],
    }
    invoice = remotes("transaction.completed", paid)[-1]
    assert isinstance(invoice, RemoteInvoice)
    assert (invoice.state, invoice.settled_at) == ("paid", at("2026-06-03T10:00:12Z"))
    assert [(one.external_id, one.state) for one in invoice.payments] == [
        ("txn_june", "succeeded"), ("try-1", "failed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "state"),
    [("draft", "draft"), ("ready", "draft"), ("billed", "open"), ("canceled", "void")],
)
def test_how_an_invoice_stands(status: str, state: str) -> None:
    manual = {"status": status, "collection_mode": "manual", "payments": []}
    invoice = remotes("transaction.updated", {**told.TRANSACTION, **manual})[-1]
    assert isinstance(invoice, RemoteInvoice)
    assert (invoice.state, invoice.collection) == (state, Collection.TRANSFER)


def test_money_that_went_back() -> None:
    [refund] = remotes("adjustment.updated", told.ADJUSTMENT)
    assert refund == RemoteRefund(
        "adj_1", "txn_june", Decimal("11.90"), "EUR", at("2026-06-10T08:00:00Z"),
        reason="goodwill",
    )  # fmt: skip
    [taken] = remotes("adjustment.updated", {**told.ADJUSTMENT, "action": "chargeback"})
    assert isinstance(taken, RemoteRefund)
    assert taken.chargeback
    for other in ({"status": "pending_approval"}, {"action": "credit"}):
        assert remotes("adjustment.updated", {**told.ADJUSTMENT, **other}) == []


def test_what_tells_us_nothing() -> None:
    assert remotes("address.created", {"id": "add_1"}) == []
    nobody = {**told.TRANSACTION, "customer_id": None}
    assert remotes("transaction.created", nobody) == []


# Forged, replayed, skewed, disordered


def test_forgeries() -> None:
    body = json.dumps(told.event("customer.updated", told.CUSTOMER)).encode()
    now = int(time.time())
    right = f"ts={now};h1={made(SECRET, f'{now}:'.encode() + body)}"
    forged = [
        "", "ts=;h1=", "h1=" + right.partition("h1=")[2], right.partition(";")[0],
        f"ts={now};h1={made('wrong', f'{now}:'.encode() + body)}",
        f"ts={now};h1={made('', f'{now}:'.encode() + body)}",
        f"ts={now};h1={made(SECRET, f'{now}.'.encode() + body)}",
        f"ts={now};h1={made(SECRET, body)}",
        right.replace(f"ts={now}", f"ts={now + 1}"), right[:-1], right.upper(),
        f"ts={now + 1};{right}", f"{right};ts={now + 1}", right.replace("h1", "h2"),
        f"ts=-{now};h1=x", "ts=1e9;h1=x", f"ts={'9' * 40};h1=x", "ts=٣;h1=x",
    ]  # fmt: skip
    for header in forged:
        with pytest.raises(UnableToTrust):
            heard(body, headers={"Paddle-Signature": header})
    for other in (body + b" ", body[:-1], b""):
        with pytest.raises(UnableToTrust):
            heard(other, headers={"Paddle-Signature": right})
    assert heard(body, headers={"Paddle-Signature": f"{right};h1=old"}).event_id


@pytest.mark.parametrize("ahead", [-301, 302])
def test_what_was_signed_too_far_away(ahead: int) -> None:
    event = told.event("customer.updated", told.CUSTOMER)
    with pytest.raises(UnableToTrustTime) as caught:
        heard(event, ahead=ahead)
    assert abs(caught.value.seconds - ahead) < 2
    assert heard(event, ahead=ahead * 0.9).event_id == "evt_1"


@pytest.mark.parametrize(
    "event",
    [
        told.event("customer.updated", {}),
        told.event("customer.updated", {**told.CUSTOMER, "id": "x" * 256}),
        told.event("customer.updated", {**told.CUSTOMER, "id": "a\0b"}),
        told.event("customer.updated", {**told.CUSTOMER, "created_at": "yesterday"}),
        told.event("transaction.updated", {**told.TRANSACTION, "items": {"a": 1}}),
        told.event("transaction.updated", {**told.TRANSACTION, "details": []}),
        told.event("price.updated", {**told.PRICE, "unit_price": {"amount": "1.5", "currency_code": "EUR"}}),
        told.event("customer.updated", told.CUSTOMER, ""),
        told.event("customer.updated", told.CUSTOMER, occurred_at=None),
    ],
)  # fmt: skip
def test_what_makes_no_sense(event: dict[str, Any]) -> None:
    with pytest.raises(UnableToRead):
        heard(event)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)]
)
def test_in_any_order_the_newest_counts(
    company: Company, order: tuple[int, ...]
) -> None:
    """Four events, every one told twice: the same end, each effect once."""
    paid = {
        **told.TRANSACTION,
        "status": "completed",
        "payments": [told.PAID, told.FAILED],
    }
    paid["details"] = {**told.TRANSACTION["details"]}
    paid["details"]["totals"] = {**paid["details"]["totals"], "balance": "0"}
    events = [
        told.event("customer.created", told.CUSTOMER, "e1", occurred_at="2026-02-01T10:00:00Z"),
        told.event("subscription.created", told.SUBSCRIPTION, "e2", occurred_at="2026-02-01T10:00:01Z"),
        told.event("transaction.past_due", told.TRANSACTION, "e3", occurred_at="2026-06-01T10:00:12Z"),
        told.event("transaction.completed", paid, "e4", occurred_at="2026-06-03T10:00:13Z"),
    ]  # fmt: skip
    account = account_of("paddle")
    for place in (*order, *order):
        assert post(account, events[place]).status_code == 200
    for _turn in range(4):
        objects_read(now=timezone.now())
        GatewayObject.objects.update(due_at=None)
    troubles = GatewayObject.objects.exclude(trouble="")
    assert list(troubles.values_list("kind", "trouble")) == []
    invoice = Invoice.objects.get()
    assert (invoice.external_id, invoice.total) == ("txn_june", Decimal(100))
    good = Payment.objects.filter(state="succeeded")
    assert [one.amount for one in good] == [Decimal(119)]
    assert Customer.objects.get().name == "Nordwind GmbH"
    assert GatewayEvent.objects.count() == 4
    assert set(GatewayEvent.objects.values_list("copies", flat=True)) == {1}
    assert not GatewayObject.objects.exclude(carried=None).exists()
