"""Trees as numbers: they say what scikit-learn's say, and who said it adds up."""

import itertools
import json
import math

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from health.calculations.churn.boosting import SETTINGS, learn_boosted, read, with_doubt
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.trees import PIECE, Boosted, Tree

ROWS = 1_200
# Columns 0 and 3 are one feature.
GROUPS = (0, 1, 2, 0, 3)


def made(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Who leaves: two signals that tell only together, and one alone."""
    lots = np.random.default_rng(seed)
    columns = lots.normal(size=(ROWS, len(GROUPS)))
    eta = 1.5 * np.sign(columns[:, 0] * columns[:, 1]) + columns[:, 3] - 1.0
    return columns, lots.random(ROWS) < 1.0 / (1.0 + np.exp(-eta))


def learnt(rounds: int = 30) -> tuple[Boosted, np.ndarray]:
    columns, left = made()
    model = HistGradientBoostingClassifier(max_iter=rounds, **SETTINGS)
    model.fit(columns, left)
    return read(model), columns


def test_they_say_what_scikit_learn_says() -> None:
    columns, left = made()
    # What is not known goes its own way, also where nobody of training lacked it.
    columns[::3, 2] = np.nan
    model = HistGradientBoostingClassifier(max_iter=150, **SETTINGS)
    model.fit(columns, left)
    fresh, _ = made(2)
    fresh[::4, 1], fresh[::5, 2] = np.nan, np.nan
    fresh = np.tile(fresh, (1 + PIECE // ROWS, 1))
    ours = read(model).log_odds(fresh)
    np.testing.assert_allclose(ours, model.decision_function(fresh), atol=1e-9, rtol=0)


def test_storing_loses_nothing() -> None:
    boosted, columns = learnt()
    stored = json.dumps(to_json(boosted), allow_nan=False)
    again = from_json(Boosted, json.loads(stored))
    assert again == boosted
    assert (again.log_odds(columns) == boosted.log_odds(columns)).all()


def test_parts_are_shapley_values_against_the_average_customer() -> None:
    """Every order of turning features over, written out."""
    boosted, columns = learnt(rounds=12)
    one = columns[:3]
    got = boosted.parts(one, GROUPS, 4)
    want = np.zeros_like(got)
    for order in itertools.permutations(range(4)):
        hybrid = np.zeros_like(one)
        before = boosted.log_odds(hybrid)
        for group in order:
            mine = np.array(GROUPS) == group
            hybrid[:, mine] = one[:, mine]
            after = boosted.log_odds(hybrid)
            want[:, group] += (after - before) / math.factorial(4)
            before = after
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_parts_add_up() -> None:
    boosted, columns = learnt()
    parts = boosted.parts(columns, GROUPS, 4)
    apart = boosted.log_odds(columns) - boosted.average()
    np.testing.assert_allclose(parts.sum(axis=1), apart, atol=1e-9)
    # What no tree asks for says nothing.
    assert not parts[:, 3].any() or abs(parts[:, 3]).max() < abs(parts[:, 0]).max()


def test_a_tree_of_one_leaf_says_one_thing() -> None:
    alone = Tree((-1,), (0.0,), (0,), (0,), (0.25,), (False,))
    boosted = Boosted(-1.0, (alone,), (0.0,), (0.5,))
    assert boosted.log_odds(np.ones((2, 3))).tolist() == [-0.75, -0.75]
    assert boosted.parts(np.ones((2, 3)), (0, 1, 2), 3).tolist() == [[0.0] * 3] * 2
    assert boosted.average() == -0.75
    assert boosted.variance(np.array([-9.0, 9.0])).tolist() == [0.5, 0.5]


def test_doubt_is_less_where_more_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("health.calculations.churn.boosting.REFITS", 4)
    columns, left = made()
    customer, newest = np.arange(ROWS), np.arange(ROWS) >= ROWS // 2
    found = []
    for size in (ROWS // 4, ROWS):
        rows = slice(ROWS - size, None)
        boosted = learn_boosted(columns[rows], left[rows], customer[rows], rounds=8)
        known = with_doubt(
            boosted, columns[rows], left[rows], customer[rows], newest[rows]
        )
        assert list(known.knots) == sorted(known.knots)
        assert min(known.variances) > 0.0
        found.append(float(known.variance(boosted.log_odds(columns)).mean()))
    assert found[1] < 0.6 * found[0]


def test_of_many_rows_whole_customers_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("health.calculations.churn.boosting.MOST_ROWS", ROWS // 2)
    columns, left = made()
    customer = np.arange(ROWS) // 4
    some = learn_boosted(columns, left, customer, rounds=3)
    monkeypatch.undo()
    assert some != learn_boosted(columns, left, customer, rounds=3)


def test_the_first_trees_say_what_fewer_rounds_would() -> None:
    columns, left = made()
    whole = learn_boosted(columns, left, np.arange(ROWS), rounds=12)
    staged = whole.staged(columns, (4, 12))
    fewer = learn_boosted(columns, left, np.arange(ROWS), rounds=4)
    np.testing.assert_array_equal(staged[0], fewer.log_odds(columns))
    np.testing.assert_array_equal(staged[1], whole.log_odds(columns))
