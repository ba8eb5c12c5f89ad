"""Chargebee's webhooks: trusted by a password, ordered by the version of each part."""

import base64
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Company
from billing.enums import Collection, MethodKind, ObjectKind
from billing.gateways.base import Access, UnableToRead, UnableToTrust
from billing.gateways.chargebee import ChargebeeGateway
from billing.gateways.objects import (
    Hint,
    Remote,
    RemoteCustomer,
    RemoteInvoice,
    RemoteMethod,
    RemotePayment,
    RemotePrice,
    RemoteProduct,
    RemoteRefund,
    RemoteSubscription,
)
from billing.gateways.packing import packed, unpacked
from billing.models import GatewayObject
from billing.models.invoice import Invoice, Payment
from billing.services.gateways.reading import objects_read
from customers.models import Customer
from tests.billing.gateways import told_chargebee as told
from tests.billing.gateways.hooks import PASSWORD, account_of, post, signed

GATEWAY = ChargebeeGateway(Access(key="", hooks=("old:word", PASSWORD)))
NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
JUNE = dt.datetime.fromtimestamp(told.JUNE, dt.UTC)
JULY = dt.datetime.fromtimestamp(told.JULY, dt.UTC)


def heard(event: dict[str, Any], headers: dict[str, str] | None = None) -> Hint:
    body = json.dumps(event).encode()
    given = signed("chargebee", body) if headers is None else headers
    return GATEWAY.hint(body, given, now=NOW)


def remotes(**content: Any) -> list[Remote]:
    rows = [one.remote for one in heard(told.event("x", **content)).carried]
    assert [unpacked(json.loads(json.dumps(packed(one)))) for one in rows] == rows
    return rows


def test_a_hint_with_the_version_of_each_part() -> None:
    hint = heard(
        told.event(
            "payment_failed", customer=told.CUSTOMER, subscription=told.SUBSCRIPTION,
            invoice=told.INVOICE, transaction=told.FAILED,
        )
    )  # fmt: skip
    assert (hint.event_id, hint.type, hint.live) == ("ev_1", "payment_failed", None)
    assert [(k, n, one.version) for (k, n), one in zip(hint.about, hint.carried, strict=True)] == [
        (ObjectKind.CUSTOMER, "nordwind", told.JUNE * 1000),
        # Shown by the subscription only, so anything newer counts more.
        (ObjectKind.PRODUCT, "seat-EUR-monthly", 1),
        (ObjectKind.PRICE, "seat-EUR-monthly", 1),
        (ObjectKind.SUBSCRIPTION, "sub_1", told.JUNE * 1000 + 5),
        (ObjectKind.INVOICE, "1043", told.JUNE * 1000 + 10),
        (ObjectKind.PAYMENT, "txn_1:1043", told.JUNE * 1000 + 20),
    ]  # fmt: skip


def test_customers_and_what_they_pay_with() -> None:
    customer, method = remotes(customer=told.CUSTOMER, payment_source=told.SOURCE)
    assert customer == RemoteCustomer(
        "nordwind", "Nordwind GmbH", "billing@nordwind.example", "DE", JUNE,
        our_id="C-7", default_method="pm_1",
    )  # fmt: skip
    assert method == RemoteMethod(
        "pm_1", "nordwind", MethodKind.CARD, "visa", "4242", dt.date(2028, 2, 29), JUNE,
        is_default=True,
    )  # fmt: skip
    # The same by its older name, and once only where both are told.
    assert remotes(customer=told.CUSTOMER, card=told.CARD)[1] == method
    both = {"payment_source": told.SOURCE, "card": told.CARD}
    assert remotes(customer=told.CUSTOMER, **both) == [customer, method]
    assert "424242" not in str((customer, method))
    gone, lost = remotes(
        customer={**told.CUSTOMER, "deleted": True},
        payment_source={**told.SOURCE, "deleted": True},
    )
    assert isinstance(gone, RemoteCustomer)
    assert isinstance(lost, RemoteMethod)
    assert (gone.gone_at, lost.gone_at) == (JUNE, JUNE)


def test_both_catalogues() -> None:
    product, price = remotes(item=told.ITEM, item_price=told.ITEM_PRICE)
    assert product == RemoteProduct("seat", "Seat", active=True, created_at=JUNE)
    assert price == RemotePrice(
        "seat-EUR-monthly", "seat", "EUR", Decimal("12.50"), 1, active=True,
        created_at=JUNE, nickname="Seat, monthly",
    )  # fmt: skip
    plan = {
        **told.ITEM_PRICE,
        "id": "gold",
        "period_unit": "year",
        "status": "archived",
    }
    product, price = remotes(plan=plan)
    assert (product.external_id, price.external_id) == ("gold", "gold")
    assert isinstance(price, RemotePrice)
    assert (price.product, price.interval_months, price.active) == ("gold", 12, False)
    once = {**told.ITEM_PRICE, "id": "setup", "charge_type": "non_recurring"}
    [_product, price] = remotes(addon=once)
    assert isinstance(price, RemotePrice)
    assert price.interval_months is None


