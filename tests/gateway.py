"""The fake gateway in tests: Stripe's own API on a free port of this machine (ADR 31).

    def test_…(fake: Fake, company: Company) -> None:
        account = fake.account()                       # a GatewayAccount that points there
        customer = fake.customer(our_id="C1")          # cus_…; with a Visa that is charged
        card = fake.method(customer, "insufficient_funds", "succeeds")   # fate per try
        price = fake.price(amount=4900)                # minor units, monthly
        subscription = fake.subscription(customer, price)   # no invoice yet
        invoice = fake.invoice(customer, amount=4900, subscription=subscription)  # open
        …                                              # your code, by Stripe's library
        assert [row["amount"] for row in fake.ledger()] == [4900]

`fake` (fixture): one server per test process, emptied before each test; settings.
STRIPE_ADDRESS points to it. Its clock is real until `fake.clock(now=…)` lets it stand.
What becomes of a try: names of `fakegateway.cards.FATES` (succeeds, insufficient_funds,
lost_card, expired_card, authentication_required (asks the customer), processing …); a
method's fates are used one after the other and the last stays.

Faults (`fake.faults`): rates={"lose_before": .1, "lose_after": .1}, seed=…, or
script=["lose_after", "none", "error_after"]; kinds: lose_* closes the connection, error_*
is a 500 that is kept for the key, hang_* (hang=seconds), limit (429), unavailable (503),
conflict (409). By default only charges meet them; where=r"^GET " for others.

Webhooks: events gather until `fake.signed(…)` (bodies and headers to post with Django's
client) or `fake.deliver(url, …)` (really sent, over n connections); both take copies=
(1, 8), shuffle, drop, forge=n, seed. `fake.account()` knows the secret.

The other side acts: `fake.pays(invoice, fate)`, `fake.confirms`, `fake.new_card`,
`fake.renew_card`, `fake.bank_answers`, `fake.disputes`, `fake.gives_up`.

`own_fake(folder)` runs one in a process of its own with a journal, for who kills things.
"""

import datetime as dt
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from pytest_django import Settings

from billing.enums import GatewayKind
from billing.models import GatewayAccount
from billing.services.gateways.access import access_sealed
from fakegateway.server import Server

ROOT = Path(__file__).resolve().parents[1]
KEY, SECRET = "sk_test_fake", "whsec_fake"
Obj = dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """A webhook as it would be sent; `forged` says how it is wrong, "" for a true one."""

    event: str
    body: bytes
    signature: str
    forged: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Stripe-Signature": self.signature} if self.signature else {}


