"""When a failed payment is tried again, and why it is not."""

import datetime as dt
from dataclasses import replace

import pytest

from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.situation import Attempt, Method, Snapshot, Step
from tests.billing.calculations.dunning.making import (
    BEGAN,
    CARD,
    FAILED,
    HARD,
    OLD,
    OWED,
    SOFT,
    TRANSFER,
    done,
    on,
    told,
    tried,
)

# Tries alone: nobody is written to.
TRIES = replace(
    CARD, steps=tuple(s for s in CARD.steps if s.kind in {"retry", "final"})
)


def test_nothing_before_the_first_day() -> None:
    found = due_actions(FAILED, TRIES, BEGAN)
    assert found.due == ()
    assert found.next_at == on(1)
    assert [(step.name, at) for step, at in found.ahead] == [
        (f"retry:{day}", on(day)) for day in (1, 3, 5, 7, 10, 14)
    ] + [("final:21", on(21))]


def test_the_first_hour_of_its_day() -> None:
    assert due_actions(FAILED, TRIES, on(1) - dt.timedelta(seconds=1)).due == ()
    found = due_actions(FAILED, TRIES, on(1))
    assert told(found) == [("do", "retry:1", "retry_day")]
    assert found.due[0].due_at == on(1)
    assert found.due[0].data == (("day", "1"),)
    assert found.next_at == on(3)


def test_days_are_the_customers_across_the_change_of_clocks() -> None:
    """It failed on Saturday, Berlin's clocks go forward on Sunday: still 8 o'clock."""
    began = dt.datetime(2026, 3, 28, 9, tzinfo=dt.UTC)
    failed = replace(FAILED, began_at=began, attempts=(replace(SOFT, at=began),))
    found = due_actions(failed, TRIES, began)
    assert found.next_at == dt.datetime(2026, 3, 29, 6, tzinfo=dt.UTC)


def test_a_late_tick_tries_once_and_passes_over_what_was_missed() -> None:
    assert told(due_actions(FAILED, TRIES, on(6))) == [
        ("skip", "retry:1", "missed"),
        ("skip", "retry:3", "missed"),
        ("do", "retry:5", "retry_day"),
    ]


def test_a_late_tick_at_night_waits_for_the_morning() -> None:
    found = due_actions(FAILED, TRIES, on(1, 22))
    assert found.due == ()
    assert found.next_at == on(2)
    assert found.ahead[0] == (Step("retry", 1), on(2))


@pytest.mark.parametrize("state", ["planned", "asked", "unknown"])
def test_what_is_under_way_stops_every_charge(state: str) -> None:
    waiting = tried(FAILED, state=state, at=on(1))
    new = replace(waiting, method=Method("m2", on(2)))
    for snapshot in (waiting, new):
        found = due_actions(snapshot, TRIES, on(3))
        assert found.due == ()
        assert found.next_at == on(3, 9)


def test_what_is_under_way_waits_for_its_next_day_where_nothing_is_due() -> None:
    waiting = done(tried(FAILED, state="asked", at=on(1)), "retry:1")
    assert due_actions(waiting, TRIES, on(1)).next_at == on(3)


@pytest.mark.parametrize("cause", ["person", "gateway", "schedule"])
def test_never_two_on_a_day(cause: str) -> None:
    again = tried(FAILED, at=on(3, 0, 30), cause=cause)
    assert told(due_actions(done(again, "retry:1"), TRIES, on(3))) == [
        ("skip", "retry:3", "tried_today")
    ]


def test_what_was_not_made_is_no_try() -> None:
    """A try by hand that never left is nobody's try, and a person makes it anew."""
    again = tried(FAILED, at=on(3, 6), cause="person", state="not_made", group="")
    assert told(due_actions(done(again, "retry:1"), TRIES, on(3))) == [
        ("do", "retry:3", "retry_day")
    ]


