"""What may follow what."""

import pytest

from billing.calculations.dunning.transitions import ATTEMPT, CASE, Table, may_follow

OPEN = {"planned", "asked", "unknown"}


@pytest.mark.parametrize("table", [ATTEMPT, CASE])
def test_every_state_is_reached_and_known(table: Table) -> None:
    assert set().union(*table.values()) == set(table) - {""}


def test_what_succeeded_stays_so() -> None:
    assert not any(may_follow(ATTEMPT, "succeeded", state) for state in ATTEMPT)


@pytest.mark.parametrize("answer", ["declined", "needs_action", "not_made"])
def test_nothing_answered_is_open_again(answer: str) -> None:
    """A new try is a new row: else one key could charge twice."""
    assert not any(may_follow(ATTEMPT, answer, state) for state in OPEN)


def test_what_is_unknown_is_not_asked_for_again_blindly() -> None:
    """The gateway is asked what became of it; planned again it keeps its key."""
    assert not may_follow(ATTEMPT, "unknown", "asked")
    assert may_follow(ATTEMPT, "unknown", "not_made")


def test_cases() -> None:
    assert may_follow(CASE, "", "open")
    assert may_follow(CASE, "lost", "recovered")
    assert not may_follow(CASE, "stopped", "lost")
    assert not may_follow(CASE, "recovered", "lost")


def test_states_that_nobody_knows() -> None:
    assert not may_follow(CASE, "gone", "open")
    assert not may_follow(CASE, "open", "gone")
