"""The limit, the last day, how cases close, and what people are given to do."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.situation import Snapshot, Step
from tests.billing.calculations.dunning.making import (
    BEGAN,
    CARD,
    FAILED,
    OWED,
    TRANSFER,
    done,
    on,
    told,
    tried,
)

STEPS = tuple(step.name for step in CARD.steps)
# All but the limit and the last day is behind it.
LATE = done(FAILED, *(name for name in STEPS if name[:5] not in {"limit", "final"}))
LIMITED = done(LATE, "limit:14", at=on(14))


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"invoice": "paid"}, "recovered", "paid"),
        ({"owing": Decimal(0)}, "recovered", "paid"),
        ({"invoice": "void", "owing": Decimal(0)}, "stopped", "void"),
        ({"invoice": "written_off"}, "stopped", "written_off"),
        ({"subscription_ended": True}, "stopped", "subscription_ended"),
        ({"ended_unpaid": True}, "lost", "ended_unpaid"),
    ],
)
def test_closes_come_first_and_alone(changes: dict, state: str, reason: str) -> None:
    snapshot = replace(FAILED, held_out=True, waits_until=on(30), **changes)
    found = due_actions(snapshot, CARD, on(22))
    assert told(found) == [("do", state, reason)]
    assert found.due[0].kind == "close"
    assert dict(found.due[0].data) == {"state": state}
    assert (found.next_at, found.ahead, found.passing) == (None, (), ())


def test_a_transfer_is_owed_though_the_subscription_ended() -> None:
    ended = replace(OWED, subscription_ended=True)
    assert told(due_actions(ended, TRANSFER, on(1))) == [
        ("do", "letter:1", "letter_day")
    ]


def test_a_case_that_was_opened_again_closes_under_another_name() -> None:
    again = replace(done(FAILED, "recovered", "lost"), invoice="paid")
    assert told(due_actions(again, CARD, BEGAN)) == [("do", "recovered:2", "paid")]
    twice = done(again, "recovered:2")
    assert told(due_actions(twice, CARD, BEGAN)) == [("do", "recovered:3", "paid")]


class TestLimit:
    def test_on_its_day(self) -> None:
        assert due_actions(LATE, CARD, on(13)).next_at == on(14)
        found = due_actions(LATE, CARD, on(14))
        assert told(found) == [("do", "limit:14", "limit_day")]
        assert found.next_at == on(21)

    def test_its_mail_is_the_one_of_the_day(self) -> None:
        steps = (Step("mail", 14), Step("limit", 14), Step("final", 21))
        policy = replace(CARD, steps=steps)
        assert told(due_actions(FAILED, policy, on(14))) == [
            ("do", "limit:14", "limit_day"),
            ("skip", "mail:14", "written_today"),
        ]

    def test_not_while_a_try_is_under_way(self) -> None:
        waiting = tried(LATE, state="unknown", at=on(14))
        found = due_actions(waiting, CARD, on(14))
        assert (found.due, found.next_at) == ((), on(14, 9))

    def test_not_at_night(self) -> None:
        found = due_actions(LATE, CARD, on(14, 23))
        assert (found.due, found.next_at) == ((), on(15))

    def test_nothing_to_limit(self) -> None:
        once = replace(LATE, has_subscription=False)
        assert told(due_actions(once, CARD, on(14))) == [
            ("skip", "limit:14", "no_subscription")
        ]
        assert due_actions(once, CARD, on(13)).passing == (
            (Step("limit", 14), on(14), "no_subscription"),
        )

    def test_not_where_the_case_is_left_alone(self) -> None:
        alone = replace(LATE, looks_on=True)
        assert told(due_actions(alone, CARD, on(14))) == [
            ("skip", "limit:14", "looked_on")
        ]


class TestFinal:
    @pytest.mark.parametrize("action", ["pause", "cancel"])
    def test_on_its_day_and_then_it_is_lost(self, action: str) -> None:
        policy = replace(CARD, final_action=action)
        found = due_actions(LIMITED, policy, on(21))
        assert told(found) == [
            ("do", "final:21", f"final_{action}"),
            ("do", "lost", "exhausted"),
        ]
        assert dict(found.due[0].data) == {"day": "21", "action": action}
        assert dict(found.due[1].data) == {"state": "lost"}
        assert found.next_at is None

    def test_keeping_it_is_told_to_a_person(self) -> None:
        policy = replace(CARD, final_action="keep")
        given = ("do", "task:given_up", "given_up")
        final, lost = ("do", "final:21", "final_keep"), ("do", "lost", "exhausted")
        assert told(due_actions(LIMITED, policy, on(21))) == [final, given, lost]
        before = done(LIMITED, "task:given_up")
        assert told(due_actions(before, policy, on(21))) == [final, lost]

    def test_nothing_to_pause(self) -> None:
        once = replace(LIMITED, has_subscription=False)
        found = due_actions(once, CARD, on(21))
        assert told(found)[0] == ("do", "final:21", "final_no_subscription")
        assert dict(found.due[0].data)["action"] == "keep"
        kept = due_actions(once, replace(CARD, final_action="keep"), on(21))
        assert told(kept)[0] == ("do", "final:21", "final_keep")

    def test_only_when_nothing_is_under_way(self) -> None:
        waiting = tried(LIMITED, state="asked", at=on(20))
        found = due_actions(waiting, CARD, on(21))
        assert (found.due, found.next_at) == ((), on(21, 9))

    def test_a_late_tick_tries_once_more_before_the_end(self) -> None:
        found = due_actions(done(FAILED, "retry:1", "retry:3"), CARD, on(22))
        assert told(found)[-1] == ("do", "retry:14", "retry_day")
        assert found.next_at == on(22, 9)

    def test_a_late_tick_writes_nothing_that_the_end_makes_wrong(self) -> None:
        hopeless = replace(FAILED, method=None)
        names = [
            step for _what, step, _why in told(due_actions(hopeless, CARD, on(21)))
        ]
        assert names == [
            *(f"retry:{day}" for day in (1, 3, 5, 7, 10, 14)),
            "final:21",
            "lost",
        ]

    def test_not_at_night(self) -> None:
        found = due_actions(LIMITED, CARD, on(21, 22))
        assert (found.due, found.next_at) == ((), on(22))

    def test_not_twice(self) -> None:
        opened = done(LIMITED, "final:21", "lost")
        found = due_actions(opened, CARD, on(40))
        assert (found.due, found.next_at, found.ahead) == ((), None, ())

    @pytest.mark.parametrize(
        ("left", "reason"),
        [("held_out", "final_held_out"), ("looks_on", "final_looked_on")],
    )
    def test_who_was_left_alone_is_kept_and_told_of(
        self, left: str, reason: str
    ) -> None:
        alone = replace(LIMITED, **{left: True})
        found = due_actions(alone, CARD, on(21))
        assert told(found) == [
            ("do", "final:21", reason),
            ("do", "task:given_up", "given_up"),
            ("do", "lost", "exhausted"),
        ]
        assert dict(found.due[0].data)["action"] == "keep"

    def test_a_policy_that_names_no_last_day_ends_when_its_days_are_over(self) -> None:
        written = done(OWED, *(step.name for step in TRANSFER.steps))
        assert due_actions(written, TRANSFER, on(20)).ahead == (
            (Step("final", 28), on(28)),
        )
        keeps = replace(TRANSFER, final_action="keep")
        assert told(due_actions(written, keeps, on(28))) == [
            ("do", "final:28", "final_keep"),
            ("do", "task:given_up", "given_up"),
            ("do", "lost", "exhausted"),
        ]


class TestTasks:
    LARGE = replace(CARD, task_from=Decimal(100), steps=(Step("final", 21),))

    def test_at_once_and_also_at_night(self) -> None:
        found = due_actions(FAILED, self.LARGE, on(0, 23))
        assert told(found) == [("do", "task:amount", "large_amount")]
        assert dict(found.due[0].data) == {"from": "100"}

    @pytest.mark.parametrize("converted", [Decimal("99.99"), None])
    def test_not_for_less_nor_for_what_has_no_rate(
        self, converted: Decimal | None
    ) -> None:
        small = replace(FAILED, owing_converted=converted)
        assert due_actions(small, self.LARGE, BEGAN).due == ()

    def test_once(self) -> None:
        assert due_actions(done(FAILED, "task:amount"), self.LARGE, on(1)).due == ()

    def test_not_where_the_case_is_left_alone(self) -> None:
        alone = replace(FAILED, held_out=True)
        assert told(due_actions(alone, self.LARGE, BEGAN)) == [
            ("skip", "task:amount", "held_out")
        ]

    def test_after_a_wait(self) -> None:
        until = on(2, 3)
        waits = replace(FAILED, waits_until=until)
        found = due_actions(waits, self.LARGE, BEGAN)
        assert (found.due, found.next_at) == ((), until)
        assert told(due_actions(waits, self.LARGE, until)) == [
            ("do", "task:amount", "large_amount")
        ]

    def test_on_a_day(self) -> None:
        policy = replace(CARD, steps=(Step("task", 4), Step("final", 21)))
        assert due_actions(FAILED, policy, on(3)).next_at == on(4)
        assert told(due_actions(FAILED, policy, on(4, 22))) == [
            ("do", "task:4", "task_day")
        ]
        alone = replace(FAILED, held_out=True)
        assert told(due_actions(alone, policy, on(4))) == [
            ("skip", "task:4", "held_out")
        ]
        assert due_actions(alone, policy, on(3)).passing[0][2] == "held_out"


def test_on_working_days_two_steps_may_fall_on_one() -> None:
    """Day 5 and day 6 after a Monday are the weekend: one try on the Monday after it."""
    steps = (Step("retry", 5), Step("retry", 6), Step("final", 21))
    policy = replace(CARD, steps=steps, working_days=frozenset(range(5)))
    snapshot: Snapshot = FAILED
    assert due_actions(snapshot, policy, on(5)).next_at == on(7)
    assert told(due_actions(snapshot, policy, on(7))) == [
        ("skip", "retry:5", "missed"),
        ("do", "retry:6", "retry_day"),
    ]


def test_moments_are_told_in_utc() -> None:
    found = due_actions(FAILED, CARD, BEGAN)
    assert {at.tzinfo for _step, at in found.ahead} == {dt.UTC}
