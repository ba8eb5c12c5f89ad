"""Rows put to customers by position."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.groups import Groups, Runs

ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 5)), max_size=30)


def test_runs_of_several_keys() -> None:
    runs = Runs(np.array([1, 1, 2, 2, 2]), np.array([7, 7, 7, 8, 8]))
    values = np.array([1, 2, 3, 4, 5])
    assert runs.first(values).tolist() == [1, 3, 4]
    assert runs.last(values).tolist() == [2, 3, 5]
    assert runs.reduce(np.add, values).tolist() == [3, 3, 9]
    assert runs.number.tolist() == [0, 0, 1, 2, 2]


@given(ids=st.sets(st.integers(0, 9)), rows=ROWS)
def test_groups_say_what_a_loop_would(
    ids: set[int], rows: list[tuple[int, int]]
) -> None:
    rows.sort(key=lambda row: row[0])
    who = np.array([row[0] for row in rows], dtype=np.int64)
    groups = Groups(np.array(sorted(ids), dtype=np.int64), who)
    values = np.array([row[1] for row in rows], dtype=np.int64)[groups.rows]
    own = [[value for key, value in rows if key == pk] for pk in sorted(ids)]
    assert groups.count().tolist() == [len(some) for some in own]
    assert groups.count(values > 0).tolist() == [
        sum(value > 0 for value in some) for some in own
    ]
    assert groups.sum(values).tolist() == [sum(some) for some in own]
    assert groups.highest(values, 99).tolist() == [
        max(some, default=99) for some in own
    ]
    assert groups.lowest(values, 99).tolist() == [min(some, default=99) for some in own]
    assert groups.any(values == 0).tolist() == [0 in some for some in own]
    assert groups.last(values, 99).tolist() == [[99, *some][-1] for some in own]
    assert groups.last(values, 99, back=1).tolist() == [
        some[-2] if len(some) > 1 else 99 for some in own
    ]
