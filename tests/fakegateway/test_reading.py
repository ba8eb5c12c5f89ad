"""Reading through Stripe's library: pages, expanding, filters, and what objects say."""

import datetime as dt

import pytest
import stripe

from tests.gateway import Fake

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def test_pages_are_complete_and_the_newest_first(
    fake: Fake, client: stripe.StripeClient
) -> None:
    made = [
        fake.customer(f"C{n}", fates=(), at=NOON + dt.timedelta(hours=n))
        for n in range(7)
    ]
    page = client.v1.customers.list({"limit": 3})
    assert [row.id for row in page.data] == made[:3:-1]
    assert page.has_more is True
    assert [row.id for row in page.auto_paging_iter()] == made[::-1]
    since = int((NOON + dt.timedelta(hours=4)).timestamp())
    late = client.v1.customers.list({"created": {"gte": since}, "limit": 2})
    assert [row.id for row in late.auto_paging_iter()] == made[:3:-1]
    before = client.v1.customers.list({"limit": 2, "ending_before": made[0]})
    assert [row.id for row in before.data] == [made[2], made[1]]


@pytest.mark.parametrize(
    "params",
    [{"limit": 101}, {"starting_after": "cus_nobody"}, {"colour": "red"}],
)
def test_a_list_that_cannot_be(
    client: stripe.StripeClient, params: dict[str, str]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.list(params)  # type: ignore[arg-type]


def test_what_is_not_there_is_a_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.retrieve("in_nothing")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_expanding_reaches_four_levels_and_not_five(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer()
    invoice = fake.invoice(customer)
    plain = client.v1.invoices.retrieve(invoice)
    assert plain.customer == customer
    assert "payments" not in plain
    client.v1.invoices.pay(invoice)
    path = "payments.data.payment.payment_intent"
    read = client.v1.invoices.retrieve(invoice, {"expand": ["customer", path]})
    assert read.customer.name == "Nordwind GmbH"
    intent = read.payments.data[0].payment.payment_intent
    assert (intent.status, intent.latest_charge[:3]) == ("succeeded", "ch_")
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.v1.invoices.retrieve(invoice, {"expand": [f"{path}.latest_charge"]})
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.v1.invoices.list({"expand": [f"data.{path}"]})
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.invoices.retrieve(invoice, {"expand": ["colour"]})
    (listed,) = client.v1.invoices.list({"expand": ["data.customer"]}).data
    assert listed.customer.id == customer


def test_an_invoice_of_a_subscription(fake: Fake, client: stripe.StripeClient) -> None:
    fake.clock(now=NOON)
    customer, price = fake.customer(), fake.price(amount=2500)
    coupon = client.v1.coupons.create({"percent_off": 20, "duration": "forever"})
    made = client.v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": price, "quantity": 3}],
            "discounts": [{"coupon": coupon.id}],
        }
    )
    assert made.status == "active"
    item = made["items"].data[0]
    assert item.price.recurring.interval == "month"
    assert item.current_period_end == int(NOON.replace(month=4).timestamp())
    (invoice,) = client.v1.invoices.list({"subscription": made.id}).data
    details = invoice.parent.subscription_details
    assert (details.subscription, invoice.status) == (made.id, "paid")
    assert (invoice.subtotal, invoice.total_excluding_tax, invoice.total) == (
        7500,
        6000,
        6000,
    )
    (line,) = invoice.lines.data
    assert line.pricing.price_details.price == price
    assert (line.amount, line.discount_amounts[0].amount) == (7500, 1500)
    expand = ["discounts", "discounts.source.coupon"]
    read = client.v1.subscriptions.retrieve(made.id, {"expand": expand})
    assert read.discounts[0].source.coupon.percent_off == 20
    assert read.latest_invoice == invoice.id


def test_taxes_stand_beside_the_net_amount(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer(), amount=9999, tax_percent=19)
    read = client.v1.invoices.retrieve(invoice)
    assert (read.total_excluding_tax, read.total, read.amount_due) == (
        9999,
        11899,
        11899,
    )
    assert [tax.amount for tax in read.total_taxes] == [1900]
    assert read.hosted_invoice_url == f"{fake.address}/i/{invoice}"


