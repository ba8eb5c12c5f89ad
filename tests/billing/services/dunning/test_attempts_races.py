"""Several at once, each in a session of its own: one charge, one payment, one try."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actor import CONSOLE
from accounts.models import Company
from billing.enums import ObjectKind, PaymentState
from billing.gateways.objects import RemotePayment
from billing.models import PaymentAttempt
from billing.selectors.invoices import invoice_sums_of
from billing.services.dunning.asking import attempt_ask
from billing.services.dunning.attempts import UnableToCharge
from billing.services.dunning.janitor import attempts_look
from billing.services.dunning.taking import gateway_payment_take
from billing.services.gateways.access import gateway_of
from billing.services.payments import payment_record
from billing.services.settling import invoice_locked
from tests.billing.owed import DAY, Owed, owed
from tests.gateway import Fake
from tests.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)
CAME_IN = ("succeeded", Decimal(49))
PATIENCE = 60.0


@pytest.fixture
def due(standing: Fake, company: Company) -> Owed:
    return owed(standing)


@contextmanager
def beside(*works: Callable[[], Any]) -> Iterator[list[str]]:
    """This will do things in sessions of their own, begun together; what each raised."""
    ready, raised = Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        try:
            ready.wait(PATIENCE)
            work()
        except Exception as error:  # noqa: BLE001 - told to the test
            raised.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    yield raised
    for thread in threads:
        thread.join(PATIENCE)


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def somebody_waits() -> bool:
    """This will tell whether a session of this database waits for a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def read_and_take(due: Owed) -> None:
    """This will do what the reading of a webhook does, as soon as there is a charge."""
    # A connection of the control API is for one thread.
    with closing(Fake(due.fake.address)) as told:
        until(lambda: told.ledger(due.number))
        number = told.ledger(due.number)[0]["charge"]
    found = gateway_of(due.account).fetch(ObjectKind.PAYMENT, number)
    assert isinstance(found, RemotePayment)
    gateway_payment_take(invoice=due.invoice, remote=found, now=NOW)


def outcome(due: Owed) -> tuple[Any, ...]:
    return due.tries(), due.payments(), due.charged()


ONCE = ([(1, "succeeded", "schedule")], [CAME_IN], [4900])


def test_many_who_are_woken_for_one_try_charge_once(due: Owed) -> None:
    attempt = due.plan()
    with beside(*[lambda: attempt_ask(attempt_id=attempt.pk, now=NOW)] * 5) as raised:
        pass
    assert (raised, outcome(due)) == ([], ONCE)
    assert due.fake.counts()["POST invoices"] == 1


def test_many_who_plan_at_once_plan_one(due: Owed) -> None:
    with beside(*[due.plan] * 4) as raised:
        pass
    assert raised == [f"UnableToCharge: {UnableToCharge('open_attempt')}"] * 3
    assert due.tries() == [(1, "planned", "schedule")]


@pytest.mark.parametrize("fault", ["none", "hang_after", "lose_after"])
def test_our_answer_and_the_webhook_of_one_payment_are_one(
    due: Owed, fault: str
) -> None:
    """Whoever is second: a hung answer comes after the reading, a lost one never."""
    attempt = due.plan()
    due.fake.faults(script=[fault], hang=0.4)
    with beside(
        lambda: attempt_ask(attempt_id=attempt.pk, now=NOW),
        lambda: read_and_take(due),
    ) as raised:
        pass
    attempts_look(now=NOW)
    assert (raised, outcome(due)) == ([], ONCE)


def pay(due: Owed) -> None:
    payment_record(
        invoice=due.invoice, state=PaymentState.SUCCEEDED, amount=Decimal(49),
        happened_at=NOW, by=CONSOLE, now=NOW,
    )  # fmt: skip


def test_who_pays_by_another_way_first_is_not_charged(due: Owed) -> None:
    attempt, held = due.plan(), Event()

    def ask() -> None:
        held.wait(PATIENCE)
        attempt_ask(attempt_id=attempt.pk, now=NOW)

    with beside(ask) as raised, transaction.atomic():
        invoice_locked(due.invoice)
        held.set()
        # It looks at the invoice once more, and cannot before we are done.
        until(somebody_waits)
        pay(due)
    assert (raised, due.skips()) == ([], ["paid"])
    assert outcome(due) == ([(1, "not_made", "schedule")], [CAME_IN], [])


def test_who_pays_while_the_gateway_charges_has_paid_twice_and_is_told_so(
    due: Owed,
) -> None:
    """Nobody can prevent that any more; nothing of it is lost, and nobody waits."""
    attempt = due.plan()
    due.fake.faults(script=["hang_after"], hang=0.4)
    with beside(lambda: attempt_ask(attempt_id=attempt.pk, now=NOW)) as raised:
        until(due.charged)
        pay(due)
    assert raised == []
    assert outcome(due) == (ONCE[0], [CAME_IN, CAME_IN], [4900])
    assert invoice_sums_of(due.invoice).overpaid == Decimal(49)


def test_a_janitor_and_a_late_asker_come_to_the_same(due: Owed) -> None:
    """The lease runs out while the answer is on its way; the janitor finds it first."""
    attempt = due.plan()
    due.fake.faults(script=["hang_after"], hang=0.6)
    with beside(lambda: attempt_ask(attempt_id=attempt.pk, now=NOW)) as raised:
        until(due.charged)
        rows = PaymentAttempt.objects.filter(state="asked")
        rows.update(lease_until=NOW - DAY)
        attempts_look(now=NOW)
    assert (raised, outcome(due)) == ([], ONCE)
