"""Webhooks under fire: repeated, shuffled, forged, while web and workers are killed.

    script/chaos webhooks          60 events, a kill of each, 1,000 forgeries
    script/chaos webhooks --full   2,000 events, 24 kills, 20,000 forgeries

A fake gateway (a process of its own, by Stripe's protocol) has customers pay, fail, change
cards and leave, and tells each event 1 to 8 times, shuffled over four connections, again
until it is taken. Real workers read from it what changed. In the end everything here is
held against the gateway's own state and its ledger of money. Then forgeries knock.
"""

import argparse
import http.client
import os
import queue
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from fakegateway.hooks import header
from tests.processes import WAIT, Child, beat, wait_until, worker
from tests.servers import own_servers

if TYPE_CHECKING:
    from tests.gateway import Fake

SECRET = "whsec_fake"
SEED = 20261122
CONNECTIONS = 4
LEASE = 4
PATH = "/hooks/gateways/stripe/storm/"
Figure = tuple[str, Any, str, bool]


@dataclass(frozen=True)
class Storm:
    """How much happens, and how often something is killed."""

    events: int
    waves: int
    kills: int
    forgeries: int


SHORT = Storm(events=60, waves=2, kills=2, forgeries=1_000)
FULL = Storm(events=2_000, waves=12, kills=24, forgeries=20_000)


