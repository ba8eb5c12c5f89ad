"""When a customer is written to."""

from dataclasses import replace

import pytest

from billing.calculations.dunning.due import due_actions, expectations
from billing.calculations.dunning.situation import Snapshot, Step
from tests.billing.calculations.dunning.making import (
    BEGAN,
    CARD,
    FAILED,
    HARD,
    OWED,
    SOFT,
    TRANSFER,
    done,
    on,
    told,
    tried,
)

MAILS = replace(
    CARD, steps=tuple(step for step in CARD.steps if step.kind in {"mail", "final"})
)
NOBODY = ("do", "task:nobody_to_write_to", "nobody_to_write_to")


def confirming(state: str = "needs_action") -> Snapshot:
    first = replace(SOFT, state=state, group="action", code="authentication_required")
    return replace(FAILED, attempts=(first,))


def test_the_first_one_goes_at_once() -> None:
    found = due_actions(FAILED, MAILS, BEGAN)
    assert told(found) == [("do", "mail:0", "mail_day")]
    assert found.next_at == on(3)


def test_not_at_night() -> None:
    late = replace(FAILED, began_at=on(0, 22), attempts=(replace(SOFT, at=on(0, 22)),))
    found = due_actions(late, MAILS, on(0, 22))
    assert (found.due, found.next_at) == ((), on(1))
    assert told(due_actions(late, MAILS, on(1))) == [("do", "mail:0", "mail_day")]


def test_a_late_tick_at_night_waits_for_the_morning() -> None:
    found = due_actions(FAILED, MAILS, on(0, 22))
    assert (found.due, found.next_at) == ((), on(1))


def test_of_several_the_newest() -> None:
    assert told(due_actions(FAILED, MAILS, on(8))) == [
        ("skip", "mail:0", "newer_mail"),
        ("skip", "mail:3", "newer_mail"),
        ("do", "mail:7", "mail_day"),
    ]


@pytest.mark.parametrize("before", ["confirm:1", "letter:2", "limit:3", "mail:2"])
def test_one_a_day(before: str) -> None:
    written = done(done(FAILED, "mail:0"), before, at=on(3, 7))
    assert told(due_actions(written, MAILS, on(3))) == [
        ("skip", "mail:3", "written_today")
    ]
    # What was skipped this morning has reached nobody.
    skipped = replace(written, skipped=frozenset({before}))
    assert told(due_actions(skipped, MAILS, on(3))) == [("do", "mail:3", "mail_day")]


def test_older_ones_are_passed_over_on_such_a_day() -> None:
    written = done(FAILED, "confirm:1", at=on(3, 8))
    assert told(due_actions(written, MAILS, on(3, 9))) == [
        ("skip", "mail:0", "newer_mail"),
        ("skip", "mail:3", "written_today"),
    ]


def test_nobody_to_write_to_is_told_to_a_person_once() -> None:
    nobody = replace(FAILED, has_address=False)
    found = due_actions(nobody, MAILS, BEGAN)
    assert told(found) == [("skip", "mail:0", "no_address"), NOBODY]
    assert found.passing[0] == (Step("mail", 3), on(3), "no_address")
    later = done(nobody, "mail:0", NOBODY[1])
    assert told(due_actions(later, MAILS, on(3))) == [("skip", "mail:3", "no_address")]


def test_nothing_is_written_while_a_try_is_under_way() -> None:
    waiting = tried(done(FAILED, "mail:0"), state="asked", at=on(3))
    found = due_actions(waiting, MAILS, on(3))
    assert (found.due, found.next_at) == ((), on(3, 9))


def test_the_try_comes_first_and_the_mail_when_its_outcome_is_known() -> None:
    before = done(FAILED, "mail:0", "retry:1")
    found = due_actions(before, CARD, on(3))
    assert told(found) == [("do", "retry:3", "retry_day")]
    assert found.next_at == on(3, 9)
    refused = tried(done(before, "retry:3", at=on(3)), at=on(3))
    assert told(due_actions(refused, CARD, on(3))) == [("do", "mail:3", "mail_day")]