def test_of_many_lines_ten_come_along(fake: Fake, client: stripe.StripeClient) -> None:
    lines = [{"amount": 100 + n, "description": f"Stop {n}"} for n in range(23)]
    invoice = client.v1.invoices.retrieve(fake.invoice(fake.customer(), lines=lines))
    assert (len(invoice.lines.data), invoice.lines.has_more) == (10, True)
    assert invoice.total == sum(line["amount"] for line in lines)  # type: ignore[misc]
    pages = client.v1.invoices.line_items.list(invoice.id, {"limit": 9})
    told = [line.description for line in pages.auto_paging_iter()]
    assert told == [line["description"] for line in lines]


def test_a_payment_is_found_by_its_intent(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer())
    fake.invoice(fake.customer())
    fake.pays(invoice)
    intent = fake.ledger()[0]["payment_intent"]
    (found,) = client.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent}}
    ).data
    assert (found.invoice, found.status) == (invoice, "paid")


def test_a_subscription_is_paused_resumed_and_ended(
    fake: Fake, client: stripe.StripeClient
) -> None:
    name = fake.subscription(fake.customer(), fake.price())
    subs = client.v1.subscriptions
    paused = subs.update(name, {"pause_collection": {"behavior": "keep_as_draft"}})
    assert paused.pause_collection.behavior == "keep_as_draft"
    assert subs.update(name, {"pause_collection": ""}).pause_collection is None
    booked = subs.update(name, {"cancel_at_period_end": True})
    assert booked.cancel_at == booked["items"].data[0].current_period_end
    ended = subs.cancel(name)
    assert (ended.status, ended.ended_at is not None) == ("canceled", True)
    with pytest.raises(stripe.InvalidRequestError):
        subs.cancel(name)
    assert subs.list().data == []
    assert [row.id for row in subs.list({"status": "all"}).data] == [name]


def test_methods_and_the_default(fake: Fake, client: stripe.StripeClient) -> None:
    customer = fake.customer(fates=())
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    settings = {"invoice_settings": {"default_payment_method": card.id}}
    client.v1.customers.update(customer, settings)
    read = client.v1.customers.retrieve(
        customer, {"expand": ["invoice_settings.default_payment_method"]}
    )
    assert read.invoice_settings.default_payment_method.card.last4 == "4242"
    token = {"type": "card", "card": {"token": "tok_chargeDeclinedExpiredCard"}}
    other = client.v1.payment_methods.create(token)
    with pytest.raises(stripe.InvalidRequestError, match="does not have"):
        client.v1.customers.update(
            customer, {"invoice_settings": {"default_payment_method": other.id}}
        )
    client.v1.payment_methods.detach(card.id)
    assert client.v1.payment_methods.list({"customer": customer}).data == []
    number = {"type": "card", "card": {"number": "4242" * 4}}
    with pytest.raises(stripe.InvalidRequestError, match="not taken here"):
        client.v1.payment_methods.create(number)


def test_money_goes_back(fake: Fake, client: stripe.StripeClient) -> None:
    invoice = fake.invoice(fake.customer(), amount=5000)
    client.v1.invoices.pay(invoice)
    charge = fake.ledger()[0]["charge"]
    client.v1.refunds.create({"charge": charge, "amount": 2000})
    with pytest.raises(stripe.InvalidRequestError, match="greater"):
        client.v1.refunds.create({"charge": charge, "amount": 3001})
    note = client.v1.credit_notes.create({"invoice": invoice, "amount": 1000})
    assert (note.type, note.post_payment_amount) == ("post_payment", 1000)
    dispute = fake.disputes(charge)
    read = client.v1.charges.retrieve(charge, {"expand": ["refunds"]})
    assert [row.amount for row in read.refunds.data] == [2000]
    assert (read.amount_refunded, read.disputed) == (2000, True)
    assert client.v1.disputes.retrieve(dispute).amount == 3000
    moved = [(row["kind"], row["amount"]) for row in fake.ledger()]
    assert moved == [("charge", 5000), ("refund", -2000), ("dispute", -3000)]


def test_less_is_owed_after_a_credit_note(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer(), amount=5000)
    client.v1.credit_notes.create({"invoice": invoice, "amount": 1000})
    read = client.v1.invoices.retrieve(invoice)
    assert (read.amount_due, read.amount_remaining, read.status) == (4000, 4000, "open")
    client.v1.credit_notes.create({"invoice": invoice, "amount": 4000})
    assert client.v1.invoices.retrieve(invoice).status == "paid"
    assert fake.ledger() == []