class Fake:
    """The control API of a fake gateway, typed."""

    key, secret = KEY, SECRET

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        self._link = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port, timeout=600
        )

    def ask(self, verb: str, path: str, told: Obj | None = None) -> Any:
        """One request to the control API; its answer, or an AssertionError."""
        body = None if told is None else json.dumps(told)
        self._link.request(
            verb, f"/_/{path}", body, {"Content-Type": "application/json"}
        )
        reply = self._link.getresponse()
        answer = json.loads(reply.read())
        assert reply.status == 200, f"{path}: {answer}"
        return answer

    def close(self) -> None:
        self._link.close()

    def reset(self) -> None:
        """Nothing is known any more, no fault is on, the clock is real."""
        self.ask("POST", "reset", {})
        self.ask("POST", "settings", {"keys": [KEY], "hook_secrets": [SECRET]})

    def settings(self, **told: Any) -> None:
        """keys, hook_url, hook_secrets, hooks_by_themselves, retries (days)."""
        self.ask("POST", "settings", told)

    # -- what stands there

    def make(self, kind: str, **told: Any) -> str:
        """A row of a kind (fakegateway/making.py); its id. `at`: seconds or a moment."""
        if isinstance(told.get("at"), dt.datetime):
            told["at"] = told["at"].timestamp()
        told = {name: value for name, value in told.items() if value is not None}
        answer = self.ask("POST", "make", {"rows": [{"kind": kind, **told}]})
        return str(answer["ids"][0])

    def make_all(self, rows: list[Obj]) -> list[str]:
        """Many rows in one request."""
        return list(self.ask("POST", "make", {"rows": rows})["ids"])

    def account(self, **more: Any) -> GatewayAccount:
        """Our row of this gateway, with its key and its secret."""
        told = {"name": "Stripe", "hook_key": "fake-hook-key", "collects": True} | more
        return GatewayAccount.objects.create(
            kind=GatewayKind.STRIPE,
            secrets=access_sealed(key=KEY, hooks=[SECRET]),
            created_at=timezone.now(),
            **told,
        )

    def customer(
        self,
        name: str = "Nordwind GmbH",
        *,
        email: str = "billing@nordwind.example",
        country: str = "DE",
        our_id: str = "",
        fates: tuple[str, ...] = ("succeeds",),
        **more: Any,
    ) -> str:
        """A customer with a default card; without one where `fates` is ()."""
        told = {"name": name, "email": email, "country": country, "our_id": our_id}
        made = self.make("customer", **told, **more)
        if fates:
            self.method(made, *fates)
        return made

    def method(
        self,
        customer: str,
        *fates: str,
        brand: str = "visa",
        last4: str = "4242",
        expires: str = "",
        default: bool = True,
        **more: Any,
    ) -> str:
        """A payment method; `expires`: "2030-12"; type="sepa_debit" for a debit."""
        told: Obj = {"customer": customer, "behaves": list(fates) or ["succeeds"]}
        told |= {"brand": brand, "last4": last4, "expires": expires}
        return self.make("method", **told, default=default, **more)

    def product(self, name: str = "Route planner", **more: Any) -> str:
        return self.make("product", name=name, **more)

    def price(
        self,
        product: str = "",
        *,
        amount: int = 4900,
        currency: str = "eur",
        months: int | None = 1,
        **more: Any,
    ) -> str:
        """A price per unit; months=0 for what is bought once."""
        product = product or self.product()
        told: Obj = {"product": product, "currency": currency, "months": months}
        return self.make("price", amount=amount, **told, **more)

    def subscription(
        self, customer: str, price: str, *, quantity: int = 1, **more: Any
    ) -> str:
        """A running subscription; billed=True bills its first period, which is tried."""
        told: Obj = {"customer": customer, "price": price, "quantity": quantity}
        return self.make("subscription", **told, **more)

    def invoice(
        self,
        customer: str,
        *,
        amount: int = 4900,
        currency: str = "eur",
        subscription: str = "",
        state: str = "open",
        tries: tuple[str, ...] = (),
        **more: Any,
    ) -> str:
        """An invoice that nobody has tried to collect, but for `tries` (fates).

        more: lines=[{"amount", "description"}], tax_percent, number, collection_method="send_invoice", due_date (seconds),
        description, period=[from, until], at.
        """
        told: Obj = {"customer": customer, "amount": amount, "currency": currency}
        told |= {"state": state, "tries": list(tries)}
        if subscription:
            told["subscription"] = subscription
        return self.make("invoice", **told, **more)

    def behave(self, method: str, *fates: str) -> None:
        """What becomes of the next tries with a method."""
        self.ask("POST", "behave", {"method": method, "fates": list(fates)})

    def object(self, name: str) -> Obj:
        """Anything by its id, as Stripe would show it; not counted as a request."""
        return dict(self.ask("GET", f"object/{name}"))

    # -- what happens there

    def act(self, do: str, **told: Any) -> Obj:
        return dict(self.ask("POST", "act", {"do": do, **told}))

    def pays(self, invoice: str, fate: str = "succeeds", **more: Any) -> Obj:
        """On the invoice's page, with a new card (method="pm_…": one that is there)."""
        return self.act("pay", invoice=invoice, fate=fate, **more)

    def confirms(self, invoice: str, fate: str = "succeeds") -> Obj:
        """What `authentication_required` waits for; "authentication_refused" fails."""
        return self.act("confirm", invoice=invoice, fate=fate)

    def new_card(self, customer: str, fate: str = "succeeds", **more: Any) -> str:
        """On the page for that; becomes the default. Its id."""
        return str(self.act("new_card", customer=customer, fate=fate, **more)["id"])

    def renew_card(self, method: str, fate: str = "succeeds", **more: Any) -> None:
        """By the gateway's card updater: the same method, new details."""
        self.act("renew_card", method=method, fate=fate, **more)

    def bank_answers(self, invoice: str, fate: str = "succeeds") -> None:
        """For what is `processing`."""
        self.act("bank_answers", invoice=invoice, fate=fate)

    def disputes(self, charge: str) -> str:
        return str(self.act("dispute", charge=charge)["id"])

    def gives_up(self, subscription: str) -> None:
        """The gateway ends a subscription because nothing was paid."""
        self.act("give_up", subscription=subscription)

    def faults(self, **told: Any) -> None:
        """What goes wrong from now on; nothing at all without arguments."""
        self.ask("POST", "faults", told)

    def clock(
        self,
        *,
        now: dt.datetime | None = None,
        days: float = 0,
        real: bool = False,
        follow: bool = True,
    ) -> int:
        """Sets the clock, or moves it; renewals that are due happen, and are counted."""
        told: Obj = {"follow": follow}
        if real:
            told["real"] = True
        elif now is not None:
            told["now"] = now.timestamp()
        else:
            told["advance"] = days * 86_400
        return int(self.ask("POST", "clock", told)["made"])

    # -- what it knows and tells

    def ledger(self, invoice: str = "") -> list[Obj]:
        """Every movement of money, the oldest first: kind, amount, invoice, charge, key."""
        rows = list(self.ask("GET", "ledger"))
        return [row for row in rows if not invoice or row["invoice"] == invoice]

    def counts(self) -> dict[str, int]:
        """Requests by what they were for ("POST invoices"), and faults ("fault limit")."""
        return dict(self.ask("GET", "counts"))

    def waiting(self) -> list[tuple[str, str]]:
        """Events that were not delivered yet: (id, type)."""
        return [(row[0], row[1]) for row in self.ask("GET", "waiting")]

    def signed(self, events: list[str] | None = None, **how: Any) -> list[Signed]:
        """Webhooks to post oneself: all that wait, or those of certain events.

        how: copies=(1, 8), shuffle, drop (share), forge (n), forgeries (names of
        fakegateway.hooks.FORGERIES), seed, moment (seconds), secrets.
        """
        told = how if events is None else {**how, "events": events}
        return [
            Signed(
                row["event"],
                row["body"].encode(),
                row["headers"].get("Stripe-Signature", ""),
                row["forged"],
            )
            for row in self.ask("POST", "sign", told)
        ]

    def deliver(
        self, url: str, events: list[str] | None = None, **how: Any
    ) -> dict[str, int]:
        """Sends them; {"true 200": 7, "old 400": 1}. how: also connections, delay."""
        told = {"url": url, **how} | ({} if events is None else {"events": events})
        return dict(self.ask("POST", "deliver", told))


@pytest.fixture(scope="session")
def fake_server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def fake(fake_server: Server, settings: Settings) -> Iterator[Fake]:
    """A gateway where nothing stands yet."""
    settings.STRIPE_ADDRESS = fake_server.store.address
    made = Fake(fake_server.store.address)
    made.reset()
    yield made
    made.close()


@contextmanager
def own_fake(folder: Path, *more: str) -> Iterator[Fake]:
    """One in a process of its own, with a journal in a folder; not emptied at first."""
    folder.mkdir(exist_ok=True)
    told = folder / "port"
    told.unlink(missing_ok=True)
    command = [sys.executable, "-m", "fakegateway", "--port-file", str(told)]
    command += ["--journal", str(folder / "journal"), "--hook-secret", SECRET, *more]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        end = time.monotonic() + 240
        while not told.exists():
            if process.poll() is not None or time.monotonic() > end:
                msg = "The fake gateway does not start."
                raise TimeoutError(msg)
            time.sleep(0.02)
        made = Fake(f"http://127.0.0.1:{told.read_text()}")
        yield made
        made.close()
    finally:
        process.terminate()
        process.wait(20)
