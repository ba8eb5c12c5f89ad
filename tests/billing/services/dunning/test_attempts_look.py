"""The janitor: what became of tries that nobody has told the end of."""

import datetime as dt
import uuid
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company
from billing.enums import AttemptState
from billing.gateways.stripe import StripeGateway
from billing.models import GatewayAccount, Payment, PaymentAttempt
from billing.services.dunning.asking import attempt_ask
from billing.services.dunning.holding import attempt_claim
from billing.services.dunning.janitor import attempts_look
from billing.services.gateways.access import gateway_of
from tests.billing.owed import DAY, Owed, owed
from tests.gateway import Fake
from tests.world import NOW

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
CAME_IN = ("succeeded", Decimal(49))


@pytest.fixture
def due(standing: Fake, company: Company) -> Owed:
    return owed(standing)


def lost(due: Owed, fault: str) -> PaymentAttempt:
    """This will ask and lose the answer."""
    due.fake.faults(script=[fault])
    attempt = due.plan()
    attempt_ask(attempt_id=attempt.pk, now=NOW)
    attempt.refresh_from_db()
    assert attempt.state == "unknown"
    return attempt


def state_of(attempt: PaymentAttempt) -> str:
    attempt.refresh_from_db()
    return attempt.state


def test_what_was_charged_is_found_and_noted_once(due: Owed) -> None:
    attempt = lost(due, "lose_after")
    assert attempts_look(now=NOW) == 0
    assert state_of(attempt) == "unknown"
    assert attempts_look(now=attempt.look_at) == 1
    assert state_of(attempt) == "succeeded"
    assert attempts_look(now=NOW + DAY) == 0
    assert (due.charged(), due.payments()) == ([4900], [CAME_IN])


def test_what_was_declined_is_found(standing: Fake, company: Company) -> None:
    due = owed(standing, "lost_card")
    attempt = lost(due, "lose_after")
    attempts_look(now=NOW + HOUR)
    assert state_of(attempt) == "declined"
    assert attempt.decline_group == "hard"


def test_what_never_arrived_goes_once_more_with_its_key(due: Owed) -> None:
    attempt = lost(due, "lose_before")
    key = attempt.key
    due.fake.clock(now=NOW + HOUR)
    assert attempts_look(now=NOW + HOUR) == 1
    assert (state_of(attempt), attempt.key) == ("planned", key)
    assert due.charged() == []
    attempt_ask(attempt_id=attempt.pk, now=NOW + HOUR)
    assert state_of(attempt) == "succeeded"
    assert [row["key"] for row in due.fake.ledger()] == [str(key)]


def test_what_never_arrived_and_is_not_wanted_any_more_is_not_made(due: Owed) -> None:
    attempt = lost(due, "lose_before")
    due.fake.clock(now=NOW + HOUR)
    attempts_look(now=NOW + HOUR)
    due.method.changed_at = NOW + MINUTE
    due.method.save()
    attempt_ask(attempt_id=attempt.pk, now=NOW + HOUR)
    assert (state_of(attempt), due.skips()) == ("not_made", ["method_changed"])
    assert due.charged() == []


def test_a_key_that_may_be_forgotten_there_is_not_used_again(due: Owed) -> None:
    attempt = lost(due, "lose_before")
    due.fake.clock(now=NOW + 24 * HOUR)
    attempts_look(now=NOW + 24 * HOUR)
    assert (state_of(attempt), attempt.reason) == ("not_made", "never_arrived")
    assert due.skips() == ["never_arrived"]
    # The schedule may plan another one.
    assert due.plan(NOW + 24 * HOUR).key != attempt.key


def test_nor_one_that_was_put_back_and_nobody_asked_in_time(due: Owed) -> None:
    attempt = lost(due, "lose_before")
    due.fake.clock(now=NOW + HOUR)
    attempts_look(now=NOW + HOUR)
    attempt_ask(attempt_id=attempt.pk, now=NOW + 24 * HOUR)
    assert (state_of(attempt), attempt.reason) == ("not_made", "never_arrived")
    assert due.charged() == []


def test_while_a_bank_decides_it_stays_unknown_and_is_asked_about(
    standing: Fake, company: Company
) -> None:
    due = owed(standing, "processing")
    attempt = due.plan()
    attempt_ask(attempt_id=attempt.pk, now=NOW)
    moments = []
    for _look in range(10):
        attempt.refresh_from_db()
        assert attempt.look_at is not None
        moments.append(attempt.look_at)
        assert attempts_look(now=attempt.look_at) == 1
    pauses = [b - a for a, b in pairwise(moments)]
    assert pauses[:3] == [4 * MINUTE, 8 * MINUTE, 16 * MINUTE]
    assert max(pauses) <= 6 * HOUR
    assert state_of(attempt) == "unknown"
    # It is asked about for ever, and told in the end.
    due.fake.bank_answers(due.number)
    attempts_look(now=moments[-1] + DAY)
    assert state_of(attempt) == "succeeded"


def test_what_an_asker_left_behind_is_unknown_when_its_lease_is_over(due: Owed) -> None:
    attempt = due.plan()
    PaymentAttempt.objects.update(
        state=AttemptState.ASKED, asked_at=NOW, claim=uuid.uuid4(),
        lease_until=timezone.now() + HOUR,
    )  # fmt: skip
    assert attempts_look(now=NOW + HOUR) == 0
    assert state_of(attempt) == "asked"
    PaymentAttempt.objects.update(lease_until=timezone.now() - MINUTE)
    due.fake.clock(now=NOW + HOUR)
    assert attempts_look(now=NOW + HOUR) == 1
    assert state_of(attempt) == "planned"


