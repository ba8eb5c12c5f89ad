"""Making and changing what stands there through Stripe's library, and by control."""

import datetime as dt
import http.client
import json

import pytest
import stripe

from fakegateway.journal import Journal
from tests.gateway import Fake

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def refused(fake: Fake, path: str, told: dict[str, object]) -> str:
    with pytest.raises(AssertionError) as caught:
        fake.ask("POST", path, told)
    return str(caught.value)


def test_customers(fake: Fake, client: stripe.StripeClient) -> None:
    made = client.v1.customers.create(
        {
            "name": "Weser AG",
            "email": "pay@weser.example",
            "address": {"country": "DE"},
            "metadata": {"keepwell_id": "C1", "colour": "red"},
            "payment_method": "pm_card_mastercard",
        }
    )
    (method,) = client.v1.payment_methods.list({"customer": made.id}).data
    assert method.card.brand == "mastercard"
    changed = client.v1.customers.update(
        made.id,
        {
            "name": "Weser SE",
            "address": {"country": "NL"},
            "metadata": {"colour": ""},
            "invoice_settings": {"default_payment_method": method.id},
        },
    )
    assert (changed.name, changed.address.country) == ("Weser SE", "NL")
    assert changed.metadata.to_dict() == {"keepwell_id": "C1"}
    client.v1.payment_methods.detach(method.id)
    left = client.v1.customers.retrieve(made.id)
    assert left.invoice_settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        client.v1.payment_methods.detach(method.id)
    assert client.v1.customers.delete(made.id).deleted is True
    assert client.v1.customers.retrieve(made.id).deleted is True
    assert client.v1.customers.list().data == []


def test_a_method_belongs_to_one_customer(
    fake: Fake, client: stripe.StripeClient
) -> None:
    card = fake.method(fake.customer(fates=()))
    with pytest.raises(stripe.InvalidRequestError, match="another customer"):
        client.v1.payment_methods.attach(card, {"customer": fake.customer()})
    with pytest.raises(stripe.InvalidRequestError, match="No such token"):
        client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_x"}})
    other = fake.customer()
    invoice = fake.invoice(other)
    with pytest.raises(stripe.InvalidRequestError, match="does not have"):
        client.v1.invoices.pay(invoice, {"payment_method": card})
    nobody = fake.invoice(fake.customer(fates=()))
    with pytest.raises(stripe.InvalidRequestError, match="no `default"):
        client.v1.invoices.pay(nobody)


def test_the_catalogue(fake: Fake, client: stripe.StripeClient) -> None:
    product = client.v1.products.create({"name": "Routes", "description": "Daily"})
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "EUR",
            "unit_amount": 1250,
            "recurring": {"interval": "week", "interval_count": 2},
            "nickname": "Fortnight",
        }
    )
    once = client.v1.prices.create(
        {"product_data": {"name": "Set-up"}, "currency": "eur", "unit_amount": 90000}
    )
    assert (price.currency, price.type, once.type) == ("eur", "recurring", "one_time")
    client.v1.prices.update(once.id, {"active": False, "metadata": {"a": "b"}})
    assert [row.id for row in client.v1.prices.list({"active": True}).data] == [
        price.id
    ]
    assert client.v1.products.update(product.id, {"name": "Tours"}).name == "Tours"
    with pytest.raises(stripe.InvalidRequestError, match="one_time"):
        client.v1.subscriptions.create(
            {"customer": fake.customer(), "items": [{"price": once.id}]}
        )
    with pytest.raises(stripe.InvalidRequestError, match="interval"):
        client.v1.prices.create(
            {"product": product.id, "currency": "eur", "recurring": {"interval": "x"}}  # type: ignore[typeddict-item]
        )