class TestConfirming:
    @pytest.mark.parametrize("state", ["needs_action", "declined"])
    def test_the_link_goes_at_once(self, state: str) -> None:
        found = due_actions(confirming(state), MAILS, BEGAN)
        assert told(found) == [
            ("do", "confirm:1", "confirm"),
            ("skip", "mail:0", "written_today"),
        ]
        assert found.due[0].kind == "mail"
        assert dict(found.due[0].data) == {"number": "1", "attempt": "1"}

    def test_once(self) -> None:
        asked = done(confirming(), "confirm:1", "mail:0")
        assert due_actions(asked, MAILS, on(1)).due == ()

    def test_not_at_night(self) -> None:
        found = due_actions(done(confirming(), "mail:0"), MAILS, on(0, 21))
        assert (found.due, found.next_at) == ((), on(1))

    def test_tomorrow_where_a_mail_went_today(self) -> None:
        wrote = done(confirming(), "mail:0", at=BEGAN)
        found = due_actions(wrote, MAILS, on(0, 12))
        assert (found.due, found.next_at) == ((), on(1))
        assert told(due_actions(wrote, MAILS, on(1))) == [
            ("do", "confirm:1", "confirm")
        ]

    def test_nobody_to_write_to(self) -> None:
        nobody = done(replace(confirming(), has_address=False), "mail:0")
        assert told(due_actions(nobody, MAILS, BEGAN)) == [
            ("skip", "confirm:1", "no_address"),
            NOBODY,
        ]

    def test_nobody_to_write_to_with_another_mail_due(self) -> None:
        nobody = replace(confirming(), has_address=False)
        assert told(due_actions(nobody, MAILS, BEGAN)) == [
            ("skip", "confirm:1", "no_address"),
            NOBODY,
            ("skip", "mail:0", "no_address"),
        ]

    def test_waits_for_a_try_that_is_under_way(self) -> None:
        waiting = tried(done(confirming(), "mail:0"), state="asked", at=on(0, 10))
        assert due_actions(waiting, MAILS, on(0, 10)).due == ()

    def test_not_where_the_case_is_left_alone(self) -> None:
        alone = replace(confirming(), held_out=True)
        assert told(due_actions(alone, MAILS, BEGAN)) == [
            ("skip", "mail:0", "held_out")
        ]

    def test_not_after_another_refusal(self) -> None:
        refused = done(tried(confirming(), at=on(0, 11)), "mail:0")
        assert due_actions(refused, MAILS, on(0, 12)).due == ()


@pytest.mark.parametrize("left", ["held_out", "looks_on"])
def test_who_is_left_alone_is_not_written_to(left: str) -> None:
    alone = replace(FAILED, **{left: True})
    reason = {"held_out": "held_out", "looks_on": "looked_on"}[left]
    found = due_actions(replace(alone, has_address=False), MAILS, on(3))
    assert told(found) == [
        ("skip", "mail:0", reason),
        ("skip", "mail:3", reason),
    ]
    assert {why for _step, _at, why in found.passing} == {reason}


def test_letters_on_days_after_the_due_day() -> None:
    assert due_actions(OWED, TRANSFER, OWED.began_at).next_at == on(1)
    assert told(due_actions(OWED, TRANSFER, on(1))) == [
        ("do", "letter:1", "letter_day")
    ]
    later = done(OWED, "letter:1")
    assert told(due_actions(later, TRANSFER, on(5))) == [
        ("do", "letter:5", "letter_day")
    ]


def test_what_a_mail_may_promise() -> None:
    found = expectations(FAILED, CARD, BEGAN)
    assert (found.next_try, found.limit, found.final) == (on(1), on(14), on(21))
    hard = expectations(replace(FAILED, attempts=(HARD,)), CARD, BEGAN)
    assert (hard.next_try, hard.final) == (None, on(21))
