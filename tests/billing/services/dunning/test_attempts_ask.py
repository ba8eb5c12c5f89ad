"""Asking the gateway: what each of its answers makes of a try."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import CONSOLE
from accounts.models import Company
from billing.enums import CaseState
from billing.gateways.base import Answer
from billing.gateways.stripe import StripeGateway
from billing.models import (
    DunningCase,
    GatewayAccount,
    GatewayObject,
    Invoice,
    Payment,
    PaymentAttempt,
)
from billing.services.dunning.asking import attempt_ask
from billing.services.gateways.access import access_sealed
from billing.services.payments import payment_record
from billing.tasks import attempt_ask_task, attempts_tick_task
from tests.billing.owed import DAY, Owed, owed
from tests.gateway import Fake
from tests.world import NOW, days_ago, subscribe

pytestmark = pytest.mark.django_db
READER = "rk_test_reader"
MINUTE = dt.timedelta(minutes=1)
FAILED = ("failed", Decimal(49))
CAME_IN = ("succeeded", Decimal(49))


@pytest.fixture
def due(standing: Fake, company: Company) -> Owed:
    return owed(standing)


def ask(attempt: PaymentAttempt, now: dt.datetime = NOW) -> PaymentAttempt:
    """This will do what a worker does that was woken."""
    attempt_ask(attempt_id=attempt.pk, now=now)
    attempt.refresh_from_db()
    return attempt


def test_a_charge_that_succeeds_is_a_payment_and_settles_the_invoice(
    due: Owed,
) -> None:
    made = ask(due.plan())
    (entry,) = due.fake.ledger(due.number)
    assert (made.state, made.asked_at, made.answered_at) == ("succeeded", NOW, NOW)
    assert (made.external_id, str(made.key)) == (entry["charge"], entry["key"])
    assert made.payment == Payment.objects.get(external_id=entry["charge"])
    assert due.payments() == [CAME_IN]
    assert Invoice.objects.get().paid_on == days_ago(0)
    # The case is looked at, and nobody holds the try.
    assert DunningCase.objects.get().next_at == NOW
    assert (made.claim, made.lease_until, made.look_at) == (None, None, None)


def test_asked_again_nothing_happens_again(due: Owed) -> None:
    made = ask(due.plan())
    assert ask(made).state == "succeeded"
    assert (due.charged(), due.payments()) == ([4900], [CAME_IN])
    attempt_ask(attempt_id=0, now=NOW)


@pytest.mark.parametrize(
    ("fate", "code", "group"),
    [
        ("insufficient_funds", "insufficient_funds", "soft"),
        ("lost_card", "lost_card", "hard"),
        ("expired_card", "expired_card", "hard"),
    ],
)
def test_a_refusal_is_told_with_its_code_and_what_it_means(
    standing: Fake, company: Company, fate: str, code: str, group: str
) -> None:
    due = owed(standing, fate, "succeeds")
    made = ask(due.plan())
    assert (made.state, made.decline_code, made.decline_group) == (
        "declined",
        code,
        group,
    )
    assert due.payments() == [FAILED]
    assert Payment.objects.get().reason == code
    assert DunningCase.objects.get().next_at == NOW
    # A definite answer: the next try has a key of its own.
    again = ask(due.plan(NOW + DAY), NOW + DAY)
    assert again.state == "succeeded"
    assert again.key != made.key
    assert (due.charged(), due.payments()) == ([4900], [FAILED, CAME_IN])


def test_what_the_customer_must_confirm_has_a_page_and_no_payment(
    standing: Fake, company: Company
) -> None:
    due = owed(standing, "authentication_required")
    made = ask(due.plan())
    assert (made.state, made.decline_group) == ("needs_action", "action")
    assert made.action_url.startswith("http")
    assert due.payments() == []


def test_an_answer_that_is_lost_leaves_the_try_unknown(due: Owed) -> None:
    due.fake.faults(script=["lose_after"])
    made = ask(due.plan())
    assert (made.state, made.claim, made.lease_until) == ("unknown", None, None)
    assert made.look_at is not None
    assert made.look_at > NOW
    # Nobody charges it again meanwhile.
    assert ask(made, NOW + DAY).state == "unknown"
    assert (due.charged(), due.payments()) == ([4900], [])


def test_a_gateway_out_of_reach_is_asked_later_with_the_same_key(due: Owed) -> None:
    due.fake.faults(script=["limit"], retry_after=300)
    made = due.plan()
    key = made.key
    made = ask(made)
    assert (made.state, made.key, made.asked_at) == ("planned", key, None)
    assert made.look_at == NOW + 5 * MINUTE
    # Not before.
    assert ask(made, NOW + 4 * MINUTE).state == "planned"
    assert ask(made, NOW + 5 * MINUTE).state == "succeeded"
    assert [row["key"] for row in due.fake.ledger()] == [str(key)]


def test_the_wait_grows_with_the_time_the_try_has_waited(
    due: Owed, settings: Settings
) -> None:
    settings.STRIPE_ADDRESS = "http://127.0.0.1:9"
    made = ask(due.plan())
    assert made.look_at == NOW + MINUTE
    for waited, pause in ((8, 2), (100, 25), (1_000, 60)):
        moment = NOW + waited * MINUTE
        assert ask(made, moment).look_at == moment + pause * MINUTE
    assert made.state == "planned"


@pytest.mark.parametrize(
    "secrets", [access_sealed(key="sk_gone", hooks=[]), "cannot be read"]
)
def test_a_key_that_is_refused_is_trouble_of_ours_and_burns_no_try(
    due: Owed, secrets: str
) -> None:
    good = due.account.secrets
    GatewayAccount.objects.update(secrets=secrets)
    made = ask(due.plan())
    account = GatewayAccount.objects.get()
    assert account.trouble
    assert (account.trouble_at, account.resumes_at) == (NOW, NOW + 5 * MINUTE)
    assert (made.state, made.look_at) == ("planned", NOW + 5 * MINUTE)
    # It lasts: the pause grows.
    ask(made, NOW + 30 * MINUTE)
    account.refresh_from_db()
    assert (account.trouble_at, account.resumes_at) == (NOW, NOW + 45 * MINUTE)
    # It passes: the same row goes on.
    GatewayAccount.objects.update(secrets=good)
    assert ask(made, NOW + 45 * MINUTE).state == "succeeded"
    account.refresh_from_db()
    assert (account.trouble, account.resumes_at) == ("", None)


def test_a_key_that_may_read_and_not_charge_is_trouble_too(due: Owed) -> None:
    GatewayAccount.objects.update(secrets=access_sealed(key=READER, hooks=[]))
    made = ask(due.plan())
    assert made.state == "planned"
    assert "permission" in GatewayAccount.objects.get().trouble
    assert due.charged() == []


def test_while_the_account_rests_others_wait_without_asking(due: Owed) -> None:
    other = owed(due.fake, account=due.account)
    made = other.plan()
    until = NOW + 10 * MINUTE
    GatewayAccount.objects.update(trouble="No.", trouble_at=NOW, resumes_at=until)
    made = ask(made)
    assert (made.state, made.look_at) == ("planned", until)
    assert other.charged() == []


def pays_elsewhere(due: Owed) -> None:
    payment_record(
        invoice=due.invoice, state="succeeded", amount=Decimal(49), happened_at=NOW,
        by=CONSOLE, now=NOW,
    )  # fmt: skip


def closed(due: Owed) -> None:
    DunningCase.objects.update(state=CaseState.STOPPED, closed_at=NOW)


def left_alone(due: Owed) -> None:
    DunningCase.objects.update(waits_until=NOW + DAY)


def removed(due: Owed) -> None:
    due.method.removed_at = NOW
    due.method.save()


def another_card(due: Owed) -> None:
    due.method.is_default = False
    due.method.save()


def renewed(due: Owed) -> None:
    due.method.changed_at = NOW + MINUTE
    due.method.save()


def forgotten(due: Owed) -> None:
    due.method.delete()


def ended(due: Owed) -> None:
    sub = subscribe(due.invoice.customer)
    sub.ended_on = days_ago(0)
    sub.save()
    Invoice.objects.update(subscription=sub)


def off(due: Owed) -> None:
    GatewayAccount.objects.update(is_on=False)


def looked_on(due: Owed) -> None:
    GatewayAccount.objects.update(collects=False)


def paid_there(due: Owed) -> None:
    due.fake.pays(due.number)


def partly_paid_here(due: Owed) -> None:
    payment_record(
        invoice=due.invoice, state="succeeded", amount=Decimal(9), happened_at=NOW,
        by=CONSOLE, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (pays_elsewhere, "paid"),
        (closed, "case_closed"),
        (left_alone, "waits"),
        (removed, "method_changed"),
        (another_card, "method_changed"),
        (renewed, "method_changed"),
        (forgotten, "method_changed"),
        (ended, "subscription_ended"),
        (off, "gateway_off"),
        (looked_on, "gateway_collects"),
        (paid_there, "differs"),
        (partly_paid_here, "differs"),
    ],
)
def test_what_happened_since_stops_the_charge_and_is_told(
    due: Owed, happens: Callable[[Owed], None], reason: str
) -> None:
    attempt = due.plan()
    happens(due)
    before = due.charged()
    made = ask(attempt, NOW + 2 * MINUTE)
    assert (made.state, made.reason, made.asked_at) == ("not_made", reason, None)
    assert due.skips() == [reason]
    assert due.charged() == before
    # Nobody is charged for it later either.
    assert ask(attempt, NOW + DAY).state == "not_made"


def test_an_invoice_that_stands_otherwise_there_is_read_anew(due: Owed) -> None:
    attempt = due.plan()
    paid_there(due)
    ask(attempt)
    wanted = GatewayObject.objects.get(external_id=due.number)
    assert (wanted.kind, wanted.wanted > wanted.read) == ("invoice", True)


def test_less_is_charged_when_less_is_owed_at_both_places(due: Owed) -> None:
    """What is open there is the most that is ever taken."""
    attempt = due.plan()
    partly_paid_here(due)
    requests.post(
        f"{due.fake.address}/v1/credit_notes",
        data={"invoice": due.number, "amount": "900"},
        headers={"Authorization": f"Bearer {due.fake.key}"},
        timeout=20,
    ).raise_for_status()
    assert ask(attempt).state == "succeeded"
    assert (attempt.amount, due.charged()) == (Decimal(40), [4000])


def test_a_process_that_stood_still_does_not_ask_any_more(
    due: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.services.dunning import asking, holding

    real = asking.attempt_begin

    def slowly(turn: holding.Turn, **more: object) -> str:
        told = real(turn, **more)  # type: ignore[arg-type]
        monkeypatch.setattr(holding, "seconds", lambda: turn.began + 161)
        return told

    monkeypatch.setattr(asking, "attempt_begin", slowly)
    made = ask(due.plan())
    assert (made.state, made.asked_at, due.charged()) == ("planned", None, [])


def test_what_breaks_before_the_charge_waits_and_what_breaks_in_it_is_unknown(
    due: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError

    attempt = due.plan()
    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "fetch", breaks)
        assert ask(attempt).state == "planned"
    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "charge", breaks)
        assert ask(attempt, NOW + MINUTE).state == "unknown"
    assert due.charged() == []


def test_what_the_gateway_refuses_for_good_is_not_made_and_read_anew(
    due: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was paid there between our look and our charge."""
    real = StripeGateway.charge

    def late(gateway: StripeGateway, **asked: Any) -> Answer:
        due.fake.pays(due.number)
        return real(gateway, **asked)

    monkeypatch.setattr(StripeGateway, "charge", late)
    made = ask(due.plan())
    assert (made.state, made.reason) == ("not_made", "never_arrived")
    assert due.charged() == [4900]
    wanted = GatewayObject.objects.get(external_id=due.number)
    assert wanted.wanted > wanted.read


def test_a_worker_asks_by_the_databases_own_time(fake: Fake, company: Company) -> None:
    due = owed(fake, now=timezone.now())
    attempt = due.plan(timezone.now())
    due.fake.faults(script=["lose_after"])
    attempt_ask_task(attempt_id=attempt.pk)
    # The tick looks when it is time.
    attempts_tick_task()
    attempt.refresh_from_db()
    assert attempt.state == "unknown"
    PaymentAttempt.objects.update(look_at=timezone.now())
    attempts_tick_task()
    attempt.refresh_from_db()
    assert attempt.state == "succeeded"
    assert attempt.asked_at is not None
    assert attempt.answered_at is not None
    assert attempt.planned_at < attempt.asked_at < attempt.answered_at
