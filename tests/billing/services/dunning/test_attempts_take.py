"""Payments as a gateway tells them: once each, on the try that they were."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Company
from billing.enums import PaymentState
from billing.gateways.base import Answer, Outcome
from billing.gateways.objects import RemotePayment
from billing.models import DunningCase, Invoice, Payment, PaymentAttempt
from billing.services.dunning.answers import attempt_record
from billing.services.dunning.asking import attempt_ask
from billing.services.dunning.taking import gateway_payment_take
from tests.billing.owed import DAY, Owed, owed
from tests.gateway import Fake
from tests.world import NOW, days_ago

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
FAILED = ("failed", Decimal(49))
CAME_IN = ("succeeded", Decimal(49))


@pytest.fixture
def due(standing: Fake, company: Company) -> Owed:
    return owed(standing)


def told(due: Owed, number: str = "ch_1", state: str = "failed", **more: Any) -> Any:
    """This will make a payment as reading the gateway gives it."""
    fields: dict[str, Any] = {"amount": Decimal(49), "happened_at": NOW, **more}
    if state == "failed":
        fields = {"decline_code": "insufficient_funds", **fields}
    return RemotePayment(
        external_id=number, invoice=due.number, state=state, currency="EUR", **fields
    )


def take(due: Owed, remote: RemotePayment, now: dt.datetime = NOW) -> Any:
    return gateway_payment_take(invoice=due.invoice, remote=remote, now=now)


def asked(due: Owed, now: dt.datetime = NOW) -> PaymentAttempt:
    """This will plan a try and lose the answer after the gateway has charged."""
    due.fake.faults(script=["lose_after"])
    attempt = due.plan(now)
    attempt_ask(attempt_id=attempt.pk, now=now)
    attempt.refresh_from_db()
    assert attempt.state == "unknown"
    return attempt


def answer(due: Owed, attempt: PaymentAttempt, number: str, **more: Any) -> None:
    fields: dict[str, Any] = {"outcome": Outcome.SUCCEEDED, "happened_at": NOW, **more}
    attempt_record(attempt=attempt, answer=Answer(payment=number, **fields), now=NOW)


def test_a_failure_that_the_gateway_tells_is_a_try_of_its_own(due: Owed) -> None:
    made = take(due, told(due, method=due.method.external_id))
    kept = PaymentAttempt.objects.get()
    assert made == kept
    assert (kept.cause, kept.key, kept.number) == ("gateway", None, 1)
    assert (kept.state, kept.decline_code, kept.decline_group) == (
        "declined",
        "insufficient_funds",
        "soft",
    )
    assert (kept.method, kept.case) == (due.method, due.case)
    assert due.payments() == [FAILED]


def test_the_first_failure_opens_a_case(due: Owed) -> None:
    DunningCase.objects.all().delete()
    take(due, told(due, happened_at=NOW - DAY))
    case = DunningCase.objects.get()
    assert (case.state, case.began_at, case.failed) == ("open", NOW - DAY, Decimal(49))
    assert PaymentAttempt.objects.get().case == case


def test_a_failure_of_what_is_paid_since_opens_none(due: Owed) -> None:
    DunningCase.objects.all().delete()
    take(due, told(due, "ch_2", "succeeded"))
    take(due, told(due, happened_at=NOW - DAY))
    assert DunningCase.objects.count() == 0
    assert due.tries() == [(1, "succeeded", "gateway"), (2, "declined", "gateway")]


@pytest.mark.parametrize("state", ["failed", "succeeded", "needs_action"])
def test_the_same_payment_is_one_row_however_often_it_is_told(
    due: Owed, state: str
) -> None:
    for minutes in range(3):
        take(due, told(due, state=state), NOW + minutes * MINUTE)
    assert len(due.tries()) == 1
    assert len(due.payments()) == (state != "needs_action")


def test_what_came_in_never_fails_afterwards(due: Owed) -> None:
    take(due, told(due, state="succeeded"))
    for worse in ("failed", "needs_action", "open"):
        take(due, told(due, state=worse))
    assert due.tries() == [(1, "succeeded", "gateway")]
    assert due.payments() == [CAME_IN]


def test_a_number_that_failed_and_goes_on_keeps_both_payments(due: Owed) -> None:
    """Gateways with one number for all tries of an invoice."""
    take(due, told(due))
    take(due, told(due, state="succeeded", happened_at=NOW + MINUTE), NOW + MINUTE)
    assert due.tries() == [(1, "succeeded", "gateway")]
    assert due.payments() == [FAILED, CAME_IN]
    last = Payment.objects.get(external_id="ch_1")
    assert (last.state, PaymentAttempt.objects.get().payment) == ("succeeded", last)


def test_what_is_under_way_or_over_nothing_is_not_noted(due: Owed) -> None:
    assert take(due, told(due, state="open")) is None
    assert take(due, told(due, amount=Decimal(0))) is None
    assert (due.tries(), due.payments()) == ([], [])


def test_a_clock_ahead_of_ours_makes_no_payment_of_tomorrow(due: Owed) -> None:
    for _again in range(2):
        take(due, told(due, state="succeeded", happened_at=NOW + MINUTE))
    assert Payment.objects.get().happened_at == NOW
    assert Invoice.objects.get().paid_on == days_ago(0)


def test_read_before_our_answer_came_it_is_our_try(due: Owed) -> None:
    attempt = asked(due)
    (entry,) = due.fake.ledger()
    remote = told(due, entry["charge"], "succeeded", method=due.method.external_id)
    assert take(due, remote) == attempt
    assert due.tries() == [(1, "succeeded", "schedule")]
    # Our answer comes late, and twice.
    for _again in range(2):
        answer(due, attempt, entry["charge"])
    assert due.tries() == [(1, "succeeded", "schedule")]
    assert due.payments() == [CAME_IN]


@pytest.mark.parametrize(
    "other",
    [
        {"amount": Decimal(12)},
        {"method": "pm_another"},
        {"happened_at": NOW - 6 * MINUTE},
    ],
)
def test_a_payment_that_cannot_be_ours_is_the_gateways(
    due: Owed, other: dict[str, Any]
) -> None:
    asked(due)
    take(due, told(due, "ch_9", "succeeded", **other))
    assert due.tries() == [(1, "unknown", "schedule"), (2, "succeeded", "gateway")]


def test_by_our_key_it_is_ours_whatever_else_is_told(due: Owed) -> None:
    attempt = asked(due)
    remote = told(due, "ch_9", "succeeded", key=str(attempt.key), method="pm_another")
    assert take(due, remote) == attempt


def test_our_answer_takes_over_what_was_read_as_the_gateways(due: Owed) -> None:
    attempt = asked(due)
    remote = told(due, "ch_9", "succeeded", method="pm_another")
    take(due, remote)
    answer(due, attempt, "ch_9")
    assert due.tries() == [(1, "succeeded", "schedule")]
    assert due.payments() == [CAME_IN]
    assert PaymentAttempt.objects.get().payment == Payment.objects.get()


def test_what_was_read_as_ours_and_is_not_gets_a_row_of_its_own(due: Owed) -> None:
    attempt = asked(due)
    take(due, told(due, "ch_other", "failed", method=due.method.external_id))
    assert due.tries() == [(1, "declined", "schedule")]
    answer(due, attempt, "ch_ours")
    assert due.tries() == [(1, "succeeded", "schedule"), (2, "declined", "gateway")]
    numbers = PaymentAttempt.objects.order_by("number").values_list(
        "external_id", "payment__external_id"
    )
    assert list(numbers) == [("ch_ours", "ch_ours"), ("ch_other", "ch_other")]
    assert due.payments() == [FAILED, CAME_IN]


def test_a_success_that_another_try_of_ours_brought_is_not_had_twice(
    due: Owed,
) -> None:
    """Asked anew, the gateway may tell of the payment that it has already."""
    first = asked(due)
    PaymentAttempt.objects.update(state="not_made")
    second = due.plan(NOW + DAY)
    answer(due, first, "ch_1")
    answer(due, second, "ch_1")
    assert due.tries() == [(1, "succeeded", "schedule"), (2, "not_made", "schedule")]
    assert due.payments() == [CAME_IN]


@pytest.mark.parametrize("state", ["planned", "asked", "unknown", "not_made"])
def test_a_definite_answer_counts_however_late_and_over_anything_but_success(
    due: Owed, state: str
) -> None:
    attempt = asked(due)
    PaymentAttempt.objects.update(state=state, claim=uuid.uuid4())
    answer(due, attempt, "", outcome=Outcome.UNKNOWN)
    answer(due, attempt, "", outcome=Outcome.NOT_MADE)
    assert due.tries() == [(1, state, "schedule")]
    answer(due, attempt, "ch_1", outcome=Outcome.DECLINED, code="lost_card")
    assert due.tries() == [(1, "declined", "schedule")]
    answer(due, attempt, "ch_2")
    assert due.tries()[0] == (1, "succeeded", "schedule")


def test_an_unknown_that_comes_late_takes_nothing_back(due: Owed) -> None:
    attempt = asked(due)
    answer(due, attempt, "ch_1")
    answer(due, attempt, "", outcome=Outcome.UNKNOWN)
    answer(due, attempt, "", outcome=Outcome.NOT_MADE)
    answer(due, attempt, "ch_1", outcome=Outcome.DECLINED)
    assert due.tries() == [(1, "succeeded", "schedule")]
    assert due.payments() == [CAME_IN]


def test_what_waited_for_the_customer_goes_on_under_another_number(
    standing: Fake, company: Company
) -> None:
    due = owed(standing, "authentication_required")
    attempt = due.plan()
    attempt_ask(attempt_id=attempt.pk, now=NOW)
    assert due.tries() == [(1, "needs_action", "schedule")]
    due.fake.confirms(due.number)
    (entry,) = due.fake.ledger()
    remote = told(due, entry["charge"], "succeeded", method=due.method.external_id)
    take(due, replace(remote, happened_at=NOW + MINUTE), NOW + MINUTE)
    assert due.tries() == [(1, "succeeded", "schedule")]
    assert (due.payments(), due.owing()) == ([CAME_IN], Decimal(0))
    assert PaymentAttempt.objects.get().external_id == entry["charge"]


def test_a_payment_without_a_number_gets_its_own_when_that_is_told(due: Owed) -> None:
    attempt = asked(due)
    answer(due, attempt, "")
    kept = Payment.objects.get()
    assert (kept.external_id, kept.state) == (str(attempt.key), PaymentState.SUCCEEDED)
    for _again in range(2):
        take(due, told(due, "ch_7", "succeeded", method=due.method.external_id))
    assert due.tries() == [(1, "succeeded", "schedule")]
    assert Payment.objects.get().external_id == "ch_7"
    assert PaymentAttempt.objects.get().external_id == "ch_7"


def test_a_payment_by_another_way_makes_no_case_and_is_looked_at(due: Owed) -> None:
    DunningCase.objects.update(next_at=None)
    take(due, told(due, "ch_5", "succeeded"))
    assert due.owing() == 0
    assert DunningCase.objects.get().next_at == NOW


def test_two_tries_of_ours_under_one_number_keep_their_payments(due: Owed) -> None:
    first = asked(due)
    declined = {"outcome": Outcome.DECLINED, "code": "insufficient_funds"}
    answer(due, first, "pi_1", **declined)
    second = due.plan(NOW + DAY)
    for _again in range(2):
        answer(due, second, "pi_1", **declined)
    rows = PaymentAttempt.objects.order_by("number")
    numbers = rows.values_list("state", "external_id", "payment__external_id")
    assert list(numbers) == [("declined", "", "pi_1#1"), ("declined", "pi_1", "pi_1")]
    assert due.payments() == [FAILED, FAILED]


def test_the_page_to_confirm_on_may_be_told_later(due: Owed) -> None:
    take(due, told(due, state="needs_action"))
    assert PaymentAttempt.objects.get().action_url == ""
    take(due, told(due, state="needs_action", action_url="https://pay.example/1"))
    assert PaymentAttempt.objects.get().action_url == "https://pay.example/1"