def test_a_subscription_from_trial_to_its_items(
    fake: Fake, client: stripe.StripeClient
) -> None:
    fake.clock(now=NOON)
    coupon = client.v1.coupons.create(
        {
            "amount_off": 1000,
            "currency": "eur",
            "duration": "repeating",
            "duration_in_months": 2,
        }
    )
    customer, price, other = fake.customer(), fake.price(), fake.price(amount=900)
    made = client.v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": price}],
            "trial_period_days": 14,
            "discounts": [{"coupon": coupon.id}],
        }
    )
    assert (made.status, fake.ledger()) == ("trialing", [])
    fake.clock(days=14)
    read = client.v1.subscriptions.retrieve(made.id)
    assert (read.status, [row["amount"] for row in fake.ledger()]) == ("active", [3900])
    item = read["items"].data[0].id
    changed = client.v1.subscriptions.update(
        made.id,
        {
            "items": [{"id": item, "quantity": 4}, {"price": other}],
            "metadata": {"a": "b"},
            "default_payment_method": fake.method(customer, default=False),
        },
    )
    assert [row.quantity for row in changed["items"].data] == [4, 1]
    swapped = client.v1.subscriptions.update(
        made.id,
        {
            "items": [
                {"id": item, "price": other},
                {"id": changed["items"].data[1].id, "deleted": True},
            ]
        },
    )
    assert [row.price.id for row in swapped["items"].data] == [other]
    fake.clock(days=70)
    assert [row["amount"] for row in fake.ledger()][1:] == [2600, 3600]
    fake.gives_up(made.id)
    ended = client.v1.subscriptions.retrieve(made.id)
    assert ended.cancellation_details.reason == "payment_failed"
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True})


def test_a_first_payment_that_fails_leaves_it_incomplete(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(fates=("generic_decline",))
    made = client.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": fake.price()}]}
    )
    assert made.status == "incomplete"
    with pytest.raises(stripe.InvalidRequestError, match="items"):
        client.v1.subscriptions.create({"customer": customer})


def test_while_collecting_is_paused_only_drafts_are_made(fake: Fake) -> None:
    fake.clock(now=NOON)
    fake.subscription(
        fake.customer(), fake.price(), pause_collection={"behavior": "keep_as_draft"}
    )
    fake.clock(days=31)
    assert fake.ledger() == []


def test_invoices_by_hand(fake: Fake, client: stripe.StripeClient) -> None:
    customer = fake.customer()
    told = {"customer": customer, "metadata": {"a": "b"}, "auto_advance": False}
    draft = client.v1.invoices.create(told)  # type: ignore[arg-type]
    assert (draft.status, draft.hosted_invoice_url) == ("draft", None)
    changed = client.v1.invoices.update(
        draft.id, {"description": "For March", "auto_advance": True}
    )
    assert (changed.description, changed.auto_advance) == ("For March", True)
    # Nothing is owed on it.
    assert client.v1.invoices.finalize_invoice(draft.id).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="already finalized"):
        client.v1.invoices.finalize_invoice(draft.id)
    other = client.v1.invoices.create({"customer": customer})
    assert client.v1.invoices.delete(other.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="only delete draft"):
        client.v1.invoices.delete(draft.id)
    with pytest.raises(stripe.InvalidRequestError, match="void"):
        client.v1.invoices.void_invoice(draft.id)
    by_transfer = fake.invoice(customer, collection_method="send_invoice")
    read = client.v1.invoices.retrieve(by_transfer)
    assert (read.status, read.due_date is not None) == ("open", True)
    assert fake.object(fake.invoice(customer, state="draft"))["status"] == "draft"
    elsewhere = fake.object(fake.invoice(customer, state="paid"))
    assert (elsewhere["status"], fake.ledger()) == ("paid", [])


def test_an_intent_is_confirmed_by_its_own_address(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(fates=("insufficient_funds", "succeeds"))
    invoice = fake.invoice(customer)
    (intent,) = client.v1.payment_intents.list({"customer": customer}).data
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.confirm(intent.id)
    assert client.v1.payment_intents.confirm(intent.id).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="status is succeeded"):
        client.v1.payment_intents.confirm(intent.id)
    assert client.v1.invoices.retrieve(invoice).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        client.v1.invoices.pay(invoice, {"paid_out_of_band": True})


