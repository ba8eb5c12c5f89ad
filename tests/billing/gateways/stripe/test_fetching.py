"""What stands at Stripe, read by the real library and put into our words."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing.enums import Collection, MethodKind, ObjectKind
from billing.gateways.base import UnableToReachGateway, UnableToUseGateway
from billing.gateways.objects import (
    RemoteCustomer,
    RemoteInvoice,
    RemoteMethod,
    RemotePayment,
    RemotePrice,
    RemoteSubscription,
)
from billing.gateways.stripe import StripeGateway
from tests.gateway import Fake

BEGAN = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
EURO = Decimal("1.00")


def fetched(gateway: StripeGateway, kind: ObjectKind, name: str) -> Any:
    return gateway.fetch(kind, name)


@pytest.mark.parametrize("kind", list(ObjectKind))
def test_what_is_not_there_is_none(gateway: StripeGateway, kind: ObjectKind) -> None:
    assert gateway.fetch(kind, "none_1") is None
    if kind == ObjectKind.PAYMENT:
        assert gateway.fetch(kind, "pi_none") is None
    if kind == ObjectKind.REFUND:
        assert gateway.fetch(kind, "dp_none") is None


def test_a_customer_with_a_card(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer(our_id="C-7", fates=(), at=BEGAN)
    card = fake.method(customer, "succeeds", expires="2028-02", at=BEGAN)
    assert fetched(gateway, ObjectKind.CUSTOMER, customer) == RemoteCustomer(
        external_id=customer,
        name="Nordwind GmbH",
        email="billing@nordwind.example",
        country="DE",
        created_at=BEGAN,
        our_id="C-7",
        default_method=card,
    )
    assert fetched(gateway, ObjectKind.METHOD, card) == RemoteMethod(
        external_id=card,
        customer=customer,
        method=MethodKind.CARD,
        brand="visa",
        last4="4242",
        expires_on=dt.date(2028, 2, 29),
        added_at=BEGAN,
        is_default=True,
    )
    newer = fake.new_card(customer)
    assert not fetched(gateway, ObjectKind.METHOD, card).is_default
    assert fetched(gateway, ObjectKind.METHOD, newer).is_default


def test_a_direct_debit_shows_its_last_four(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer(fates=())
    debit = fake.method(customer, type="sepa_debit", last4="3000")
    found = fetched(gateway, ObjectKind.METHOD, debit)
    assert (found.method, found.last4, found.expires_on) == (
        MethodKind.DIRECT_DEBIT,
        "3000",
        None,
    )


def test_what_was_deleted_or_taken_off_is_gone(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer = fake.customer(fates=())
    card = fake.method(customer)
    gateway._client.v1.payment_methods.detach(card)
    gateway._client.v1.customers.delete(customer)
    assert fetched(gateway, ObjectKind.METHOD, card) is None
    assert fetched(gateway, ObjectKind.CUSTOMER, customer) is None


def test_a_price_and_a_subscription(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer(at=BEGAN)
    product = fake.product("Route planner", at=BEGAN)
    price = fake.price(product, amount=58800, months=12, at=BEGAN)
    subscription = fake.subscription(customer, price, quantity=3, at=BEGAN)
    assert fetched(gateway, ObjectKind.PRODUCT, product).name == "Route planner"
    assert fetched(gateway, ObjectKind.PRICE, price) == RemotePrice(
        external_id=price,
        product=product,
        currency="EUR",
        amount=588 * EURO,
        interval_months=12,
        active=True,
        created_at=BEGAN,
    )
    found = fetched(gateway, ObjectKind.SUBSCRIPTION, subscription)
    assert isinstance(found, RemoteSubscription)
    assert (found.state, found.mrr, found.list_mrr) == (
        "active",
        147 * EURO,
        147 * EURO,
    )
    assert (found.interval_months, found.quantity, found.started_at) == (12, 3, BEGAN)
    assert found.renews_at == BEGAN.replace(year=2027)
    assert [item.price for item in found.items] == [price]
    gateway.subscription_pause(subscription=subscription, key="p")
    assert fetched(gateway, ObjectKind.SUBSCRIPTION, subscription).state == "paused"
    gateway.subscription_end(subscription=subscription, key="e")
    ended = fetched(gateway, ObjectKind.SUBSCRIPTION, subscription)
    # We ended it because nothing was paid, and know that again.
    assert (ended.state, ended.failed, ended.renews_at) == ("ended", True, None)
    assert ended.ends_at is not None


def test_a_subscription_that_the_gateway_gave_up(
    fake: Fake, gateway: StripeGateway
) -> None:
    subscription = fake.subscription(fake.customer(), fake.price())
    fake.gives_up(subscription)
    assert fetched(gateway, ObjectKind.SUBSCRIPTION, subscription).failed


def test_an_invoice_with_every_try(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer(fates=())
    card = fake.method(customer, "succeeds")
    price = fake.price(amount=4900)
    subscription = fake.subscription(customer, price, at=BEGAN)
    invoice = fake.invoice(
        customer,
        subscription=subscription,
        tax_percent=19,
        number="NW-0042",
        tries=("insufficient_funds", "generic_decline"),
        at=BEGAN,
    )
    found = fetched(gateway, ObjectKind.INVOICE, invoice)
    assert isinstance(found, RemoteInvoice)
    assert (found.total, found.tax, found.owing) == (
        49 * EURO,
        Decimal("9.31"),
        Decimal("58.31"),
    )
    assert (found.number, found.customer, found.subscription) == (
        "NW-0042",
        customer,
        subscription,
    )
    assert (found.state, found.collection, found.currency) == (
        "open",
        Collection.CHARGE,
        "EUR",
    )
    assert found.issued_at == BEGAN
    (line,) = found.lines
    assert (line.amount, line.tax, line.recurring, line.price) == (
        49 * EURO,
        Decimal("9.31"),
        True,
        price,
    )
    assert (line.begins_on, line.ends_on) == (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    codes = sorted(try_.decline_code for try_ in found.payments)
    assert codes == ["generic_decline", "insufficient_funds"]
    assert {try_.state for try_ in found.payments} == {"failed"}
    gateway.charge(
        invoice=invoice, method=card, amount=EURO, currency="EUR", key="key-1"
    )
    paid = fetched(gateway, ObjectKind.INVOICE, invoice)
    assert (paid.state, paid.owing) == ("paid", 0)
    assert paid.settled_at is not None
    (came_in,) = [one for one in paid.payments if one.state == "succeeded"]
    assert (came_in.amount, came_in.method, came_in.invoice) == (
        Decimal("58.31"),
        card,
        invoice,
    )
    assert fetched(gateway, ObjectKind.PAYMENT, came_in.external_id) == came_in


def test_a_payment_that_waits_for_the_customer(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer = fake.customer(fates=())
    card = fake.method(customer, "authentication_required")
    invoice = fake.invoice(customer)
    answer = gateway.charge(
        invoice=invoice, method=card, amount=EURO, currency="EUR", key="key-1"
    )
    found = fetched(gateway, ObjectKind.PAYMENT, answer.payment)
    assert isinstance(found, RemotePayment)
    assert (found.state, found.invoice, found.external_id) == (
        "needs_action",
        invoice,
        answer.payment,
    )
    assert found.action_url == answer.action_url
    assert found in fetched(gateway, ObjectKind.INVOICE, invoice).payments


def test_what_went_back_stands_with_its_payment(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer = fake.customer()
    invoice = fake.invoice(customer)
    fake.pays(invoice)
    (moved,) = fake.ledger()
    v1 = gateway._client.v1
    refund = v1.refunds.create({"charge": moved["charge"], "amount": 900})
    dispute = fake.disputes(moved["charge"])
    payment = fetched(gateway, ObjectKind.PAYMENT, moved["charge"])
    told = {one.external_id: (one.amount, one.chargeback) for one in payment.refunds}
    assert told[refund.id] == (9 * EURO, False)
    assert told[dispute][1] is True
    assert fetched(gateway, ObjectKind.REFUND, refund.id) in payment.refunds
    assert fetched(gateway, ObjectKind.REFUND, dispute) in payment.refunds
    fake.act("dispute_close", dispute=dispute, won=True)
    assert fetched(gateway, ObjectKind.REFUND, dispute) is None


def test_a_credit_note_is_a_credit(fake: Fake, gateway: StripeGateway) -> None:
    invoice = fake.invoice(fake.customer(), amount=10_000, tax_percent=20)
    note = gateway._client.v1.credit_notes.create({"invoice": invoice, "amount": 6000})
    found = fetched(gateway, ObjectKind.INVOICE, invoice)
    ((number, amount, _when),) = found.credits
    assert (number, amount) == (note.id, 50 * EURO)
    assert found.owing == 60 * EURO


def test_trouble_while_reading_is_told_as_what_it_is(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer = fake.customer()
    fake.faults(where="^GET ", script=["lose_before", "error_before", "limit"])
    for _number in range(3):
        with pytest.raises(UnableToReachGateway):
            gateway.fetch(ObjectKind.CUSTOMER, customer)
    fake.faults()
    fake.settings(keys=["sk_test_other"])
    with pytest.raises(UnableToUseGateway):
        gateway.fetch(ObjectKind.CUSTOMER, customer)


def test_everything_is_listed_page_by_page(fake: Fake, gateway: StripeGateway) -> None:
    rows = [
        {"kind": "customer", "name": f"C{number}", "email": "a@b.example"}
        for number in range(101)
    ]
    fake.make_all(rows)
    first = gateway.listed(ObjectKind.CUSTOMER)
    second = gateway.listed(ObjectKind.CUSTOMER, after=first.cursor)
    assert (len(first.rows), len(second.rows), second.cursor) == (100, 1, "")
    names = {row.external_id for row in (*first.rows, *second.rows)}
    assert len(names) == 101


def test_every_kind_can_be_listed(fake: Fake, gateway: StripeGateway) -> None:
    customer = fake.customer()
    subscription = fake.subscription(customer, fake.price(), billed=True)
    (moved,) = fake.ledger()
    gateway._client.v1.refunds.create({"charge": moved["charge"], "amount": 900})
    fake.disputes(moved["charge"])
    for kind in set(ObjectKind) - {ObjectKind.REFUND}:
        page = gateway.listed(kind)
        assert (kind, len(page.rows), page.cursor, page.failed) == (kind, 1, "", ())
        (row,) = page.rows
        assert row.kind == kind
    (payment,) = gateway.listed(ObjectKind.PAYMENT).rows
    assert payment == gateway.fetch(ObjectKind.PAYMENT, moved["charge"])
    page = gateway.listed(ObjectKind.REFUND)
    assert [row.chargeback for row in page.rows] == [False]
    page = gateway.listed(ObjectKind.REFUND, after=page.cursor)
    assert [row.chargeback for row in page.rows] == [True]
    assert page.cursor == ""
    assert gateway.listed(ObjectKind.SUBSCRIPTION).rows[0].external_id == subscription


def test_events_are_listed_as_hints(fake: Fake, gateway: StripeGateway) -> None:
    began = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    invoice = fake.invoice(fake.customer())
    fake.pays(invoice)
    listed = gateway.events(since=began)
    heard = [
        gateway.hint(one.body, one.headers, now=dt.datetime.now(dt.UTC))
        for one in fake.signed()
    ]
    found = {hint.event_id: hint.about for hint in listed.rows}
    assert found == {hint.event_id: hint.about for hint in heard}
    assert gateway.events(since=began + dt.timedelta(hours=2)).rows == ()
