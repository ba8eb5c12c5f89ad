"""The real library against somebody else's stand-in for Stripe.

It is a requirement of development only, under the GPL, and runs in a process of its own. It
knows no idempotency keys, prices or invoice payments; what it knows shows that our client
and Stripe's library work together with something that we have not written.
"""

import http.client
import json
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.utils import timezone
from pytest_django import Settings

from billing.enums import MethodKind, ObjectKind
from billing.gateways.base import Access, UnableToTrust
from billing.gateways.objects import RemoteCustomer, RemoteMethod
from billing.gateways.stripe import StripeGateway

SECRET = "whsec_local"
# By its own server it would listen on every address of this machine.
RUN = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("localstripe")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(port)],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("localstripe does not start.")


@pytest.fixture
def gateway(address: str, settings: Settings) -> StripeGateway:
    settings.STRIPE_ADDRESS = address
    return StripeGateway(Access(key="sk_test_local", hooks=(SECRET,)))


@pytest.fixture
def v1(gateway: StripeGateway) -> Any:
    return gateway._client.v1


def test_a_customer_with_a_card_is_read(gateway: StripeGateway, v1: Any) -> None:
    customer = v1.customers.create({"name": "Alder & Voss", "email": "a@alder.example"})
    card = v1.payment_methods.create(
        {
            "type": "card",
            "card": {
                "number": "4242424242424242",
                "exp_month": 12,
                "exp_year": 2031,
                "cvc": "123",
            },
        }
    )
    v1.payment_methods.attach(card.id, {"customer": customer.id})
    v1.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": card.id}}
    )
    found = gateway.fetch(ObjectKind.CUSTOMER, customer.id)
    assert isinstance(found, RemoteCustomer)
    assert (found.name, found.email, found.default_method) == (
        "Alder & Voss",
        "a@alder.example",
        card.id,
    )
    method = gateway.fetch(ObjectKind.METHOD, card.id)
    assert isinstance(method, RemoteMethod)
    assert (method.method, method.brand, method.last4, method.is_default) == (
        MethodKind.CARD,
        "visa",
        "4242",
        True,
    )
    assert gateway.fetch(ObjectKind.CUSTOMER, "cus_none") is None


def _intent(v1: Any, number: str) -> Any:
    customer = v1.customers.create({"email": "a@alder.example"})
    card = v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": number, "exp_month": 12, "exp_year": 2031, "cvc": "123"},
        }
    )
    v1.payment_methods.attach(card.id, {"customer": customer.id})
    return v1.payment_intents.create(
        {
            "amount": 4900,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": card.id,
            "confirm": True,
            "off_session": True,
        }
    )


def test_a_charge_comes_in(v1: Any) -> None:
    intent = _intent(v1, "4242424242424242")
    assert (intent.status, intent.amount) == ("succeeded", 4900)


def test_a_charge_that_the_bank_declines_is_a_card_error(v1: Any) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        _intent(v1, "4000000000000341")
    assert (refusal.value.http_status, refusal.value.code) == (402, "card_declined")


def test_a_webhook_is_signed_as_we_read_it(
    gateway: StripeGateway, v1: Any, address: str
) -> None:
    arrived: queue.Queue[tuple[bytes, dict[str, str]]] = queue.Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.put((body, dict(self.headers)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        _register(address, {"url": url, "secret": SECRET})
        customer = v1.customers.create({"email": "hook@alder.example"})
        # It sends a second late, so those of other tests arrive as well.
        body, headers = arrived.get(timeout=60)
        while customer.id.encode() not in body:
            body, headers = arrived.get(timeout=60)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
    hint = gateway.hint(body, headers, now=timezone.now())
    assert (hint.type, hint.about) == (
        "customer.created",
        ((ObjectKind.CUSTOMER, customer.id),),
    )
    with pytest.raises(UnableToTrust):
        gateway.hint(body + b" ", headers, now=timezone.now())


def _register(address: str, told: dict[str, Any]) -> None:
    link = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    body, kind = json.dumps(told), {"Content-Type": "application/json"}
    link.request("POST", "/_config/webhooks/ours", body, kind)
    assert link.getresponse().status == 200
    link.close()
