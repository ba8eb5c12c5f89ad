"""What may be planned: a row with its key, one at a time, and never for nothing."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.actor import CONSOLE
from accounts.models import Company
from billing.enums import AttemptCause, AttemptState, CaseState, Collection
from billing.models import DunningCase, GatewayAccount, Invoice, PaymentAttempt
from billing.services.credit_notes import credit_note_record
from billing.services.dunning.attempts import AGAINST, UnableToCharge
from billing.services.payments import payment_record
from tests.billing.owed import DAY, Owed, owed
from tests.gateway import Fake
from tests.world import NOW, days_ago, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(standing: Fake, company: Company) -> Owed:
    return owed(standing)


def test_a_try_is_a_row_with_its_key_before_anybody_is_asked(due: Owed) -> None:
    made = PaymentAttempt.objects.get(pk=due.plan().pk)
    assert made.key is not None
    told = (made.number, made.state, made.amount, made.currency, made.method, made.case)
    assert told == (1, "planned", Decimal(49), "EUR", due.method, due.case)
    assert (made.planned_at, made.asked_at, made.cause) == (NOW, None, "schedule")
    assert due.charged() == []


def test_what_is_owed_counts_and_not_the_whole_invoice(due: Owed) -> None:
    credit_note_record(
        invoice=due.invoice,
        amount=Decimal(9),
        issued_on=days_ago(0),
        by=CONSOLE,
        now=NOW,
    )
    assert due.plan().amount == Decimal(40)


def paid(due: Owed) -> None:
    payment_record(
        invoice=due.invoice, state="succeeded", amount=Decimal(49), happened_at=NOW,
        by=CONSOLE, now=NOW,
    )  # fmt: skip


def void(due: Owed) -> None:
    credit_note_record(
        invoice=due.invoice, amount=Decimal(49), issued_on=days_ago(0), by=CONSOLE,
        now=NOW, external_id=f"void:{due.number}",
    )  # fmt: skip


def by_transfer(due: Owed) -> None:
    Invoice.objects.update(collection=Collection.TRANSFER)


def ended(due: Owed) -> None:
    sub = subscribe(due.invoice.customer)
    sub.ended_on = days_ago(0)
    sub.save()
    Invoice.objects.update(subscription=sub)


def closed(due: Owed) -> None:
    DunningCase.objects.update(state=CaseState.STOPPED, closed_at=NOW)


def left_alone(due: Owed) -> None:
    DunningCase.objects.update(waits_until=NOW + DAY)


def by_hand(due: Owed) -> None:
    Invoice.objects.update(gateway=None)


def off(due: Owed) -> None:
    GatewayAccount.objects.update(is_on=False)


def collects(due: Owed) -> None:
    GatewayAccount.objects.update(collects=False)


def trouble(due: Owed) -> None:
    GatewayAccount.objects.update(trouble="No.", resumes_at=NOW + DAY)


def under_way(due: Owed) -> None:
    due.plan()


def removed(due: Owed) -> None:
    due.method.removed_at = NOW
    due.method.save()


def not_default(due: Owed) -> None:
    due.method.is_default = False
    due.method.save()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (paid, "paid"),
        (void, "void"),
        (by_transfer, "not_charged"),
        (ended, "subscription_ended"),
        (closed, "case_closed"),
        (left_alone, "waits"),
        (by_hand, "no_gateway"),
        (off, "gateway_off"),
        (collects, "gateway_collects"),
        (trouble, "gateway_trouble"),
        (under_way, "open_attempt"),
        (removed, "no_method"),
        (not_default, "no_method"),
    ],
)
def test_what_stands_against_a_try(
    due: Owed, happens: Callable[[Owed], None], reason: str
) -> None:
    happens(due)
    before = PaymentAttempt.objects.count()
    with pytest.raises(UnableToCharge) as told:
        due.plan()
    assert (told.value.reason, str(told.value)) == (reason, AGAINST[reason])
    assert PaymentAttempt.objects.count() == before


def test_a_person_may_try_what_was_left_alone_and_trouble_passes(due: Owed) -> None:
    left_alone(due)
    GatewayAccount.objects.update(
        trouble="No.", resumes_at=NOW - dt.timedelta(seconds=1)
    )
    assert due.plan(cause=AttemptCause.PERSON).cause == "person"


def test_the_database_holds_at_most_one_open_try_for_an_invoice(due: Owed) -> None:
    first = due.plan()
    for state in ("planned", "asked", "unknown"):
        PaymentAttempt.objects.filter(pk=first.pk).update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentAttempt.objects.create(
                invoice=due.invoice, customer=due.invoice.customer, number=2,
                account=due.account, cause=AttemptCause.SCHEDULE, amount=Decimal(1),
                currency="EUR", planned_at=NOW,
            )  # fmt: skip
    PaymentAttempt.objects.filter(pk=first.pk).update(state=AttemptState.DECLINED)
    assert due.plan().number == 2
