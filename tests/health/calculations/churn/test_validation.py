"""Cutting the past in time and by customer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.churn import validation
from health.calculations.churn.validation import (
    FOLDS,
    UnableToLearn,
    choose_strength,
    forecasts,
    turns_of,
)
from health.calculations.landmarks import STAYED
from tests.health.calculations.churn.made import company, once, rows_of

COMPANY = company(seed=1, customers=300)
KNOWN = COMPANY.chosen(COMPANY.known_for(90))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100), st.integers(30, 120))
def test_no_turn_learns_from_later_or_from_the_customer(
    seed: int, horizon: int
) -> None:
    rows = company(seed=seed, customers=80)
    known = rows.chosen(rows.known_for(horizon))
    found = turns_of(known, horizon=horizon, seed=seed)
    for turn in found.turns:
        train, test = known.chosen(turn.train), known.chosen(turn.test)
        assert not set(train.customer) & set(test.customer)
        if found.out_of_time:
            assert train.day.max() + horizon <= test.day.min()


def test_every_row_of_the_last_stretches_is_forecast_once() -> None:
    found = turns_of(KNOWN, horizon=90, seed=1)
    assert found.out_of_time
    # Of seven quarters the first teaches only, and the second has nothing to learn from.
    assert len(found.turns) == FOLDS * 5
    places = np.concatenate([turn.test for turn in found.turns])
    since = KNOWN.day.max() + 1 - 5 * 90
    assert np.sort(places).tolist() == np.flatnonzero(KNOWN.day >= since).tolist()


def test_a_short_history_is_cut_by_customer_only() -> None:
    rows, _ = once(1, 200)
    found = turns_of(rows, horizon=90, seed=1)
    assert (found.out_of_time, len(found.turns)) == (False, FOLDS)
    places = np.concatenate([turn.test for turn in found.turns])
    assert np.sort(places).tolist() == list(range(200))


def test_a_gap_in_the_history_is_stepped_over() -> None:
    gap = (KNOWN.day < KNOWN.day.max() - 180) | (KNOWN.day > KNOWN.day.max() - 90)
    found = turns_of(KNOWN.chosen(gap), horizon=90, seed=1)
    assert found.out_of_time
    assert len(found.turns) == FOLDS * 4


def test_where_nobody_left_nothing_can_be_learnt() -> None:
    calm = rows_of(customer=np.arange(9), left_after=np.full(9, STAYED, dtype=np.int32))
    with pytest.raises(UnableToLearn):
        turns_of(calm, horizon=90, seed=1)
    with pytest.raises(UnableToLearn):
        turns_of(calm.chosen([]), horizon=90, seed=1)


def test_a_fold_nobody_is_in_is_left_out() -> None:
    """Three customers in four folds; without the third only leavers would teach."""
    left = np.array([10, 10, STAYED, STAYED], dtype=np.int32)
    rows = rows_of(customer=np.array([1, 2, 3, 3]), left_after=left)
    assert len(turns_of(rows, horizon=90, seed=1).turns) == FOLDS - 2


def test_large_histories_are_sampled_by_customer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(validation, "MOST_ROWS", len(KNOWN) // 2)
    found = turns_of(KNOWN, horizon=90, seed=1)
    seen = np.unique(np.concatenate([[*one.train, *one.test] for one in found.turns]))
    rest = np.setdiff1d(np.arange(len(KNOWN)), seen)
    assert len(KNOWN) * 0.3 < len(seen) < len(KNOWN) * 0.7
    late = rest[KNOWN.day[rest] == KNOWN.day.max()]
    assert not set(KNOWN.customer[late]) & set(KNOWN.customer[seen])


def test_forecasts_come_back_in_the_order_of_the_rows() -> None:
    found = turns_of(KNOWN, horizon=90, seed=1)
    places, usage = forecasts(
        KNOWN, found, lambda lesson: lesson.tried[:, [-3]].T, horizon=90
    )
    assert (np.diff(places) > 0).all()
    assert usage.shape == (1, len(places))
    assert np.corrcoef(usage[0], KNOWN.features[places, 1])[0, 1] > 0.99


def test_the_firmest_hold_that_is_not_clearly_worse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = turns_of(KNOWN, horizon=90, seed=1)
    strengths = (1e-6, 0.003, 0.03, 0.3)
    chosen = choose_strength(KNOWN, found, horizon=90, strengths=strengths)
    lost = dict(chosen.losses)
    assert tuple(lost) == strengths
    assert chosen.value in {0.003, 0.03}
    assert lost[1e-6] > lost[chosen.value]
    monkeypatch.setattr(validation, "TOLERANCE", 0.0)
    best = choose_strength(KNOWN, found, horizon=90, strengths=strengths)
    assert (best.value, best.losses) == (min(strengths, key=lost.get), chosen.losses)
    monkeypatch.setattr(validation, "TOLERANCE", 1e6)
    firm = choose_strength(KNOWN, found, horizon=90, strengths=strengths)
    assert firm.value == 1e-6
