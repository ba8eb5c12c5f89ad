"""From landmark rows to columns."""

import numpy as np
import pytest

from health.calculations.churn import design as module
from health.calculations.churn.design import FREE, FURTHEST, learn_design
from tests.health.calculations.churn.made import company, rows_of

ROWS = rows_of(
    customer=np.arange(6),
    plan=np.array([1, 1, 1, 2, 2, 5]),
    interval=np.array([1, 1, 12, 12, 12, 12], dtype=np.int32),
    renewal=np.array([10, -1, 90, 91, 0, -1], dtype=np.int32),
    features=np.array(
        [[1, 5, 0], [2, 5, 0], [np.nan, 5, 0], [4, 5, 0], [9, 5, np.inf], [0, 5, 0]],
        dtype=np.float32,
    ),
)


def column(name: str, rows=ROWS):
    """This will return the columns of one group as learnt from these rows."""
    design = learn_design(rows, horizon=90)
    return design.matrix(rows)[:, np.array(design.groups) == name]


def test_what_is_learnt() -> None:
    design = learn_design(ROWS, horizon=90)
    assert design.fill == (2.0, 5.0, 0.0)
    assert design.marked == (0, 2)
    # The most common plan is the one the others are told apart from.
    assert design.levels == ((2, 5), (), (1,))
    assert design.groups == (
        *("tenure", "renewal", "renewal", "mrr", "plan", "plan", "interval"),
        *("usage", "tickets", "noise", "usage", "noise"),
    )
    assert design.behaviour.tolist() == [False] * 7 + [True] * 5


def test_columns_have_no_mean_and_unit_spread() -> None:
    rows = company(seed=1, customers=200)
    design = learn_design(rows, horizon=90)
    found = design.matrix(rows) / np.append(FREE, np.ones(len(design.centre) - 4))
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=2e-2)
    moving = np.array(design.scale) > 0
    np.testing.assert_allclose(found[:, moving].std(axis=0), 1, atol=2e-2)
    # Everybody is billed monthly here and renews in ten days: columns that say nothing.
    assert (found[:, ~moving] == 0).all()


def test_a_missing_value_is_the_median_with_a_mark() -> None:
    value, mark = column("usage").T
    usage = np.array([1, 2, 2, 4, 9, 0])
    np.testing.assert_allclose(value, (usage - usage.mean()) / usage.std())
    gone = np.array([0, 0, 1, 0, 0, 0])
    np.testing.assert_allclose(mark, (gone - 1 / 6) / gone.std())


def test_a_contract_is_up_for_decision_bound_or_free() -> None:
    soon, bound = column("renewal").T
    assert (soon > 0).tolist() == [False, False, True, False, True, False]
    assert (bound > 0).tolist() == [False, False, False, True, False, False]


def test_a_category_never_seen_is_like_the_most_common_one() -> None:
    design = learn_design(ROWS, horizon=90)
    plain = ROWS.chosen([0])
    other = rows_of(
        customer=np.array([1]),
        plan=np.array([99]),
        renewal=plain.renewal,
        features=plain.features,
    )
    assert (design.matrix(other) == design.matrix(plain)).all()


def test_rare_categories_are_not_told_apart() -> None:
    plan = np.append(np.zeros(990, dtype=np.int64), np.arange(10) // 9 + 1)
    rows = rows_of(customer=np.arange(1_000), plan=plan)
    assert learn_design(rows, horizon=90).levels[0] == ()
    many = rows_of(customer=np.arange(1_000), plan=np.arange(1_000) % 20)
    assert learn_design(many, horizon=90).levels[0] == tuple(range(1, 13))


def test_a_wild_number_is_cut_off() -> None:
    design = learn_design(company(seed=1, customers=200), horizon=90)
    wild = rows_of(
        customer=np.array([1]),
        features=np.array([[1e9, -1e9, 0]], dtype=np.float32),
    )
    usage, tickets, _ = design.matrix(wild)[0, -4:-1]
    assert (usage, tickets) == (FURTHEST, -FURTHEST)


def test_a_feature_nobody_has_says_nothing() -> None:
    features = np.zeros((6, 3), dtype=np.float32)
    features[:, 1] = np.nan
    rows = rows_of(customer=np.arange(6), features=features)
    design = learn_design(rows, horizon=90)
    assert (design.fill, design.marked) == ((0.0, 0.0, 0.0), ())
    assert (design.matrix(rows) == 0).all()


def test_chunks_and_precision_change_nothing_that_matters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = company(seed=1, customers=200)
    whole = learn_design(rows, horizon=90)
    expected = whole.matrix(rows)
    monkeypatch.setattr(module, "CHUNK", 100)
    pieces = learn_design(rows, horizon=90)
    np.testing.assert_allclose(pieces.centre, whole.centre, atol=1e-12)
    np.testing.assert_allclose(pieces.scale, whole.scale, atol=1e-12)
    monkeypatch.setattr(module, "LARGE", 100)
    single = whole.matrix(rows)
    assert (expected.dtype, single.dtype) == (np.float64, np.float32)
    np.testing.assert_allclose(single, expected, atol=1e-5)
