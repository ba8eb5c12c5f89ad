"""Charging under fire: askers killed at every step, a gateway that loses its answers.

    script/chaos dunning          40 invoices, 6 kills
    script/chaos dunning --full   1,000 invoices, 200 kills

The fake gateway speaks Stripe's HTTP to Stripe's own library. Of a fifth of the charges the
answer is lost: half of them before the gateway has done anything, half after, some because
it answers later than anybody waits. For this storm it would charge a paid invoice again if
asked, so nothing but the key keeps it from charging twice. A tenth of the cards is declined
at first. The broker is away all the time. Two askers work at once on all invoices, and die
at a point that is drawn: after the plan, after the claim, right before the call, after it,
in the middle of recording, after asking what became of a charge. At the end the gateway's
own ledger is held against ours.

The control charges as many invoices at the same gateway with a new key for every question
that is sent: whatever it charges twice is what this test would show.
"""

import argparse
import datetime as dt
import logging
import os
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests import once
from tests.chaos import mail
from tests.chaos.mail import Figure
from tests.processes import own_database

if TYPE_CHECKING:
    from billing.models import GatewayAccount
    from tests.gateway import Fake

SEED = 20261122
POINTS = ("plan", "claim", "call", "answer", "record", "look")
ASKERS = 2
KILLED = 9
# Lost before anything was done, after it, and because nobody waits that long.
RATES = {"lose_before": 0.09, "lose_after": 0.09, "hang_before": 0.02}
PATIENCE = 1_800.0


@dataclass(frozen=True)
class Size:
    invoices: int
    kills: int
    control: int


SHORT = Size(invoices=40, kills=6, control=60)
FULL = Size(invoices=1_000, kills=200, control=300)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    size = FULL if parser.parse_args().full else SHORT
    template = once.migrated() if once.RUN in os.environ else "template1"
    with tempfile.TemporaryDirectory() as folder, own_database(template) as url:
        os.environ.update(
            DATABASE_URL=url,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_ATTEMPT_LEASE_SECONDS="4",
            KEEPWELL_ATTEMPT_LOOK_SECONDS="1",
            KEEPWELL_GATEWAY_SECONDS="2",
        )
        mail.prepare()
        logging.disable(logging.WARNING)
        with gateway(Path(folder)) as fake:
            figures = storm(fake, size) + control(fake, size)
        close_connections()
    for name, value, goal, fine in figures:
        print(f"{name:<44} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


@contextmanager
def gateway(folder: Path) -> "Iterator[Fake]":
    """This will run the fake gateway in a process of its own, and hurry what waits here."""
    from django.conf import settings

    from billing.gateways.stripe import charging
    from billing.services.dunning import answers, janitor
    from common import jobs
    from tests.gateway import own_fake

    # What takes minutes in earnest takes seconds here.
    second = dt.timedelta(seconds=1)
    charging.SAFE = answers.SOONEST = janitor.PAUSE = second
    # The broker has failed just now, for ever: nobody is woken, rows are found by looking.
    jobs._broker_failed_at = float("inf")
    with own_fake(folder / "gateway") as fake:
        settings.STRIPE_ADDRESS = fake.address
        fake.settings(pays_again=True)
        yield fake


def invoices_make(fake: "Fake", count: int) -> "GatewayAccount":
    """This will make invoices that are owed at both places, with their failed charges."""
    from django.db import transaction

    from billing.models import Invoice, PaymentMethod
    from billing.services.dunning.cases import case_open
    from customers.models import Customer

    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    account = fake.account()
    there = fake.make_all([{"kind": "customer", "name": "C"}] * count)
    fates = {True: ["insufficient_funds", "succeeds"], False: ["succeeds"]}
    cards = fake.make_all(
        [
            {"kind": "method", "customer": one, "behaves": fates[n % 10 == 0]}
            for n, one in enumerate(there)
        ]
    )
    numbers = fake.make_all(
        [
            {"kind": "invoice", "customer": one, "amount": 1_000 + n}
            for n, one in enumerate(there)
        ]
    )
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=f"C{n}",
            name=f"C{n}",
            customer_since=now.date(),
            recorded_at=now,
        )
        for n in range(count)
    )
    methods = PaymentMethod.objects.bulk_create(
        PaymentMethod(
            account=account, customer=customer, external_id=card, kind="card",
            is_default=True, added_at=now, recorded_at=now, changed_at=now,
        )
        for customer, card in zip(customers, cards, strict=True)
    )  # fmt: skip
    invoices = Invoice.objects.bulk_create(
        Invoice(
            customer=customer, external_id=number, issued_on=now.date(),
            due_on=now.date(), total=Decimal(1_000 + n) / 100, currency="EUR",
            recorded_at=now, gateway=account, collection="charge",
        )
        for n, (customer, number) in enumerate(zip(customers, numbers, strict=True))
    )  # fmt: skip
    for invoice, method in zip(invoices, methods, strict=True):
        with transaction.atomic():
            case_open(invoice=invoice, failed_at=now, method=method, now=now)
    return account