class TestNotMade:
    def made(self, *, times: int = 1, day: int = 1) -> Snapshot:
        snapshot = done(FAILED, "retry:1")
        for _time in range(times):
            snapshot = tried(snapshot, at=on(day), state="not_made", group="")
        return snapshot

    def test_it_is_made_anew_at_once(self) -> None:
        found = due_actions(self.made(), TRIES, on(1))
        assert told(found) == [("do", "again:2", "again")]
        assert found.due[0].kind == "retry"
        assert found.due[0].data == (("number", "2"),)

    def test_not_at_night(self) -> None:
        found = due_actions(self.made(), TRIES, on(1, 21))
        assert (found.due, found.next_at) == ((), on(2))

    def test_three_times_in_a_row_at_most(self) -> None:
        snapshot = done(self.made(times=3), "again:2", "again:3")
        assert told(due_actions(snapshot, TRIES, on(1))) == [("do", "again:4", "again")]
        snapshot = done(self.made(times=4), "again:2", "again:3", "again:4")
        assert due_actions(snapshot, TRIES, on(1)).due == ()

    def test_once_each(self) -> None:
        snapshot = done(self.made(), "again:2")
        assert due_actions(snapshot, TRIES, on(1)).due == ()

    def test_not_where_something_speaks_against_it(self) -> None:
        snapshot = replace(self.made(), may_charge=False)
        assert due_actions(snapshot, TRIES, on(1)).due == ()
        late = self.made(day=28)
        passed = done(late, "final:21", *(f"retry:{d}" for d in (3, 5, 7, 10, 14)))
        assert told(due_actions(passed, TRIES, on(28, 9))) == [
            ("do", "again:2", "again")
        ]
        assert due_actions(passed, TRIES, on(29, 9)).due == ()

    def test_of_a_new_method(self) -> None:
        new = replace(FAILED, method=Method("m2", on(1)))
        name = "method_changed:m2:260602060000"
        snapshot = tried(
            done(new, name),
            at=on(1),
            state="not_made",
            group="",
            method="m2",
            cause="method_changed",
        )
        assert told(due_actions(snapshot, TRIES, on(1))) == [("do", "again:2", "again")]


class TestRefusals:
    def test_a_hard_one_is_not_tried_again(self) -> None:
        failed = replace(FAILED, attempts=(HARD,))
        found = due_actions(failed, TRIES, on(3))
        assert told(found) == [
            ("skip", "retry:1", "hard_decline"),
            ("skip", "retry:3", "hard_decline"),
        ]
        assert found.due[0].data == (("code", "stolen_card"),)
        assert found.passing[0] == (Step("retry", 5), on(5), "hard_decline")
        assert found.ahead == ((Step("final", 21), on(21)),)

    @pytest.mark.parametrize(
        "method",
        [Method("m2", OLD), Method("m1", on(2, 14))],
        ids=["another", "renewed"],
    )
    def test_until_the_method_changes_then_once_at_once(self, method: Method) -> None:
        failed = done(replace(FAILED, attempts=(HARD,), method=method), "retry:1")
        found = due_actions(failed, TRIES, on(2, 15))
        assert [action.kind for action in found.due] == ["charge_now"]
        name = found.due[0].step
        # It was refused too: nothing more until the next one.
        refused = tried(
            done(failed, name),
            at=on(2, 15),
            method=method.id,
            group="hard",
            cause="method_changed",
        )
        assert told(due_actions(refused, TRIES, on(3))) == [
            ("skip", "retry:3", "hard_decline")
        ]

    def test_a_new_method_after_a_soft_one_is_charged_too(self) -> None:
        new = replace(FAILED, method=Method("m2", BEGAN))
        assert [a.kind for a in due_actions(new, TRIES, BEGAN).due] == ["charge_now"]

    def test_a_new_method_comes_before_the_schedule(self) -> None:
        new = replace(FAILED, method=Method("m2", on(0, 22)))
        found = due_actions(new, TRIES, on(1))
        assert [action.kind for action in found.due] == ["charge_now"]
        assert found.next_at == on(1, 9)  # the retry waits for what comes of it
        refused = tried(done(new, found.due[0].step), at=on(1), method="m2")
        assert told(due_actions(refused, TRIES, on(1, 9))) == [
            ("skip", "retry:1", "tried_today")
        ]

    def test_a_new_method_in_the_quiet_hours(self) -> None:
        new = replace(FAILED, attempts=(HARD,), method=Method("m2", on(1, 22)))
        found = due_actions(done(new, "retry:1"), TRIES, on(1, 22))
        # Whoever gives another card in the evening waits for the answer.
        assert [(a.kind, a.reason) for a in found.due] == [
            ("charge_now", "method_changed")
        ]
        # What was to be passed over is expected again.
        assert found.ahead[0] == (Step("retry", 3), on(3))

    @pytest.mark.parametrize("state", ["needs_action", "declined"])
    def test_who_must_confirm_is_not_charged_again(self, state: str) -> None:
        first = replace(
            SOFT, state=state, group="action", code="authentication_required"
        )
        failed = done(replace(FAILED, attempts=(first,)), "confirm:1")
        assert told(due_actions(failed, TRIES, on(1))) == [
            ("skip", "retry:1", "needs_action")
        ]
        # With another method it is.
        new = replace(failed, method=Method("m2", on(1)))
        assert [a.kind for a in due_actions(new, TRIES, on(1)).due] == ["charge_now"]


