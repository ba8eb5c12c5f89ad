"""What the last day does at the gateway is asked for until it has answered."""

import datetime as dt

import pytest

from accounts.actor import MACHINE
from billing.enums import ChurnKind, FinalAction
from billing.gateways import choose
from billing.gateways.base import UnableToDoThere, UnableToUseGateway
from billing.models import (
    ChurnEvent,
    DunningAction,
    DunningCase,
    DunningVersion,
    GatewayAccount,
    PaymentAttempt,
    Subscription,
)
from billing.services.churn import departures_note
from billing.services.dunning.finals import finals_deliver
from billing.services.dunning.working import case_work
from billing.services.subscriptions import subscription_pause
from customers.models import Task
from tests import world
from tests.billing.dunning_world import DAY, FAILED, fresh, opened
from tests.billing.ledger_gateway import Killed, Ledger, LedgerGateway

pytestmark = pytest.mark.usefixtures("company")
LAST = FAILED + 21 * DAY
MINUTE = dt.timedelta(minutes=1)


class Refusing(LedgerGateway):
    """Understands, and will not."""

    def subscription_pause(self, *, subscription: str, key: str) -> None:
        msg = "This subscription has a schedule."
        raise UnableToDoThere(msg)


class ShutOut(LedgerGateway):
    """Does not know us."""

    def subscription_pause(self, *, subscription: str, key: str) -> None:
        msg = "Invalid API key."
        raise UnableToUseGateway(msg)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    use(LedgerGateway, monkeypatch)
    book = Ledger(look=lambda _number, _amount: "", now=LAST)
    LedgerGateway.ledger = book
    return book


def use(gateway: type[LedgerGateway], monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{gateway.__module__}.{gateway.__name__}"
    monkeypatch.setattr(choose, "CLASSES", {"stripe": path})


def ended(action: FinalAction = FinalAction.PAUSE) -> DunningCase:
    """This will have a case go through to its last day."""
    case = opened()
    DunningVersion.objects.update(final_action=action)
    case_work(case_id=case.pk, now=FAILED + 20 * DAY)
    PaymentAttempt.objects.filter(state="planned").update(state="declined")
    case_work(case_id=case.pk, now=LAST)
    assert fresh(case).state == "lost"
    return case


def final() -> DunningAction:
    return DunningAction.objects.get(kind="final")


@pytest.mark.parametrize(
    ("action", "how"), [(FinalAction.PAUSE, "paused"), (FinalAction.CANCEL, "ended")]
)
def test_the_gateway_is_told_once_it_answers(
    ledger: Ledger, action: FinalAction, how: str
) -> None:
    ended(action)
    sub = Subscription.objects.get()
    ledger.fate = "unreachable"
    assert finals_deliver(now=LAST) == 0
    assert (final().waits, final().tries, final().look_at) == (True, 1, LAST + MINUTE)
    assert final().trouble == "Nobody is there."
    ledger.fate = "ok"
    assert finals_deliver(now=LAST + MINUTE / 2) == 0
    assert finals_deliver(now=LAST + MINUTE) == 1
    assert (final().waits, final().trouble) == (False, "")
    [(number, done, key)] = ledger.stopped
    assert (number, done) == (sub.external_id, how)
    assert key
    assert finals_deliver(now=LAST + DAY) == 0


def test_a_death_after_the_call_asks_again_with_the_same_key(ledger: Ledger) -> None:
    ended()
    ledger.fate = "killed_after"
    with pytest.raises(Killed):
        finals_deliver(now=LAST)
    ledger.fate = "ok"
    # Somebody may be at it still.
    assert finals_deliver(now=LAST + MINUTE) == 0
    assert finals_deliver(now=LAST + 2 * MINUTE) == 1
    assert len(ledger.stopped) == 2
    assert len(set(ledger.stopped)) == 1


def test_who_has_paid_meanwhile_is_not_stopped_there(ledger: Ledger) -> None:
    case = ended()
    DunningCase.objects.filter(pk=case.pk).update(state="recovered")
    assert finals_deliver(now=LAST) == 1
    assert ledger.stopped == []
    assert (final().waits, final().data["dropped"]) == (False, True)


def test_what_the_gateway_will_not_do_is_a_persons(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ledger
    use(Refusing, monkeypatch)
    ended()
    assert finals_deliver(now=LAST) == 1
    assert (final().waits, final().trouble) == (
        False,
        "This subscription has a schedule.",
    )
    assert Task.objects.get().type == "failed_payment"


def test_a_key_that_is_wrong_is_the_accounts_trouble(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ledger
    use(ShutOut, monkeypatch)
    ended()
    assert finals_deliver(now=LAST) == 0
    assert final().waits
    assert GatewayAccount.objects.get().trouble == "Invalid API key."
    GatewayAccount.objects.update(is_on=False)
    assert finals_deliver(now=LAST + DAY) == 0
    assert final().trouble == "The gateway is switched off."


def test_what_cannot_be_paused_here_is_told_and_still_stopped_there(
    ledger: Ledger,
) -> None:
    case = opened()
    sub = Subscription.objects.get()
    subscription_pause(subscription=sub, by=MACHINE, now=FAILED)
    case_work(case_id=case.pk, now=FAILED + 20 * DAY)
    PaymentAttempt.objects.filter(state="planned").update(state="declined")
    case_work(case_id=case.pk, now=LAST)
    assert len(final().data["refused"]) == 1
    assert Task.objects.count() == 1
    assert finals_deliver(now=LAST) == 1
    assert len(ledger.stopped) == 1


def test_who_is_cancelled_for_not_paying_left_because_payment_failed() -> None:
    case = ended(FinalAction.CANCEL)
    # The gateway wrote the invoice off, so nothing looks owed any more.
    case.invoice.credit_notes.create(
        customer=case.customer,
        issued_on=LAST.date(),
        amount=case.invoice.total,
        currency="EUR",
        recorded_at=LAST,
    )
    type(case.invoice).objects.update(paid_on=LAST.date(), paid_recorded_at=LAST)
    assert departures_note(today=LAST.date(), now=LAST) == 1
    assert ChurnEvent.objects.get().kind == ChurnKind.INVOLUNTARY


def test_a_case_of_another_customer_says_nothing_of_who_leaves() -> None:
    ended(FinalAction.PAUSE)
    other = world.make_customer()
    sub = world.subscribe(other)
    world.change_subscription(sub, kind="end", on=LAST.date(), mrr="0")
    assert departures_note(today=LAST.date(), now=LAST) == 1
    assert ChurnEvent.objects.get().kind == ChurnKind.VOLUNTARY