def subscription(**fields: Any) -> RemoteSubscription:
    row = remotes(subscription={**told.SUBSCRIPTION, **fields})[-1]
    assert isinstance(row, RemoteSubscription)
    return row


def test_a_subscription_net_of_its_discount() -> None:
    row = subscription()
    assert (row.mrr, row.list_mrr, row.quantity) == (Decimal(90), Decimal(100), 8)
    [item] = row.items  # What was charged once is none.
    assert (item.price, item.mrr, item.list_mrr) == (
        "seat-EUR-monthly", Decimal(90), Decimal(100),
    )  # fmt: skip
    assert (row.started_at, row.renews_at, row.ends_at) == (JUNE, JULY, None)
    assert (row.state, row.default_method, row.failed) == ("active", "pm_1", False)


def test_a_subscription_of_the_older_catalogue() -> None:
    old = {name: told.SUBSCRIPTION[name] for name in told.SUBSCRIPTION}
    del old["subscription_items"], old["mrr"]
    old |= {
        "plan_id": "gold", "plan_quantity": 2, "plan_unit_price": 120_000,
        "billing_period_unit": "year",
        "addons": [{"id": "support", "quantity": 1, "unit_price": 60_000}],
    }  # fmt: skip
    rows = remotes(subscription=old)
    row = rows[-1]
    assert isinstance(row, RemoteSubscription)
    assert (row.mrr, row.list_mrr, row.interval_months) == (
        Decimal(250),
        Decimal(250),
        12,
    )
    assert [(one.price, one.mrr) for one in row.items] == [
        ("gold", Decimal(200)), ("support", Decimal(50)),
    ]  # fmt: skip
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("fields", "state", "ends_at", "failed"),
    [
        ({"status": "in_trial", "trial_end": told.JULY}, "trial", None, False),
        ({"status": "paused"}, "paused", None, False),
        ({"status": "future"}, "active", None, False),
        ({"status": "non_renewing", "cancelled_at": told.JULY}, "active", JULY, False),
        (
            {"status": "cancelled", "cancelled_at": told.JULY, "cancel_reason": "not_paid"},
            "ended", JULY, True,
        ),
        (
            {"status": "cancelled", "cancelled_at": told.JULY, "mrr": 0,
             "cancel_schedule_created_at": told.JUNE},
            "ended", JULY, False,
        ),
    ],
)  # fmt: skip
def test_how_a_subscription_stands(
    fields: dict[str, Any], state: str, ends_at: dt.datetime | None, failed: bool
) -> None:
    row = subscription(**fields)
    assert (row.state, row.ends_at, row.failed) == (state, ends_at, failed)
    decided = JUNE if "cancel_schedule_created_at" in fields else ends_at
    assert row.cancelled_at == decided
    assert (row.trial_until is not None) == (state == "trial")


def invoice(**fields: Any) -> RemoteInvoice:
    row = remotes(invoice={**told.INVOICE, **fields})[-1]
    assert isinstance(row, RemoteInvoice)
    return row


def test_an_invoice() -> None:
    row = invoice()
    assert (row.number, row.state, row.collection) == (
        "1043",
        "open",
        Collection.CHARGE,
    )
    assert (row.total, row.tax, row.owing) == (
        Decimal(90),
        Decimal("17.1"),
        Decimal("107.1"),
    )
    [line] = row.lines
    assert (line.amount, line.tax, line.recurring) == (
        Decimal(90),
        Decimal("17.1"),
        True,
    )
    assert (line.begins_on, line.ends_on) == (JUNE.date(), JULY.date())
    included = [
        {**told.INVOICE["line_items"][0], "amount": 11_900, "discount_amount": 1_190}
    ]
    row = invoice(price_type="tax_inclusive", line_items=included)
    assert row.lines[0].amount == Decimal(90)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "pending"}, "draft"),
        ({"status": "posted"}, "open"),
        ({"status": "not_paid"}, "open"),
        ({"status": "voided", "voided_at": told.JULY}, "void"),
        ({"status": "paid", "write_off_amount": 10710, "amount_due": 0}, "written_off"),
        ({"status": "not_paid", "write_off_amount": 100, "amount_due": 10610}, "open"),
    ],
)
def test_how_an_invoice_stands(fields: dict[str, Any], state: str) -> None:
    assert invoice(**fields).state == state


def test_who_collects() -> None:
    by_hand = {**told.CUSTOMER, "auto_collection": "off"}
    row = remotes(customer=by_hand, invoice=told.INVOICE)[-1]
    assert isinstance(row, RemoteInvoice)
    assert row.collection == Collection.TRANSFER
    assert invoice(net_term_days=30).collection == Collection.TRANSFER