def main() -> int:
    from tests.chaos.webhooks_forged import forged

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    storm = FULL if parser.parse_args().full else SHORT
    with tempfile.TemporaryDirectory() as name, own_servers() as servers:
        os.environ.update(
            **servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_GATEWAY_LEASE_SECONDS=str(LEASE),
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_HTTPS="0",
            OMP_NUM_THREADS="1",
        )
        folder = Path(name)
        own_fake = prepare()
        with own_fake(folder / "fake") as fake:
            os.environ["KEEPWELL_STRIPE_ADDRESS"] = fake.address
            site = Site(folder)
            try:
                site.start(folder)
                figures = weather(site, fake, storm)
                figures += forged(site.port, storm.forgeries)
            except TimeoutError:
                sys.stdout.write(site.log.read_text(errors="replace")[-5000:])
                standing()
                raise
            finally:
                site.stop()
    for what, value, goal, fine in figures:
        print(f"{what:<40} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


def prepare() -> Any:
    """This will make an empty company with an account, and return what starts a gateway."""
    import django

    django.setup()
    from django.utils import timezone

    from accounts.models import Company
    from billing.models import GatewayAccount
    from billing.services.dunning.policies import policies_ensure
    from billing.services.gateways.access import access_sealed
    from tests.gateway import KEY, own_fake

    now = timezone.now()
    # Nothing else is to happen meanwhile.
    Company.objects.create(id=1, name="Storm", currency="EUR", nightly_at="23:59:59")
    policies_ensure(now=now)
    GatewayAccount.objects.create(
        kind="stripe", name="Stripe", hook_key="storm", collects=True, created_at=now,
        secrets=access_sealed(key=KEY, hooks=[SECRET]),
    )  # fmt: skip
    return own_fake


class Site:
    """A web server on a port that stays, a worker and a beat."""

    def __init__(self, folder: Path) -> None:
        self.env, self.log = dict(os.environ), folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.children: dict[str, Child] = {}

    def start(self, folder: Path) -> None:
        """This will start all three and wait until the web server answers."""
        self.children["beat"] = beat(self.env, self.log, folder / "beat")
        self.children["worker"] = worker(self.env, self.log)
        self.children["web"] = self._web()
        wait_until(lambda: asked(self.port, "/healthz/live") == 200, "The site", WAIT)

    def _web(self) -> Child:
        return Child(
            "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers",
            "2", "--threads", "4", "--no-control-socket", "--log-level", "error",
            env=self.env, log=self.log,
        )  # fmt: skip

    def kill(self, number: int) -> None:
        """This will kill the web server or the worker at once, and start another."""
        if number % 2:
            self.children["web"].kill()
            self.children["web"] = self._web()
        else:
            self.children["worker"].kill()
            self.children["worker"] = worker(self.env, self.log)

    def stop(self) -> None:
        for child in self.children.values():
            child.kill()


def asked(port: int, path: str) -> int:
    """This will ask for a page and return the status; 0 without an answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with suppress(OSError, http.client.HTTPException):
        link.request("GET", path)
        return link.getresponse().status
    return 0


@dataclass
class Post:
    """Sends events over connections, each again until it is taken."""

    port: int
    waiting: "queue.Queue[bytes | None]" = field(default_factory=queue.Queue)
    answers: Counter[int] = field(default_factory=Counter)
    taken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.run) for _one in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        return threads

    def run(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while (body := self.waiting.get()) is not None:
            while self.sent(link, body) != 200:
                link.close()
                time.sleep(0.1)
            with self.lock:
                self.taken += 1
        link.close()

    def sent(self, link: http.client.HTTPConnection, body: bytes) -> int:
        status = 0
        # Stripe signs every try anew.
        headers = {"Stripe-Signature": header(body, [SECRET], int(time.time()))}
        with suppress(OSError, http.client.HTTPException):
            link.request("POST", PATH, body, headers)
            reply = link.getresponse()
            reply.read()
            status = reply.status
        with self.lock:
            self.answers[status] += 1
        return status


def weather(site: Site, fake: "Fake", storm: Storm) -> list[Figure]:
    """This will let things happen and tell of them while something is killed."""
    started = time.monotonic()
    post, happening = Post(site.port), Happening(fake)
    threads = post.start()
    told: set[str] = set()
    late: list[bytes] = []
    kills = 0
    try:
        for wave in range(storm.waves):
            happening.until(storm.events * (wave + 1) // storm.waves, told)
            late = tell(fake, post, told, late, seed=SEED + wave)
            for _kill in range(storm.kills // storm.waves):
                mark = post.taken + post.waiting.qsize() // 3
                wait_until(lambda mark=mark: post.taken >= mark, "Some events", WAIT)
                site.kill(kills)
                kills += 1
        settle(fake, post, told, late)
    finally:
        for _thread in threads:
            post.waiting.put(None)
    for thread in threads:
        thread.join()
    print(f"{'seconds':<40} {time.monotonic() - started:>8.1f}")
    print(f"{'posts by answer (0: none)':<40} {dict(post.answers)}")
    return [
        ("events", len(told), f">= {storm.events}", len(told) >= storm.events),
        ("copies taken", post.taken, f">= {len(told)}", post.taken >= len(told)),
        ("kills", kills, str(storm.kills), kills == storm.kills),
        *compare(fake, happening, told),
    ]


def tell(
    fake: "Fake", post: Post, told: set[str], late: list[bytes], *, seed: int
) -> list[bytes]:
    """This will tell all that waits, 1 to 8 times, and return a third of it for later."""
    signed = fake.signed(copies=(1, 8), shuffle=True, seed=seed)
    told.update(one.event for one in signed)
    chance = Random(seed)
    now: list[bytes] = late
    later: list[bytes] = []
    for one in signed:
        (later if chance.random() < 1 / 3 else now).append(one.body)
    chance.shuffle(now)
    for body in now:
        post.waiting.put(body)
    return later


def settle(fake: "Fake", post: Post, told: set[str], late: list[bytes]) -> None:
    """This will tell the rest until nothing waits anywhere."""
    while late or fake.waiting():
        late = tell(fake, post, told, late, seed=len(told))
        wait_until(lambda: not post.waiting.qsize(), "The end of the events", WAIT)
        wait_until(lambda: not unread(), "The end of the reading", WAIT)


def unread() -> int:
    from django.db import connection
    from django.db.models import F

    from billing.models import GatewayObject, PaymentAttempt

    open_states = ("planned", "asked", "unknown")
    try:
        objects = GatewayObject.objects.filter(wanted__gt=F("read")).count()
        return objects + PaymentAttempt.objects.filter(state__in=open_states).count()
    finally:
        connection.close()


class Happening:
    """What the customers of the fake gateway do, by chance."""

    def __init__(self, fake: "Fake") -> None:
        self.fake, self.chance = fake, Random(SEED)
        self.price = fake.price(amount=4900)
        self.customers: list[str] = []
        self.subscriptions: list[str] = []
        self.invoices: list[str] = []

    def until(self, events: int, told: set[str]) -> None:
        """This will let things happen until so many events were made in all."""
        acts: list[Callable[[], Any]] = [
            self.comes, self.comes, self.is_billed, self.pays, self.changes_card,
            self.leaves, self.renews_card,
        ]  # fmt: skip
        while len(told) + len(self.fake.waiting()) < events:
            self.chance.choice(acts if self.customers else [self.comes])()

    def comes(self) -> None:
        fates = self.chance.choice([("succeeds",), ("insufficient_funds", "succeeds")])
        customer = self.fake.customer(f"C{len(self.customers)}", fates=fates)
        self.customers.append(customer)
        told = self.fake.subscription(customer, self.price, billed=True)
        self.subscriptions.append(told)
        self.invoices.append(self.fake.object(told)["latest_invoice"])

    def is_billed(self) -> None:
        customer = self.chance.choice(self.customers)
        self.invoices.append(self.fake.invoice(customer, amount=2500))

    def pays(self) -> None:
        invoice = self.chance.choice(self.invoices)
        if self.fake.object(invoice)["status"] == "open":
            self.fake.pays(invoice)

    def changes_card(self) -> None:
        self.fake.new_card(self.chance.choice(self.customers))

    def renews_card(self) -> None:
        customer = self.fake.object(self.chance.choice(self.customers))
        method = customer["invoice_settings"]["default_payment_method"]
        self.fake.renew_card(method, expires="2031-05")

    def leaves(self) -> None:
        subscription = self.chance.choice(self.subscriptions)
        if self.fake.object(subscription)["status"] != "canceled":
            self.fake.gives_up(subscription)


def compare(fake: "Fake", happening: Happening, told: set[str]) -> list[Figure]:
    """This will hold what stands here against the gateway's own state and ledger."""
    from billing.models import GatewayEvent, GatewayObject

    known = set(GatewayEvent.objects.values_list("external_id", flat=True))
    troubled = GatewayObject.objects.exclude(trouble="").count()
    wrong = [*wrong_invoices(fake, happening), *wrong_subscriptions(fake, happening)]
    wrong += wrong_customers(fake, happening)
    twice = doubled(fake)
    for line in (*wrong, *twice):
        print(line)
    objects = GatewayObject.objects.count()
    return [
        ("objects read", objects, "> 0", objects > 0),
        ("objects in trouble", troubled, "0", troubled == 0),
        ("events lost", len(told - known), "0", told <= known),
        ("wrong final states", len(wrong), "0", not wrong),
        ("effects twice", len(twice), "0", not twice),
    ]


def wrong_invoices(fake: "Fake", happening: Happening) -> list[str]:
    from django.db.models import Sum

    from billing.models import Invoice, Payment

    ours = {row.external_id: row for row in Invoice.objects.all()}
    paid = dict(
        Payment.objects.filter(state="succeeded")
        .order_by()
        .values_list("invoice__external_id")
        .annotate(sum=Sum("amount"))
    )
    wrong = []
    for number in happening.invoices:
        theirs, row = fake.object(number), ours.get(number)
        if row is None or row.total * 100 != theirs["total"]:
            wrong.append(f"invoice {number}: {row}")
        if (paid.get(number, 0) or 0) * 100 != theirs["amount_paid"]:
            wrong.append(
                f"invoice {number}: {paid.get(number)} {theirs['amount_paid']}"
            )
    return wrong


def wrong_subscriptions(fake: "Fake", happening: Happening) -> list[str]:
    from billing.models import Subscription

    ours = {row.external_id: row for row in Subscription.objects.all()}
    wrong = []
    for number in happening.subscriptions:
        theirs, row = fake.object(number), ours.get(number)
        over = theirs["status"] == "canceled"
        if row is None or (row.ended_on is not None) != over:
            wrong.append(f"subscription {number}: {row} {theirs['status']}")
    return wrong


def wrong_customers(fake: "Fake", happening: Happening) -> list[str]:
    from billing.models import GatewayObject, PaymentMethod

    ours = {
        row.external_id: row.customer
        for row in GatewayObject.objects.filter(kind="customer").select_related(
            "customer"
        )
    }
    default = {
        row.customer_id: row
        for row in PaymentMethod.objects.filter(is_default=True, removed_at=None)
    }
    wrong = []
    for number in happening.customers:
        theirs, row = fake.object(number), ours.get(number)
        method = theirs["invoice_settings"]["default_payment_method"]
        card = fake.object(method)["card"]
        held = default.get(row.pk) if row else None
        if row is None or row.name != theirs["name"] or held is None:
            wrong.append(f"customer {number}: {row} {held}")
        elif held.external_id != method or (
            held.expires_on is None
            or (held.expires_on.year, held.expires_on.month)
            != (card["exp_year"], card["exp_month"])
        ):
            wrong.append(f"customer {number}: {held.external_id} {method}")
    return wrong


def doubled(fake: "Fake") -> list[str]:
    """This will list what has happened more often than it should: money, tries, lines."""
    from django.db.models import Count

    from billing.models import DunningAction, Movement, Payment, PaymentAttempt

    charged = Counter(r["invoice"] for r in fake.ledger() if r["kind"] == "charge")
    twice = [f"charged twice: {name}" for name, count in charged.items() if count > 1]
    found = (
        (Payment.objects.filter(state="succeeded"), ["invoice"]),
        (Payment.objects.all(), ["external_id"]),
        (PaymentAttempt.objects.exclude(external_id=""), ["external_id"]),
        (DunningAction.objects.all(), ["case", "step"]),
        (Movement.objects.all(), ["customer", "day", "kind", "currency", "before"]),
    )
    for rows, names in found:
        again = rows.order_by().values(*names).annotate(n=Count("id")).filter(n__gt=1)
        twice += [f"{rows.model.__name__} twice: {row}" for row in again]
    return twice


def standing() -> None:
    """This will print how things stand when they do not go on."""
    from django.db import connection
    from django.db.models import F

    from billing.models import GatewayAccount, GatewayObject, PaymentAttempt

    connection.close()
    print("account", GatewayAccount.objects.values("trouble", "resumes_at").first())
    for row in GatewayObject.objects.filter(wanted__gt=F("read"))[:20].values():
        print(row)
    for row in PaymentAttempt.objects.filter(state__in=("planned", "asked", "unknown"))[
        :5
    ].values():
        print(row)


if __name__ == "__main__":
    sys.exit(main())
