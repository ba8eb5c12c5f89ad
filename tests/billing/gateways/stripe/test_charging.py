"""Charging through the real library: once per key, and never a guess about the outcome."""

import datetime as dt
import socket
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from billing.gateways.base import (
    Access,
    Answer,
    Outcome,
    UnableToDoThere,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.gateways.stripe import StripeGateway
from tests.gateway import Fake

AMOUNT = Decimal("49.00")
MINUTES = dt.timedelta(minutes=1)


def charged(
    gateway: StripeGateway, invoice: str, method: str, key: str = "key-1"
) -> Answer:
    return gateway.charge(
        invoice=invoice, method=method, amount=AMOUNT, currency="EUR", key=key
    )


def became(
    gateway: StripeGateway, invoice: str, *, asked_at: dt.datetime | None = None
) -> Answer:
    return gateway.outcome(
        invoice=invoice,
        key="key-1",
        amount=AMOUNT,
        asked_at=asked_at or timezone.now(),
    )


def fake_client(gateway: StripeGateway) -> Any:
    """The library itself, for what we never do."""
    return gateway._client.v1


def owing(fake: Fake, *fates: str) -> tuple[str, str, str]:
    """A customer, the card that is charged, and an open invoice over 49 euros."""
    customer = fake.customer(fates=())
    method = fake.method(customer, *(fates or ("succeeds",)))
    return customer, method, fake.invoice(customer)


def test_a_charge_that_works_says_what_came_in(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, method, invoice = owing(fake)
    answer = charged(gateway, invoice, method)
    (moved,) = fake.ledger()
    assert (answer.outcome, answer.payment) == (Outcome.SUCCEEDED, moved["charge"])
    assert (answer.amount, answer.method) == (AMOUNT, method)
    assert answer.happened_at is not None
    # The same key asks nothing anew.
    assert charged(gateway, invoice, method) == answer
    assert [row["amount"] for row in fake.ledger()] == [4900]


@pytest.mark.parametrize(
    ("fate", "code"),
    [
        ("insufficient_funds", "insufficient_funds"),
        ("generic_decline", "generic_decline"),
        ("lost_card", "lost_card"),
        ("expired_card", "expired_card"),
        ("processing_error", "processing_error"),
    ],
)
def test_a_refusal_carries_the_banks_code_and_the_try(
    fake: Fake, gateway: StripeGateway, fate: str, code: str
) -> None:
    _customer, method, invoice = owing(fake, fate)
    began = timezone.now()
    answer = charged(gateway, invoice, method)
    assert (answer.outcome, answer.code) == (Outcome.DECLINED, code)
    assert answer.payment.startswith("ch_")
    assert answer.message
    assert fake.ledger() == []
    read = became(gateway, invoice, asked_at=began)
    assert (read.outcome, read.code, read.payment) == (
        Outcome.DECLINED,
        code,
        answer.payment,
    )


def test_a_bank_that_wants_a_word_from_the_customer_gives_the_page(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, method, invoice = owing(fake, "authentication_required")
    page = fake.object(invoice)["hosted_invoice_url"]
    answer = charged(gateway, invoice, method)
    assert (answer.outcome, answer.action_url) == (Outcome.NEEDS_ACTION, page)
    read = became(gateway, invoice)
    assert (read.outcome, read.action_url) == (Outcome.NEEDS_ACTION, page)
    assert read.payment == answer.payment


def test_what_is_under_way_for_days_is_unknown_until_the_bank_answers(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, method, invoice = owing(fake, "processing")
    began = timezone.now()
    assert charged(gateway, invoice, method).outcome == Outcome.UNKNOWN
    long_ago = began - 60 * MINUTES
    assert became(gateway, invoice, asked_at=long_ago).outcome == Outcome.UNKNOWN
    fake.bank_answers(invoice)
    read = became(gateway, invoice, asked_at=began)
    assert (read.outcome, read.amount) == (Outcome.SUCCEEDED, AMOUNT)


@pytest.mark.parametrize("fault", ["lose_after", "error_after"])
def test_an_answer_that_is_lost_is_unknown_and_found_by_reading(
    fake: Fake, gateway: StripeGateway, fault: str
) -> None:
    _customer, method, invoice = owing(fake)
    fake.faults(script=[fault])
    began = timezone.now()
    assert charged(gateway, invoice, method) == Answer(Outcome.UNKNOWN)
    (moved,) = fake.ledger()
    read = became(gateway, invoice, asked_at=began)
    assert (read.outcome, read.payment) == (Outcome.SUCCEEDED, moved["charge"])


@pytest.mark.parametrize("fault", ["lose_before", "error_before"])
def test_a_question_that_was_lost_is_unknown_for_two_minutes_and_then_not_made(
    fake: Fake, gateway: StripeGateway, fault: str
) -> None:
    _customer, method, invoice = owing(fake)
    fake.faults(script=[fault])
    began = timezone.now()
    assert charged(gateway, invoice, method) == Answer(Outcome.UNKNOWN)
    for minutes, outcome in ((0, "unknown"), (1, "unknown"), (3, "not_made")):
        read = became(gateway, invoice, asked_at=began - minutes * MINUTES)
        assert (minutes, read.outcome) == (minutes, outcome)
    assert fake.ledger() == []


def test_a_silent_gateway_is_unknown_after_our_patience(
    fake: Fake, gateway: StripeGateway, settings: Settings
) -> None:
    settings.GATEWAY_SECONDS = 0.3
    _customer, method, invoice = owing(fake)
    fake.faults(script=["hang_after"], hang=1)
    assert charged(gateway, invoice, method).outcome == Outcome.UNKNOWN


def test_a_gateway_that_is_not_there_was_certainly_not_asked(
    fake: Fake, settings: Settings
) -> None:
    _customer, method, invoice = owing(fake)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.STRIPE_ADDRESS = f"http://127.0.0.1:{free.getsockname()[1]}"
        gateway = StripeGateway(Access(key=fake.key))
        with pytest.raises(UnableToReachGateway):
            charged(gateway, invoice, method)
        with pytest.raises(UnableToReachGateway):
            became(gateway, invoice)
    assert fake.ledger() == []


def test_too_many_questions_tell_when_to_ask_again(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, method, invoice = owing(fake)
    fake.faults(script=["limit"])
    with pytest.raises(UnableToReachGateway) as refusal:
        charged(gateway, invoice, method)
    assert refusal.value.after is not None
    assert fake.ledger() == []


def test_a_key_that_is_in_use_or_was_used_for_something_else_is_unknown(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer, method, invoice = owing(fake)
    fake.faults(script=["conflict"])
    assert charged(gateway, invoice, method).outcome == Outcome.UNKNOWN
    fake.faults()
    assert charged(gateway, invoice, method).outcome == Outcome.SUCCEEDED
    other = fake.invoice(customer)
    # The library's IdempotencyError: the key stands for the first invoice.
    assert charged(gateway, other, method).outcome == Outcome.UNKNOWN
    assert len(fake.ledger()) == 1


def test_a_wrong_key_is_told_apart(fake: Fake) -> None:
    _customer, method, invoice = owing(fake)
    stranger = StripeGateway(Access(key="sk_test_wrong"))
    for act in (
        lambda: charged(stranger, invoice, method),
        lambda: became(stranger, invoice),
        stranger.check,
    ):
        with pytest.raises(UnableToUseGateway):
            act()


def test_what_others_did_before_we_asked_is_not_ours(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer, now = fake.customer(), timezone.now()
    fate, before = ("insufficient_funds",), now - 30 * MINUTES
    invoice = fake.invoice(customer, tries=fate, at=before)
    # It failed half an hour before: nothing of ours is there, and it is late enough.
    asked_at = now - 5 * MINUTES
    assert became(gateway, invoice, asked_at=asked_at).outcome == Outcome.NOT_MADE
    assert (
        became(gateway, invoice, asked_at=now - 40 * MINUTES).code
        == "insufficient_funds"
    )


def test_an_invoice_that_somebody_else_has_paid_is_not_charged(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, method, invoice = owing(fake)
    now = timezone.now()
    fake.clock(now=now - 30 * MINUTES)
    fake.pays(invoice)
    fake.clock(now=now)
    assert charged(gateway, invoice, method).outcome == Outcome.NOT_MADE
    assert became(gateway, invoice, asked_at=now).outcome == Outcome.NOT_MADE
    assert len(fake.ledger()) == 1


def test_a_method_that_is_nobodys_needs_another_one(
    fake: Fake, gateway: StripeGateway
) -> None:
    _customer, _method, invoice = owing(fake)
    answer = charged(gateway, invoice, "pm_unknown")
    assert (answer.outcome, answer.code) == (
        Outcome.DECLINED,
        "payment_method_invalid",
    )


def test_a_void_invoice_and_none_at_all_are_never_charged(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer, method, _open = owing(fake)
    invoice = fake.invoice(customer, state="draft")
    fake_client(gateway).invoices.finalize_invoice(invoice)
    fake_client(gateway).invoices.void_invoice(invoice)
    assert charged(gateway, invoice, method).outcome == Outcome.NOT_MADE
    assert charged(gateway, "in_none", method, "key-2").outcome == Outcome.NOT_MADE
    assert became(gateway, "in_none").outcome == Outcome.UNKNOWN
    assert fake.ledger() == []


def test_the_account_says_who_it_is(gateway: StripeGateway) -> None:
    assert gateway.check() == "Fake gateway (acct_fake)"


def test_pages_are_the_gateways_own(fake: Fake, gateway: StripeGateway) -> None:
    customer, _method, invoice = owing(fake)
    page = gateway.invoice_page(invoice=invoice)
    assert page == fake.object(invoice)["hosted_invoice_url"]
    assert page.startswith(fake.address)
    told = {"customer": customer, "back": "https://ours.example/pay/", "key": "k1"}
    first = gateway.methods_page(**told)
    assert first.startswith(fake.address)
    assert gateway.methods_page(**told) == first
    with pytest.raises(UnableToDoThere):
        gateway.methods_page(customer="cus_none", back="https://a.example", key="k2")


def test_pausing_and_ending_happen_once_and_not_to_what_is_over(
    fake: Fake, gateway: StripeGateway
) -> None:
    customer = fake.customer()
    subscription = fake.subscription(customer, fake.price())
    gateway.subscription_pause(subscription=subscription, key="p1")
    gateway.subscription_pause(subscription=subscription, key="p2")
    assert fake.object(subscription)["pause_collection"]["behavior"] == "void"
    gateway.subscription_end(subscription=subscription, key="e1")
    gateway.subscription_end(subscription=subscription, key="e2")
    gateway.subscription_pause(subscription=subscription, key="p3")
    assert fake.object(subscription)["status"] == "canceled"
    gateway.subscription_end(subscription="sub_none", key="e3")
    counts = fake.counts()
    assert (counts["POST subscriptions"], counts["DELETE subscriptions"]) == (1, 1)