def test_credits_without_their_tax() -> None:
    note = {
        "cn_id": "CN-1",
        "cn_total": 1071,
        "cn_status": "adjusted",
        "cn_date": told.JULY,
    }
    gone = {**note, "cn_id": "CN-2", "cn_status": "voided"}
    row = invoice(adjustment_credit_notes=[note], issued_credit_notes=[gone])
    assert row.credits == (("CN-1", Decimal("9.00"), JULY),)


def test_tries_and_money_that_went_back() -> None:
    [_invoice, failed] = remotes(invoice=told.INVOICE, transaction=told.FAILED)
    assert isinstance(failed, RemotePayment)
    assert (failed.external_id, failed.invoice, failed.state) == (
        "txn_1:1043",
        "1043",
        "failed",
    )
    assert (failed.decline_code, failed.amount) == (
        "insufficient_funds",
        Decimal("107.1"),
    )
    paid, payment = remotes(invoice=told.PAID, transaction=told.PAYMENT)
    assert isinstance(paid, RemoteInvoice)
    assert isinstance(payment, RemotePayment)
    # The invoice and the transaction tell of one payment, by one name.
    assert (
        [one.external_id for one in paid.payments]
        == [payment.external_id]
        == ["txn_2:1043"]
    )
    [_paid, back] = remotes(invoice=told.PAID, transaction=told.REFUND)
    assert back == RemoteRefund(
        "txn_3", "txn_2:1043", Decimal("10.71"), "EUR",
        dt.datetime.fromtimestamp(told.JUNE + 95_000, dt.UTC),
    )  # fmt: skip
    many = [{"invoice_id": n, "applied_amount": 500} for n in ("a", "b")]
    [a, b] = remotes(transaction={**told.PAYMENT, "linked_invoices": many})
    assert (a.external_id, b.external_id) == ("txn_2:a", "txn_2:b")
    for other in ({"status": "voided"}, {"type": "authorization"}, {"deleted": True}):
        assert remotes(transaction={**told.PAYMENT, **other}) == []


# Forged, replayed, disordered


@pytest.mark.parametrize(
    "word",
    [
        "", "Basic", "Basic ", "Basic !!!", f"Bearer {PASSWORD}", PASSWORD,
        *(
            f"Basic {base64.b64encode(word.encode()).decode()}"
            for word in ("", ":", "keepwell:", "keepwell:correct hors", PASSWORD + " ",
                         PASSWORD.upper(), "old:")
        ),
        f"Basic {base64.b64encode(PASSWORD.encode()).decode()}AAAA",
    ],
)  # fmt: skip
def test_forgeries(word: str) -> None:
    event = told.event("customer_changed", customer=told.CUSTOMER)
    with pytest.raises(UnableToTrust):
        heard(event, {"Authorization": word})
    assert heard(event).event_id == "ev_1"
    assert heard(event, signed("chargebee", b"", secret="old:word")).event_id == "ev_1"


def test_without_a_password_nobody_comes_in() -> None:
    empty = ChargebeeGateway(Access(key="", hooks=("",)))
    with pytest.raises(UnableToTrust):
        empty.hint(b"{}", {"Authorization": "Basic "}, now=NOW)


@pytest.mark.parametrize(
    "event",
    [
        {"id": "ev_1"},
        told.event("x", customer={"id": ""}),
        told.event("x", customer={**told.CUSTOMER, "created_at": "soon"}),
        told.event("x", customer={**told.CUSTOMER, "created_at": 10**18}),
        told.event("x", customer=[]),  # type: ignore[arg-type]
        told.event("x", invoice={**told.INVOICE, "total": 1.5}),
        told.event("x", invoice={**told.INVOICE, "line_items": 1}),
    ],
)
def test_what_makes_no_sense(event: dict[str, Any]) -> None:
    with pytest.raises(UnableToRead):
        heard(event)


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_in_any_order_the_newest_counts(
    company: Company, order: tuple[int, ...]
) -> None:
    """Three events, every one told twice: the same end, each effect once."""
    people = {"customer": told.CUSTOMER, "subscription": told.SUBSCRIPTION}
    events = [
        told.event("subscription_created", "e1", **people),
        told.event("payment_failed", "e2", **people, invoice=told.INVOICE, transaction=told.FAILED),
        told.event("payment_succeeded", "e3", **people, invoice=told.PAID, transaction=told.PAYMENT),
    ]  # fmt: skip
    account = account_of("chargebee")
    for place in (*order, *order):
        assert post(account, events[place]).status_code == 200
    for _turn in range(4):
        objects_read(now=timezone.now())
        GatewayObject.objects.update(due_at=None)
    troubles = GatewayObject.objects.exclude(trouble="")
    assert list(troubles.values_list("kind", "trouble")) == []
    assert Customer.objects.get().name == "Nordwind GmbH"
    row = Invoice.objects.get()
    assert (row.external_id, row.total) == ("1043", Decimal(90))
    good = Payment.objects.filter(state="succeeded")
    assert [one.amount for one in good] == [Decimal("107.1")]
