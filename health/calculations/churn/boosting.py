"""Gradient boosting: how it is learnt, and how well what it learnt is known.

Learning rate 0.05, 8 leaves, at most 150 rounds; how many is tried (`challenger`), for with too
many the trees learn single customers by heart: scikit-learn's defaults were overconfident
(calibration slope 0.77 on `telco_ibm`), and here each customer stands in many rows. For the
same reason a leaf holds the rows of 40 customers on average, not 20 rows.

How well: the same is learnt several times from customers weighed anew (the Bayesian
bootstrap: Rubin, The Annals of Statistics 9, 1981), and it is seen how far the log-odds of
the newest rows move. The spread depends mostly on the log-odds themselves, so it is kept
as a line through groups of like ones: a customer then costs a look-up, not ten models.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from health.calculations.accuracy.curve import bin_of
from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.logistic import Matrix
from health.calculations.churn.trees import LEAF, Boosted, Tree
from health.calculations.scoring import Floats

SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "early_stopping": False,
    "random_state": 0,
}
# Numbers of rounds that are tried; customers in a leaf.
ROUNDS = (15, 30, 60, 100, 150)
LEAF_CUSTOMERS = 40
# Rows beyond so many are left out by lot, whole customers at a time.
MOST_ROWS = 200_000
REFITS, KNOTS = 10, 8
# Refits learn from, and are looked at on, so many rows at most.
FEW_ROWS = 40_000
SEED = 7
MOST = float(np.finfo(np.float64).max)


def learn_boosted(
    columns: Matrix, left: Bools, customer: Ints, *, rounds: int
) -> Boosted:
    """This will learn so many trees from n rows (n, d); their doubt is not known yet.

    Raises ValueError unless somebody left and somebody stayed. Cost: some seconds for
    200,000 rows.
    """
    some = _lot(customer, MOST_ROWS)
    weight = np.ones(int(some.sum()))
    return _boosted(columns[some], left[some], customer[some], weight, rounds)


def with_doubt(
    boosted: Boosted, columns: Matrix, left: Bools, customer: Ints, recent: Bools
) -> Boosted:
    """This will measure how well trees are known, on the `recent` of the rows they learnt.

    Cost: ten fits on at most 40,000 rows. What fewer rows than all leave open is taken off
    in proportion.
    """
    some, tried = _lot(customer, FEW_ROWS), np.flatnonzero(recent)[:FEW_ROWS]
    who, rounds = customer[some], len(boosted.trees)
    place = np.unique(who, return_inverse=True)[1]
    lots = np.random.default_rng(SEED)
    moved = []
    for _ in range(REFITS):
        weight = lots.standard_exponential(int(place.max()) + 1)[place]
        again = _boosted(columns[some], left[some], who, weight, rounds)
        moved.append(again.log_odds(columns[tried]))
    share = float(some.sum()) / min(len(columns), MOST_ROWS)
    spread = np.var(np.stack(moved), axis=0, ddof=1) * min(1.0, share)
    knots, variances = _line(boosted.log_odds(columns[tried]), spread)
    return replace(boosted, knots=knots, variances=variances)


def _line(eta: Floats, spread: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """This will draw a line through groups of like log-odds."""
    place = bin_of(eta, min(KNOTS, len(eta)))
    count = np.bincount(place)
    knots, level = (np.bincount(place, one) / count for one in (eta, spread))
    return tuple(knots.tolist()), tuple(level.tolist())


def _boosted(
    columns: Matrix, left: Bools, customer: Ints, weight: Floats, rounds: int
) -> Boosted:
    # Slow to import, and the web processes never fit.
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    of_each = len(customer) / len(np.unique(customer))
    model = HistGradientBoostingClassifier(
        max_iter=rounds, min_samples_leaf=round(LEAF_CUSTOMERS * of_each), **SETTINGS
    )
    model.fit(columns, left, sample_weight=weight)
    return read(model)


def read(model: Any) -> Boosted:
    """This will take the numbers out of scikit-learn's model of two classes."""
    trees = [_tree(grown.nodes) for (grown,) in model._predictors]  # noqa: SLF001
    (baseline,) = np.ravel(model._baseline_prediction)  # noqa: SLF001
    return Boosted(float(baseline), tuple(trees), (0.0,), (0.0,))


def _tree(nodes: Any) -> Tree:
    leaf = nodes["is_leaf"].astype(bool)
    columns = (
        np.where(leaf, LEAF, nodes["feature_idx"].astype(np.int64)),
        # What splits off only what is not known has no finite threshold; JSON has no other.
        np.where(leaf, 0.0, np.clip(nodes["num_threshold"], -MOST, MOST)),
        np.where(leaf, 0, nodes["left"].astype(np.int64)),
        np.where(leaf, 0, nodes["right"].astype(np.int64)),
        np.where(leaf, nodes["value"], 0.0),
        nodes["missing_go_to_left"].astype(bool),
    )
    return Tree(*(tuple(column.tolist()) for column in columns))


def _lot(customer: Ints, most: int) -> Bools:
    """This will take whole customers by lot, about as many as `most` rows."""
    distinct, place = np.unique(customer, return_inverse=True)
    share = most / max(1, len(customer))
    taken = np.random.default_rng(SEED).random(len(distinct))[place] < share
    return np.asarray(taken) if share < 1.0 else np.ones(len(customer), dtype=np.bool_)
