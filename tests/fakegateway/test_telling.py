"""Events and webhooks: in time, signed, twice, in disorder, late, never, and forged."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from fakegateway.hooks import FORGERIES
from tests.gateway import SECRET, Fake, Signed

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def believed(one: Signed, secret: str = SECRET) -> bool:
    try:
        stripe.Webhook.construct_event(one.body, one.signature or None, secret)
    except (stripe.SignatureVerificationError, ValueError):
        return False
    return True


def test_true_webhooks_are_believed_and_forged_ones_are_not(fake: Fake) -> None:
    fake.invoice(fake.customer())
    told = fake.signed(forge=90, copies=(1, 3), shuffle=True, seed=4)
    assert {one.forged for one in told} == {"", *FORGERIES}
    assert {one.forged for one in told if believed(one)} == {""}
    assert all(believed(one) for one in told if not one.forged)
    assert fake.waiting() == []


def test_while_a_secret_is_rolled_both_are_signed_with(fake: Fake) -> None:
    fake.settings(hook_secrets=["whsec_new", SECRET])
    fake.customer(fates=())
    (one,) = fake.signed()
    assert believed(one, SECRET)
    assert believed(one, "whsec_new")


def test_a_failed_and_a_paid_invoice_tell_what_stripe_tells(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(fates=("insufficient_funds", "succeeds"))
    subscription = fake.subscription(customer, fake.price())
    invoice = fake.invoice(customer, subscription=subscription)
    fake.signed()
    with pytest.raises(stripe.CardError):
        client.v1.invoices.pay(invoice)
    failed = [kind for _id, kind in fake.waiting()]
    assert failed == [
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    fake.signed()
    client.v1.invoices.pay(invoice)
    assert [kind for _id, kind in fake.waiting()] == [
        "invoice_payment.paid",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
    ]
    assert client.v1.subscriptions.retrieve(subscription).status == "active"


def test_events_are_listed_by_time_and_type(
    fake: Fake, client: stripe.StripeClient
) -> None:
    fake.clock(now=NOON)
    fake.customer(fates=())
    fake.clock(days=2)
    name = fake.customer(fates=())
    client.v1.customers.update(name, {"name": "Südwind"})
    since = int((NOON + dt.timedelta(days=1)).timestamp())
    rows = client.v1.events.list({"created": {"gte": since}}).data
    assert [row.type for row in rows] == ["customer.updated", "customer.created"]
    assert rows[0].data.object["name"] == "Südwind"
    before = rows[0].to_dict()["data"]["previous_attributes"]
    assert before == {"name": "Nordwind GmbH"}
    chosen = client.v1.events.list({"types": ["customer.updated"]}).data
    assert [row.id for row in chosen] == [rows[0].id]


def test_a_card_is_renewed_by_the_gateway(fake: Fake) -> None:
    customer = fake.customer(fates=())
    method = fake.method(customer, "expired_card", expires="2026-02")
    fake.signed()
    fake.renew_card(method, expires="2029-02", last4="1881")
    (_one,) = fake.waiting()
    assert _one[1] == "payment_method.automatically_updated"
    card = fake.object(method)["card"]
    assert (card["exp_year"], card["last4"]) == (2029, "1881")


def test_the_clock_renews_and_ends_what_is_due(
    fake: Fake, client: stripe.StripeClient
) -> None:
    start = dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC)
    fake.clock(now=start)
    customer, price = fake.customer(), fake.price()
    kept = fake.subscription(customer, price)
    ends = fake.subscription(customer, price)
    client.v1.subscriptions.update(ends, {"cancel_at_period_end": True})
    assert fake.clock(now=dt.datetime(2026, 3, 31, 9, tzinfo=dt.UTC)) == 3
    assert fake.object(ends)["status"] == "canceled"
    item = fake.object(kept)["items"]["data"][0]
    anchored = dt.datetime(2026, 4, 30, 9, tzinfo=dt.UTC)
    assert item["current_period_end"] == int(anchored.timestamp())
    assert [row["amount"] for row in fake.ledger()] == [4900, 4900]


def test_the_gateway_tries_again_by_itself_if_told(fake: Fake) -> None:
    fake.settings(retries=[3, 5])
    fake.clock(now=NOON)
    customer = fake.customer(fates=("insufficient_funds", "do_not_honor", "succeeds"))
    fake.subscription(customer, fake.price(), billed=True)
    fake.clock(days=2.9)
    assert fake.ledger() == []
    fake.clock(days=0.1)
    fake.clock(days=2)
    assert [row["amount"] for row in fake.ledger()] == [4900]


class Hearer(BaseHTTPRequestHandler):
    """Writes down what it is told; refuses the first copy of everything."""

    protocol_version = "HTTP/1.1"
    heard: list[str] = []
    refused: set[str] = set()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = self.headers.get("Stripe-Signature", "")
        true = believed(Signed("", body, signed, ""))
        event = str(hash(body))
        first = event not in self.refused
        if true:
            self.refused.add(event)
        if true and not first:
            self.heard.append(event)
        self.send_response(400 if not true else 500 if first else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Silence."""


@pytest.fixture
def hearer() -> Iterator[str]:
    Hearer.heard, Hearer.refused = [], set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hooks/"
    server.shutdown()
    server.server_close()


def test_delivering_over_connections_counts_what_was_answered(
    fake: Fake, hearer: str
) -> None:
    for _turn in range(5):
        fake.customer(fates=())
    events = [name for name, _kind in fake.waiting()]
    told = fake.deliver(
        hearer, copies=(2, 2), shuffle=True, connections=4, forge=18, seed=3
    )
    forged = Counter({k: v for k, v in told.items() if not k.startswith("true")})
    assert sum(forged.values()) == 18
    assert {name.split()[1] for name in forged} == {"400"}
    assert (told["true 500"], told["true 200"]) == (5, 5)
    assert len(Hearer.heard) == len(events) == 5


def test_by_itself_it_sends_until_it_is_heard(fake: Fake, hearer: str) -> None:
    fake.settings(hook_url=hearer, hooks_by_themselves=True)
    fake.customer(fates=())
    ended = threading.Event()
    for _turn in range(200):
        if Hearer.heard or ended.wait(0.05):
            break
    assert len(Hearer.heard) == 1
    fake.settings(hooks_by_themselves=False)


def test_nobody_hears_of_what_is_dropped(fake: Fake, hearer: str) -> None:
    fake.customer(fates=())
    assert fake.deliver(hearer, drop=1.0) == {}