def test_a_claim_is_one_persons_until_its_lease_is_over(due: Owed) -> None:
    attempt = due.plan()
    first = attempt_claim(attempt_id=attempt.pk, now=NOW)
    assert first is not None
    assert attempt_claim(attempt_id=attempt.pk, now=NOW + DAY) is None
    PaymentAttempt.objects.update(lease_until=timezone.now() - MINUTE)
    second = attempt_claim(attempt_id=attempt.pk, now=NOW)
    assert second is not None
    assert second.attempt.claim != first.attempt.claim


def test_one_janitor_at_a_time_asks_about_a_try(due: Owed) -> None:
    attempt = lost(due, "lose_after")
    PaymentAttempt.objects.update(claim=uuid.uuid4(), lease_until=timezone.now() + HOUR)
    assert attempts_look(now=NOW + HOUR) == 0
    assert state_of(attempt) == "unknown"


def test_a_gateway_out_of_reach_is_asked_later_about_all_of_them(
    due: Owed, settings: Settings
) -> None:
    others = [
        lost(due, "lose_after"),
        lost(owed(due.fake, account=due.account), "lose_after"),
    ]
    settings.STRIPE_ADDRESS = "http://127.0.0.1:9"
    moment = NOW + HOUR
    assert attempts_look(now=moment) == 0
    rows = PaymentAttempt.objects.order_by("id").values_list(
        "state", "looked", "look_at"
    )
    assert list(rows) == [("unknown", 0, moment + MINUTE)] * len(others)


def test_a_key_that_is_refused_or_an_account_that_is_off_rests(due: Owed) -> None:
    attempt = lost(due, "lose_after")
    good = due.account.secrets
    GatewayAccount.objects.update(secrets="cannot be read")
    assert attempts_look(now=NOW + HOUR) == 0
    account = GatewayAccount.objects.get()
    assert (account.trouble_at, account.resumes_at) == (
        NOW + HOUR,
        NOW + HOUR + 5 * MINUTE,
    )
    GatewayAccount.objects.update(is_on=False, secrets=good)
    assert attempts_look(now=NOW + 2 * HOUR) == 0
    assert state_of(attempt) == "unknown"
    GatewayAccount.objects.update(is_on=True)
    assert attempts_look(now=NOW + 3 * HOUR) == 1
    assert state_of(attempt) == "succeeded"
    account.refresh_from_db()
    assert account.trouble == ""


def test_tries_that_nobody_asked_are_sent_for_again(
    due: Owed, django_capture_on_commit_callbacks: object
) -> None:
    attempt = due.plan()
    with django_capture_on_commit_callbacks() as woken:  # type: ignore[operator]
        attempts_look(now=NOW)
    assert len(woken) == 1
    PaymentAttempt.objects.update(look_at=NOW + HOUR)
    with django_capture_on_commit_callbacks() as woken:  # type: ignore[operator]
        attempts_look(now=NOW)
    assert woken == []
    assert state_of(attempt) == "planned"


def test_a_payment_that_contradicts_ours_keeps_the_others_from_nothing(
    due: Owed,
) -> None:
    """Its number stands here for another invoice's payment, from a file."""
    attempt = lost(due, "lose_after")
    other = owed(due.fake, account=due.account)
    theirs = lost(other, "lose_after")
    (entry,) = due.fake.ledger(due.number)
    Payment.objects.create(
        invoice=other.invoice, customer=other.invoice.customer, state="succeeded",
        amount=Decimal(1), currency="EUR", external_id=entry["charge"],
        happened_at=NOW, recorded_at=NOW,
    )  # fmt: skip
    assert attempts_look(now=NOW + HOUR) == 1
    assert (state_of(attempt), attempt.looked, attempt.claim) == ("unknown", 1, None)
    assert attempt.look_at == NOW + HOUR + 4 * MINUTE
    assert state_of(theirs) == "succeeded"


def test_what_cannot_be_read_is_asked_about_later(
    due: Owed, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = lost(due, "lose_after")

    def breaks(*_: object, **__: object) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "outcome", breaks)
        attempts_look(now=NOW + HOUR)
    assert (state_of(attempt), attempt.looked) == ("unknown", 1)
    attempts_look(now=NOW + DAY)
    assert state_of(attempt) == "succeeded"


def test_what_arrives_after_the_gateway_had_none_of_it_is_found(due: Owed) -> None:
    """A question that was under way for longer than anybody thought."""
    attempt = lost(due, "lose_before")
    due.fake.clock(now=NOW + HOUR)
    attempts_look(now=NOW + HOUR)
    assert state_of(attempt) == "planned"
    gateway_of(due.account).charge(
        invoice=due.number, method=due.method.external_id, amount=Decimal(49),
        currency="EUR", key=str(attempt.key),
    )  # fmt: skip
    attempt_ask(attempt_id=attempt.pk, now=NOW + HOUR)
    assert state_of(attempt) == "unknown"
    attempts_look(now=NOW + HOUR)
    assert state_of(attempt) == "succeeded"
    assert (due.charged(), due.payments()) == ([4900], [CAME_IN])