@dataclass
class Blows:
    """Who was killed where, and how long everything took."""

    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def storm(fake: "Fake", size: Size) -> list[Figure]:
    """This will charge everything while askers die and answers are lost, and compare."""
    invoices_make(fake, size.invoices)
    # Its connection for us has stood idle for too long; another is made.
    fake.close()
    fake.faults(rates=RATES, seed=SEED, hang=5.0)
    begun = time.monotonic()
    blows = strike(size)
    blows.seconds = time.monotonic() - begun
    fake.close()
    faults = {k: n for k, n in fake.counts().items() if k.startswith("fault")}
    fake.faults()
    return compare(fake, size, blows, faults)


def strike(size: Size) -> Blows:
    """This will keep two askers at work, each to die at a point, until all is over."""
    chance, blows = Random(SEED), Blows()
    points = list(POINTS) * (-(-size.kills // len(POINTS)))
    points = points[: size.kills]
    chance.shuffle(points)
    running: dict[int, str] = {}
    end = time.monotonic() + PATIENCE
    while True:
        while len(running) < ASKERS and (points or not over()):
            point = points.pop() if points else ""
            running[asker(point, chance.randrange(3), chance.random())] = point
        if not running:
            return blows
        if time.monotonic() > end:
            msg = f"Not over: {states()}"
            raise TimeoutError(msg)
        pid, status = os.wait()
        point = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, KILLED):
            msg = f"An asker ended by itself with {code}."
            raise RuntimeError(msg)
        blows.kills[point] += code == KILLED
        if not code and point and over():
            # Nothing is left to be killed at: told as a figure that falls short.
            points.clear()


def asker(point: str, after: int, seed: float) -> int:
    """This will start a process that charges, and dies when it comes to a point once more
    than `after` times. Returns its number."""
    close_connections()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = work(Doom(point, after), Random(seed))
    except BaseException:
        logging.getLogger(__name__).exception("An asker failed.")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass
class Doom:
    """Where a process dies."""

    point: str
    after: int

    def at(self, point: str) -> None:
        """This will end the process as a power cut would, if it is time."""
        if not point or point != self.point:
            return
        if self.after <= 0:
            os._exit(KILLED)
        self.after -= 1

    def around(
        self, home: Any, name: str, *, before: str = "", behind: str = ""
    ) -> None:
        """This will have a function pass by two points."""
        real: Callable[..., Any] = getattr(home, name)

        def passing(*args: Any, **more: Any) -> Any:
            self.at(before)
            done = real(*args, **more)
            self.at(behind)
            return done

        setattr(home, name, passing)


def work(doom: Doom, chance: Random) -> int:
    """This will plan, ask and look until nothing is left to do, as workers and ticks do."""
    from billing.gateways.stripe import StripeGateway
    from billing.services.dunning import asking, taking
    from billing.services.dunning.asking import attempt_ask
    from billing.services.dunning.janitor import attempts_look

    doom.around(asking, "attempt_claim", behind="claim")
    doom.around(StripeGateway, "charge", before="call", behind="answer")
    doom.around(StripeGateway, "outcome", behind="look")
    doom.around(taking, "payment_record", behind="record")
    end = time.monotonic() + PATIENCE
    while not over():
        if time.monotonic() > end:
            return 1
        attempt_id = planned(chance) or free(chance)
        if attempt_id:
            doom.at("plan")
            attempt_ask(attempt_id=attempt_id)
        else:
            time.sleep(0.05)
        if chance.random() < 0.2 or not attempt_id:
            attempts_look(now=dt.datetime.now(dt.UTC))
    return 0


def planned(chance: Random) -> int:
    """This will plan a try for one of the invoices that have none under way; 0 if none."""
    from django.db import transaction
    from django.db.models import Q

    from accounts.actor import MACHINE
    from billing.enums import AttemptCause
    from billing.models import DunningCase, Invoice, PaymentAttempt
    from billing.selectors.dunning.attempts import OPEN
    from billing.services.dunning.attempts import UnableToCharge, attempt_plan
    from billing.services.settling import invoice_locked

    # Stripe dates charges by the second: no schedule tries twice in one.
    lately = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    busy = PaymentAttempt.objects.filter(
        Q(state__in=OPEN) | Q(answered_at__gte=lately)
    ).values("invoice")
    rows = Invoice.objects.filter(paid_on__isnull=True).exclude(pk__in=busy)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:20])
    if not ids:
        return 0
    try:
        with transaction.atomic():
            invoice = invoice_locked(Invoice(pk=chance.choice(ids)))
            made = attempt_plan(
                invoice=invoice,
                case=DunningCase.objects.get(invoice=invoice),
                cause=AttemptCause.SCHEDULE,
                by=MACHINE,
                now=dt.datetime.now(dt.UTC),
            )
    except UnableToCharge:
        # The other asker was quicker.
        return 0
    return made.pk


