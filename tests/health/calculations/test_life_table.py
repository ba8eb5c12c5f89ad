"""Life tables, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.life_table import (
    LifeTable,
    life_table,
    life_table_from_survivors,
    life_tables,
)


def test_a_cohort_by_hand() -> None:
    table = life_table_from_survivors([10, 7, 7, 4])
    np.testing.assert_array_equal(table.kept, [7, 7, 4])
    np.testing.assert_array_equal(table.lost, [3, 0, 3])
    np.testing.assert_array_equal(table.faced, [10, 7, 7])
    assert (table.exposure, table.leavers) == (24, 6)


@pytest.mark.parametrize("survivors", [[3, 4], [1, -1], [[3, 2], [3, 1]]])
def test_survivors_that_cannot_be(survivors: list[int]) -> None:
    with pytest.raises(ValueError, match="never rise"):
        life_table_from_survivors(survivors)


def test_customers_by_hand() -> None:
    """One gone at its third renewal, one there after two, one seen from its second on."""
    table = life_table(
        np.array([2, 2, 3]),
        np.array([True, False, False]),
        entered=np.array([0, 0, 1]),
    )
    np.testing.assert_array_equal(table.kept, [2, 3, 1, 0])
    np.testing.assert_array_equal(table.lost, [0, 0, 1, 0])


def test_weights_are_customers() -> None:
    survived, left = np.array([0, 1]), np.array([True, False])
    table = life_table(survived, left, weights=np.array([2.5, 4.0]))
    np.testing.assert_array_equal(table.kept, [4.0, 0.0])
    np.testing.assert_array_equal(table.lost, [2.5, 0.0])


def test_nobody_is_an_empty_table() -> None:
    nobody = np.array([], dtype=np.int64)
    table = life_table(nobody, nobody.astype(bool))
    assert (table.exposure, table.leavers) == (0, 0)


@pytest.mark.parametrize(("survived", "entered"), [(1, 2), (1, -1)])
def test_entries_that_cannot_be(survived: int, entered: int) -> None:
    with pytest.raises(ValueError, match="Nobody enters"):
        life_table(np.array([survived]), np.array([False]), entered=np.array([entered]))


def test_tables_add_up_whatever_their_length() -> None:
    one, other = (
        LifeTable(np.array([1.0]), np.array([2.0])),
        LifeTable(np.array([3.0, 5.0]), np.array([4.0, 6.0])),
    )
    for both in (one.plus(other), other.plus(one)):
        np.testing.assert_array_equal(both.kept, [4, 5])
        np.testing.assert_array_equal(both.lost, [6, 6])


PEOPLE = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 6), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(PEOPLE)
def test_every_renewal_is_counted_once(
    people: list[tuple[int, int, int, bool]],
) -> None:
    """Against a loop over customers and their renewals."""
    segment, entered, more, left = (
        np.array(column) for column in zip(*people, strict=True)
    )
    survived = entered + more
    kept, lost = life_tables(segment, survived, left, segments=3, entered=entered)
    want_kept, want_lost = np.zeros_like(kept), np.zeros_like(lost)
    for place, first, last, gone in zip(segment, entered, survived, left, strict=True):
        want_kept[place, first:last] += 1
        want_lost[place, last] += gone
    np.testing.assert_array_equal(kept, want_kept)
    np.testing.assert_array_equal(lost, want_lost)