def test_what_cannot_go_back(fake: Fake, client: stripe.StripeClient) -> None:
    invoice = fake.invoice(
        fake.customer(fates=("lost_card",)), amount=1000, tries=("lost_card",)
    )
    (lost,) = client.v1.charges.list().data
    with pytest.raises(stripe.InvalidRequestError, match="not been paid"):
        client.v1.refunds.create({"charge": lost.id})
    fake.pays(invoice)
    with pytest.raises(stripe.InvalidRequestError, match="more than"):
        client.v1.credit_notes.create({"invoice": invoice, "amount": 1001})
    note = client.v1.credit_notes.create(
        {"invoice": invoice, "amount": 400, "refund_amount": 400}
    )
    assert note.refunds[0].amount_refunded == 400
    intent = fake.ledger()[0]["payment_intent"]
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 600
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        client.v1.refunds.create({"payment_intent": intent})
    client.v1.invoices.void_invoice(fake.invoice(fake.customer()))
    (void,) = client.v1.invoices.list({"status": "void"}).data
    with pytest.raises(stripe.InvalidRequestError, match="credit an invoice"):
        client.v1.credit_notes.create({"invoice": void.id, "amount": 1})


def test_a_dispute_is_won_or_lost(fake: Fake, client: stripe.StripeClient) -> None:
    for won in (True, False):
        invoice = fake.invoice(fake.customer())
        fake.pays(invoice)
        charge = fake.ledger(invoice)[0]["charge"]
        dispute = fake.disputes(charge)
        assert "cannot be disputed" in refused(
            fake, "act", {"do": "dispute", "charge": charge}
        )
        fake.act("dispute_close", dispute=dispute, won=won)
        assert "is closed" in refused(
            fake, "act", {"do": "dispute_close", "dispute": dispute}
        )
        total = sum(row["amount"] for row in fake.ledger(invoice))
        assert total == (4900 if won else 0)


@pytest.mark.parametrize(
    ("path", "told", "words"),
    [
        ("settings", {"colour": 1}, "No such setting"),
        ("make", {"rows": [{"kind": "cat"}]}, "No such kind"),
        ("make", {"rows": [{"kind": "invoice"}]}, "KeyError"),
        ("behave", {"method": "pm_x", "fates": []}, "No such payment_method"),
        ("faults", {"rates": {"rain": 1}}, "No such fault"),
        ("act", {"do": "dance"}, "No such act"),
        ("nothing", {}, "Nothing is here"),
    ],
)
def test_control_says_what_it_cannot_do(
    fake: Fake, path: str, told: dict[str, object], words: str
) -> None:
    assert words in refused(fake, path, told)


def test_other_acts_that_cannot_be(fake: Fake) -> None:
    customer = fake.customer(fates=("processing",))
    invoice = fake.invoice(customer)
    for act in ("bank_answers", "confirm"):
        refused(fake, "act", {"do": act, "invoice": invoice})
    refused(fake, "act", {"do": "new_card", "customer": customer, "fate": "x"})
    card = fake.object(customer)["invoice_settings"]["default_payment_method"]
    fake.pays(invoice, method=card)
    assert "being processed" in refused(fake, "act", {"do": "pay", "invoice": invoice})
    fake.bank_answers(invoice)
    assert "is paid" in refused(fake, "act", {"do": "pay", "invoice": invoice})
    assert fake.act("follow_clock") == {"made": 0}


def test_a_form_in_a_browser_cannot_control_it(fake: Fake) -> None:
    link = http.client.HTTPConnection(fake.address.removeprefix("http://"))
    link.request("POST", "/_/reset", "a=b", {"Content-Type": "text/plain"})
    assert link.getresponse().status == 415
    link.close()


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/v1/cats", 404),
        ("GET", "/v1/customers?limit=x", 400),
        ("POST", "/v1/customers?a=1&a[b]=2", 400),
        ("POST", "/v1/invoices?customer=cus_x&auto_advance=perhaps", 404),
        ("GET", "/", 200),
    ],
)
def test_what_no_library_would_send(
    fake: Fake, verb: str, path: str, status: int
) -> None:
    link = http.client.HTTPConnection(fake.address.removeprefix("http://"))
    link.request(verb, path, headers={"Authorization": "Bearer sk_test_fake"})
    reply = link.getresponse()
    assert reply.status == status
    if path.startswith("/v1/"):
        assert "error" in json.loads(reply.read())
    link.close()


def test_a_journal_may_be_none() -> None:
    journal = Journal(None)
    journal.write({"a": 1})
    journal.restart()
    assert list(journal.lines()) == []
    journal.close()
