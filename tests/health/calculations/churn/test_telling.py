"""Pushes rounded so that they add up, and the small ones folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.churn.telling import told

PUSHES = (("a", 0.1234), ("b", -0.0512), ("c", 0.0003), ("d", -0.0002), ("e", 0.0101))


def test_pushes_start_at_the_average_and_end_at_the_customer() -> None:
    found = told(PUSHES, average=0.1, p=0.1824, most=3)
    assert (found.start, found.end) == (10.0, 18.2)
    assert [(push.key, push.points) for push in found.pushes] == [
        ("a", 12.3),
        ("e", 1.0),
        ("b", -5.1),
    ]
    assert [push.key for push in found.others] == ["c", "d"]
    assert found.rest == 0.0


def test_what_belongs_together_is_told_once() -> None:
    found = told([*PUSHES, ("a", -0.1)], average=0.1, p=0.0824, most=5)
    assert {push.key: push.points for push in found.pushes}["a"] == 2.3


def test_a_single_other_is_told_by_itself() -> None:
    found = told(PUSHES[:3], average=0.1, p=0.1725, most=2)
    assert [push.key for push in found.pushes] == ["a", "c", "b"]
    assert found.others == ()
    assert found.rest == 0.0


def test_nobody_is_pushed_by_nothing() -> None:
    found = told([], average=0.1, p=0.1, most=3)
    assert (found.pushes, found.others, found.start, found.end) == ((), (), 10.0, 10.0)


@given(
    st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=40),
    st.floats(0.001, 0.999),
    st.integers(1, 12),
)
def test_what_is_shown_adds_up(parts: list[float], average: float, most: int) -> None:
    pushes = [(str(place), part) for place, part in enumerate(parts)]
    p = average + sum(parts)
    found = told(pushes, average=average, p=p, most=most)
    shown = sum(push.points for push in found.pushes) + found.rest
    assert found.start + shown == pytest.approx(found.end, abs=1e-9)
    assert len(found.pushes) + len(found.others) == len(parts)
    assert all(
        abs(push.points - 100 * push.exact) < 0.11
        for push in found.pushes + found.others
    )
