"""The pages customers see, and what a restart leaves."""

import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import stripe

from fakegateway.store import Store
from tests.gateway import KEY, Fake, own_fake


def seen(address: str, **form: str) -> tuple[int, str]:
    body = urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(address, body, timeout=20) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_an_invoice_is_paid_on_its_page(fake: Fake) -> None:
    customer = fake.customer(fates=("lost_card",))
    invoice = fake.invoice(customer, amount=123450, tries=("lost_card",))
    page = f"{fake.address}/i/{invoice}"
    status, text = seen(page)
    assert status == 200
    assert "Fake gateway: no money moves" in text
    assert "1,234.50 EUR" in text
    assert "declined" in seen(page, card="3")[1]
    assert fake.ledger() == []
    assert "Paid. Thank you." in seen(page, card="0", keep="on")[1]
    assert [row["amount"] for row in fake.ledger()] == [123450]
    new = fake.object(customer)["invoice_settings"]["default_payment_method"]
    assert fake.object(new)["card"]["last4"] == "4242"
    assert seen(page, card="0")[0] == 400
    assert len(fake.ledger()) == 1


def test_a_payment_is_confirmed_on_its_page(fake: Fake) -> None:
    customer = fake.customer(fates=("authentication_required",))
    invoice = fake.invoice(customer, tries=("authentication_required",))
    page = f"{fake.address}/i/{invoice}"
    assert "Your bank asks" in seen(page)[1]
    assert "declined" in seen(page, confirm="no")[1]
    assert "Your bank asks" in seen(page, card="5")[1]
    assert "Paid. Thank you." in seen(page, confirm="yes")[1]


def test_a_card_is_changed_on_the_portal(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(name="<b>Bold</b> Ltd")
    session = client.v1.billing_portal.sessions.create(
        {"customer": customer, "return_url": "https://keepwell.example/back?a=1&b=2"}
    )
    text = seen(session.url)[1]
    assert "<b>Bold</b>" not in text
    assert "https://keepwell.example/back?a=1&amp;b=2" in text
    assert "The card was saved" in seen(session.url, card="1")[1]
    new = fake.object(customer)["invoice_settings"]["default_payment_method"]
    assert fake.object(new)["card"]["brand"] == "mastercard"


def test_pages_that_are_not_there(fake: Fake) -> None:
    assert seen(f"{fake.address}/i/in_nothing")[0] == 404
    assert seen(f"{fake.address}/p/bps_nothing", card="0")[0] == 404


def test_what_it_knows_survives_a_restart(tmp_path: Path) -> None:
    with own_fake(tmp_path) as fake:
        fake.settings(keys=[KEY])
        customer = fake.customer(fates=("insufficient_funds", "succeeds"))
        invoice = fake.invoice(customer, tries=("expired_card",))
        fake.pays(invoice)
        before = fake.ledger(), fake.object(invoice), fake.waiting()
        address = fake.address
    # A line that was cut short by a crash is left out.
    with (tmp_path / "journal").open("a") as file:
        file.write('{"objects": [{"id": "cus_half')
    with own_fake(tmp_path) as fake:
        after = fake.object(invoice)
        after["hosted_invoice_url"] = f"{address}/i/{invoice}"
        assert (fake.ledger(), after, fake.waiting()) == before
        again = fake.invoice(customer)
        assert again != invoice
        assert fake.pays(again)["status"] == "paid"
        assert [row["n"] for row in fake.ledger()] == [1, 2]


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    store = Store(path)
    store.put({"id": "cus_1", "object": "customer"})
    store.moved("charge", amount=1)
    store.answered("k", {"said": "", "status": 200, "body": {}, "at": 0, "by": "r"})
    store.flush()
    killed = Store(path)  # the first was never closed
    assert killed.find("customer", "cus_1")["id"] == "cus_1"
    assert [row["amount"] for row in killed.money] == [1]
    assert list(killed.answers) == ["k"]