def free(chance: Random) -> int:
    """This will choose a try that was planned and that nobody holds; 0 if there is none."""
    from billing.selectors.dunning.attempts import attempts_free

    rows = attempts_free(dt.datetime.now(dt.UTC)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:20])
    return chance.choice(ids) if ids else 0


def over() -> bool:
    """This will tell whether everything is paid and nothing is unknown."""
    from billing.models import Invoice, PaymentAttempt
    from billing.selectors.dunning.attempts import OPEN

    if Invoice.objects.filter(paid_on__isnull=True).exists():
        return False
    return not PaymentAttempt.objects.filter(state__in=OPEN).exists()


def states() -> dict[str, int]:
    from billing.models import PaymentAttempt

    return dict(Counter(PaymentAttempt.objects.values_list("state", flat=True)))


def compare(
    fake: "Fake", size: Size, blows: Blows, faults: dict[str, int]
) -> list[Figure]:
    """This will hold our rows against the gateway's own ledger."""
    from billing.models import Payment, PaymentAttempt
    from billing.selectors.dunning.attempts import OPEN

    ledger = fake.ledger()
    taken = Counter(row["invoice"] for row in ledger)
    twice = sum(count - 1 for count in taken.values())
    there = {(row["charge"], Decimal(row["amount"]) / 100) for row in ledger}
    came_in = Payment.objects.filter(state="succeeded")
    here = set(came_in.values_list("external_id", "amount"))
    sum_there = sum(row["amount"] for row in ledger)
    sum_here = sum(int(100 * amount) for _number, amount in here)
    known = dict(
        PaymentAttempt.objects.filter(state="succeeded").values_list(
            "external_id", "key"
        )
    )
    keys = sum(str(known.get(row["charge"])) != row["key"] for row in ledger)
    unknown = PaymentAttempt.objects.filter(state__in=OPEN).count()
    kills, never = blows.kills.total(), size.invoices - len(taken)
    looked = PaymentAttempt.objects.filter(looked__gt=0).count()
    print(f"{'seconds':<44} {blows.seconds:>8.1f}")
    print(f"{'kills by point':<44} {dict(sorted(blows.kills.items()))}")
    print(f"{'answers lost':<44} {faults}")
    print(f"{'tries by state':<44} {states()}")
    print(f"{'tries that had to be asked about':<44} {looked:>8}")
    print(f"{'cents at the gateway / here':<44} {sum_there} / {sum_here}")
    return [
        ("invoices", size.invoices, str(size.invoices), len(taken) == size.invoices),
        ("kills", kills, str(size.kills), kills == size.kills),
        ("charged twice", twice, "0", twice == 0),
        ("never charged", never, "0", never == 0),
        ("unknown left", unknown, "0", unknown == 0),
        ("payments that differ from the ledger", len(here ^ there), "0", here == there),
        ("charges under a key we do not know", keys, "0", keys == 0),
        ("declines told", declines(), str(size.invoices // 10), told_all(size)),
    ]


def declines() -> int:
    from billing.models import PaymentAttempt

    return PaymentAttempt.objects.filter(state="declined").count()


def told_all(size: Size) -> bool:
    """Each slow card is declined once, and its second try is another row."""
    return declines() == size.invoices // 10


def control(fake: "Fake", size: Size) -> list[Figure]:
    """This will charge with a key for each question, and count what is charged twice."""
    from billing.gateways.base import Access, Outcome
    from billing.gateways.stripe import StripeGateway
    from tests.gateway import KEY

    fake.reset()
    fake.settings(pays_again=True)
    there = fake.make_all([{"kind": "customer", "name": "C"}] * size.control)
    cards = fake.make_all([{"kind": "method", "customer": one} for one in there])
    numbers = fake.make_all(
        [{"kind": "invoice", "customer": one, "amount": 1_000} for one in there]
    )
    fake.faults(rates={"lose_before": 0.1, "lose_after": 0.1}, seed=SEED)
    naive = StripeGateway(Access(key=KEY))
    for number, card in zip(numbers, cards, strict=True):
        outcome = Outcome.UNKNOWN
        while outcome == Outcome.UNKNOWN:
            answer = naive.charge(
                invoice=number, method=card, amount=Decimal(10), currency="EUR",
                key=str(uuid.uuid4()),
            )  # fmt: skip
            outcome = answer.outcome
    twice = len(fake.ledger()) - size.control
    name = f"control: a key per question, {size.control} invoices"
    return [(name, twice, "> 0", twice > 0)]


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
