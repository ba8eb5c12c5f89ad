"""What people do about a failed payment, and what they may not."""

import datetime as dt

import pytest

from accounts.actor import MACHINE, Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import AttemptState
from billing.models import (
    DunningAction,
    DunningCase,
    DunningVersion,
    Invoice,
    PaymentAttempt,
    PaymentMethod,
)
from billing.services.dunning.attempts import UnableToCharge
from billing.services.dunning.cases import UnableToChangeCase
from billing.services.dunning.people import (
    WRITTEN_OFF,
    UnableToTryAgain,
    case_called,
    case_reopen,
    case_stop,
    case_try_now,
    case_wait,
)
from billing.services.dunning.working import case_work
from customers.models import Event, Interaction
from tests.billing.dunning_world import DAY, FAILED, fresh, opened, refused, steps

pytestmark = pytest.mark.usefixtures("company")
NOW = FAILED + DAY / 8


@pytest.fixture
def by(ana: User) -> Actor:
    return Actor(user=ana)


def told(kind: str) -> dict[str, object]:
    event = Event.objects.get(kind=kind)
    data: dict[str, object] = event.data
    return data


def test_a_try_by_hand_is_planned_once_and_told(by: Actor) -> None:
    case = opened()
    attempt = case_try_now(case=case, by=by, now=NOW)
    assert (attempt.cause, attempt.state, attempt.actor) == (
        "person",
        "planned",
        by.user,
    )
    with pytest.raises(UnableToCharge, match="under way"):
        case_try_now(case=case, by=by, now=NOW)
    action = DunningAction.objects.get()
    found = (action.step, action.reason, action.actor, action.data)
    assert found == ("tried:1", "tried_by_hand", by.user, {"attempt": attempt.pk})
    assert told("billing.dunning_changed")["what"] == "tried"
    assert AuditEntry.objects.latest("number").action == "billing.case_tried"


def test_a_card_refused_for_good_is_tried_only_by_who_says_so(by: Actor) -> None:
    case = opened()
    refused(case.invoice, at=FAILED, code="lost_card", group="hard")
    with pytest.raises(UnableToTryAgain):
        case_try_now(case=case, by=by, now=NOW)
    assert not PaymentAttempt.objects.filter(state="planned").exists()
    # Renewed by its bank it is another card.
    PaymentMethod.objects.update(changed_at=FAILED + DAY / 24)
    assert case_try_now(case=case, by=by, now=NOW).state == AttemptState.PLANNED
    PaymentAttempt.objects.filter(state="planned").update(state="not_made")
    PaymentMethod.objects.update(changed_at=FAILED - DAY)
    assert case_try_now(case=case, by=by, now=NOW, confirmed=True)


def test_who_is_left_alone_is_left_alone_until_the_companys_day(by: Actor) -> None:
    Company.objects.update(time_zone="Europe/Bucharest")
    case = opened()
    day = dt.date(2026, 7, 10)
    case_wait(case=case, until=day, reason="New card is in the post", by=by, now=NOW)
    found = fresh(case)
    assert found.waits_until == dt.datetime(2026, 7, 9, 21, tzinfo=dt.UTC)
    assert (found.note, found.next_at) == ("New card is in the post", NOW)
    assert told("billing.dunning_changed")["until"] == "2026-07-10"
    for days in (1, 3, 10):
        case_work(case_id=case.pk, now=FAILED + days * DAY)
    assert steps(case, skipped=False) == ["left_alone:1"]
    # Taken back, it goes on.
    case_wait(case=case, until=None, reason="", by=by, now=FAILED + 10 * DAY)
    case_work(case_id=case.pk, now=FAILED + 10.1 * DAY)
    assert "retry:10" in steps(case, skipped=False)
    before = DunningAction.objects.count()
    case_wait(case=case, until=None, reason="", by=by, now=FAILED + 11 * DAY)
    assert DunningAction.objects.count() == before


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_wait_has_an_end_to_come(by: Actor, days: int) -> None:
    case = opened()
    until = NOW.date() + days * DAY
    with pytest.raises(UnableToChangeCase, match="90 days"):
        case_wait(case=case, until=until, reason="", by=by, now=NOW)
    assert fresh(case).waits_until is None


def test_a_stop_ends_it_and_taking_it_up_goes_on_where_it_was(by: Actor) -> None:
    case = opened()
    case_work(case_id=case.pk, now=FAILED)
    DunningCase.objects.update(limited_at=FAILED)
    case_stop(case=case, note="They will pay in cash", by=by, now=NOW)
    found = fresh(case)
    assert (found.state, found.reason) == ("stopped", "stopped_by_hand")
    assert (found.closed_at, found.limited_at, found.next_at) == (NOW, None, None)
    assert Event.objects.filter(kind="billing.access_restored").count() == 1
    with pytest.raises(UnableToChangeCase, match="over"):
        case_stop(case=case, by=by, now=NOW)
    case_reopen(case=case, by=by, now=NOW + DAY)
    found = fresh(case)
    told_ = (found.state, found.closed_at, found.reason, found.waits_until)
    assert told_ == ("open", None, "", None)
    case_work(case_id=case.pk, now=FAILED + 1.2 * DAY)
    assert steps(case) == ["mail:0", "stopped:1", "reopened:1", "retry:1"]


def test_what_is_taken_up_late_is_not_ended_by_surprise(by: Actor) -> None:
    case = opened()
    case_stop(case=case, by=by, now=NOW)
    late = FAILED + 40 * DAY
    case_reopen(case=case, by=by, now=late)
    case_work(case_id=case.pk, now=late)
    assert fresh(case).state == "open"
    assert not DunningAction.objects.filter(kind="final").exists()
    case_work(case_id=case.pk, now=late + 3.1 * DAY)
    assert fresh(case).state == "lost"


def test_nothing_is_taken_up_where_nothing_is_owed(by: Actor) -> None:
    case = opened()
    case_stop(case=case, by=by, now=NOW)
    Invoice.objects.update(paid_on=NOW.date(), paid_recorded_at=NOW)
    with pytest.raises(UnableToChangeCase, match="owed"):
        case_reopen(case=case, by=by, now=NOW)


def test_what_is_written_off_is_stopped_with_its_reason() -> None:
    case = opened()
    case_stop(case=case, reason=WRITTEN_OFF, by=MACHINE, now=NOW)
    assert fresh(case).reason == "written_off"
    assert DunningAction.objects.get().reason == "written_off"


def test_a_call_is_noted_where_calls_are(by: Actor) -> None:
    case = opened()
    case_called(case=case, note="Will ask her boss", by=by, now=NOW)
    call = Interaction.objects.get()
    assert (call.kind, call.summary, call.author) == (
        "call",
        "Will ask her boss",
        by.user,
    )
    assert steps(case) == ["called:1"]
    # The call's own line is enough.
    assert not Event.objects.filter(kind="billing.dunning_changed").exists()
    with pytest.raises(UnableToChangeCase):
        case_called(case=case, note="", by=MACHINE, now=NOW)


def test_only_open_ones_are_tried_or_waited_for(by: Actor) -> None:
    case = opened()
    case_stop(case=case, by=by, now=NOW)
    for act in (
        lambda: case_try_now(case=case, by=by, now=NOW),
        lambda: case_wait(case=case, until=NOW.date() + DAY, reason="", by=by, now=NOW),
    ):
        with pytest.raises(UnableToChangeCase, match="over"):
            act()
    assert DunningVersion.objects.exists()