class TestChanged:
    def test_without_a_known_method_only_what_is_newer_counts(self) -> None:
        unknown = replace(FAILED, attempts=(replace(SOFT, method=""),))
        assert due_actions(unknown, TRIES, BEGAN).due == ()
        newer = replace(unknown, method=Method("m1", on(0, 12)))
        assert [a.kind for a in due_actions(newer, TRIES, on(0, 12)).due] == [
            "charge_now"
        ]

    def test_without_any_try_it_is_what_failed_first_that_counts(self) -> None:
        none = replace(FAILED, attempts=())
        assert due_actions(none, TRIES, BEGAN).due == ()
        other = replace(none, first_method="m0")
        assert [a.kind for a in due_actions(other, TRIES, BEGAN).due] == ["charge_now"]

    def test_a_removed_method_is_none(self) -> None:
        gone = replace(FAILED, method=Method("m2", on(1), removed=True))
        assert told(due_actions(gone, TRIES, on(1))) == [
            ("skip", "retry:1", "no_method")
        ]


class TestCaps:
    def full(self) -> Snapshot:
        snapshot = FAILED
        for _try in range(7):
            snapshot = tried(snapshot, at=on(2), cause="gateway")
        return done(snapshot, "retry:1")

    def test_everything_tried_counts(self) -> None:
        found = due_actions(self.full(), TRIES, on(3))
        assert told(found) == [("skip", "retry:3", "most_attempts")]
        assert found.due[0].data == (("most", "8"),)
        assert {why for _step, _at, why in found.passing} == {"most_attempts"}

    def test_a_new_method_too(self) -> None:
        new = replace(self.full(), method=Method("m2", on(2)))
        name = "method_changed:m2:260603060000"
        assert told(due_actions(new, TRIES, on(2))) == [("skip", name, "most_attempts")]
        assert due_actions(done(new, name), TRIES, on(2)).due == ()

    def test_days(self) -> None:
        short = replace(TRIES, most_days=4)
        found = due_actions(done(FAILED, "retry:1", "retry:3"), short, on(5))
        assert told(found) == [("skip", "retry:5", "most_days")]
        assert found.due[0].data == (("most", "4"),)
        early = due_actions(FAILED, short, BEGAN)
        assert [step.day for step, _at in early.ahead] == [1, 3, 21]
        assert {why for _step, _at, why in early.passing} == {"most_days"}
        new = replace(FAILED, method=Method("m2", on(5)))
        waiting = done(new, "retry:1", "retry:3", "retry:5")
        assert told(due_actions(waiting, short, on(5))) == [
            ("skip", "method_changed:m2:260606060000", "most_days")
        ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"may_charge": False}, "not_ours"),
        ({"method": None}, "no_method"),
        ({"held_out": True}, "held_out"),
        ({"looks_on": True}, "looked_on"),
        ({"collection": "transfer"}, "not_charged"),
    ],
)
def test_what_speaks_against_every_try(changes: dict, reason: str) -> None:
    failed = replace(FAILED, **changes)
    assert told(due_actions(failed, TRIES, on(1))) == [("skip", "retry:1", reason)]
    if "method" not in changes:
        # A new method changes nothing about that.
        new = replace(failed, method=Method("m2", on(1)))
        assert told(due_actions(new, TRIES, on(1))) == [("skip", "retry:1", reason)]


def test_what_was_paid_once_is_never_charged_again() -> None:
    """The money went back to the customer's bank: a person must decide."""
    paid = tried(FAILED, state="succeeded", at=on(2), group="", code="")
    back = done(replace(paid, method=Method("m2", on(4))), "retry:1", "retry:3")
    assert told(due_actions(back, TRIES, on(5))) == [
        ("skip", "retry:5", "was_paid_once")
    ]


def test_a_wait_postpones_everything() -> None:
    waits = replace(FAILED, waits_until=on(4, 12), method=Method("m2", on(1)))
    found = due_actions(waits, CARD, on(3))
    assert found.due == ()
    assert found.next_at == on(4, 12)
    again = due_actions(waits, CARD, on(4, 12))
    assert [action.kind for action in again.due] == ["charge_now"]


def test_transfers_are_never_charged() -> None:
    both = replace(TRANSFER, steps=(*TRANSFER.steps, Step("retry", 1)))
    found = due_actions(OWED, both, on(1))
    assert ("skip", "retry:1", "not_charged") in told(found)
    assert not any(a.kind in {"retry", "charge_now"} and not a.skip for a in found.due)


def test_a_long_number_of_a_method_fits_the_column() -> None:
    method = Method("x" * 255, on(0, 9))
    found = due_actions(replace(FAILED, method=method), TRIES, on(0, 10))
    assert len(found.due[0].step) <= 80


def test_an_attempt_by_hand_that_was_not_made_is_not_made_anew() -> None:
    snapshot = done(FAILED, "retry:1")
    gone = Attempt(2, "not_made", on(1), "m1", cause="person")
    snapshot = replace(snapshot, attempts=(*snapshot.attempts, gone))
    assert due_actions(snapshot, TRIES, on(1)).due == ()
