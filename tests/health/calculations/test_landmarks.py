"""Customers as they stood on past days."""

from dataclasses import fields, replace

import numpy as np
import pytest

from health.calculations.landmarks import STAYED, Landmarks


def landmarks() -> Landmarks:
    n = 4
    return Landmarks(
        customer=np.array([1, 2, 1, 2]),
        day=np.array([100, 100, 200, 200], dtype=np.int32),
        segment=np.zeros(n, dtype=np.int64),
        plan=np.zeros(n, dtype=np.int64),
        tenure=np.array([10, 20, 110, 120], dtype=np.int32),
        interval=np.full(n, 1, dtype=np.int32),
        renewal=np.full(n, 5, dtype=np.int32),
        mrr=np.full(n, 50.0),
        features=np.arange(n, dtype=np.float32).reshape(n, 1),
        names=("usage",),
        left_after=np.array([STAYED, 190, STAYED, 90], dtype=np.int32),
        observed=np.array([200, 200, 100, 100], dtype=np.int32),
        involuntary=np.zeros(n, dtype=np.bool_),
    )


def test_some_of_the_rows_keep_all_their_columns():
    rows = landmarks()
    some = rows.chosen(rows.customer == 2)
    assert len(some) == 2
    assert some.tenure.tolist() == [20, 120]
    assert some.features.tolist() == [[1.0], [3.0]]
    assert some.names == ("usage",)


def test_leaving_on_the_last_day_of_the_window_counts():
    assert landmarks().left_within(90).tolist() == [False, False, False, True]


def test_no_label_reaches_past_the_day_that_is_tried():
    rows = landmarks()
    assert rows.labelled_before(190, 90).tolist() == [True, True, False, False]
    assert rows.labelled_before(189, 90).tolist() == [False] * 4
    assert rows.labelled_before(290, 90).tolist() == [True] * 4
    assert rows.labelled_before(500, 150).tolist() == [True, True, False, False]


def same(one: Landmarks, other: Landmarks) -> None:
    for field in fields(Landmarks):
        np.testing.assert_array_equal(
            getattr(one, field.name), getattr(other, field.name), strict=True
        )


def test_rows_come_back_from_bytes_as_they_were():
    rows = landmarks()
    rows.features[0, 0] = np.nan
    back = Landmarks.from_bytes(rows.as_bytes())
    same(back, rows)
    assert back.names == ("usage",)
    none = rows.chosen(np.zeros(4, dtype=np.bool_))
    same(Landmarks.from_bytes(none.as_bytes()), none)


def test_parts_are_joined_in_their_order():
    rows = landmarks()
    first, second = rows.chosen(rows.day == 100), rows.chosen(rows.day == 200)
    same(Landmarks.joined([first, second]), rows)
    other = replace(second, names=("tickets",))
    with pytest.raises(ValueError, match="same features"):
        Landmarks.joined([first, other])
