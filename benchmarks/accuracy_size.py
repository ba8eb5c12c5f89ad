"""One fit on 1,000,000 landmark rows with 30 features, in a process of its own.

    python -m benchmarks.accuracy_size

Prints one line of JSON: seconds and the most memory of the fit, seconds of scoring. The
rows are 100,000 customers on ten days, a fifth of the features missing in places. The
search for the strength is left out; `script/bench accuracy` runs this and judges it.
"""

import json
import os
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from health.calculations.accuracy.probability import probability
from health.calculations.churn.boosting import ROUNDS, learn_boosted
from health.calculations.churn.explaining import pushes
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.threads import one_thread
from health.calculations.churn.training import Slope, fitted, train
from health.calculations.churn.trees import Boosted
from health.calculations.landmarks import STAYED, Landmarks

ROWS, FEATURES, DAYS = 1_000_000, 30, 10
SHARD = 25_000


def main() -> int:
    rows = made()
    before = peak()
    start = time.perf_counter()
    with one_thread():  # Imports scikit-learn, once a process.
        imported = time.perf_counter() - start
    start = time.perf_counter()
    found = fitted(rows, strength=0.03, slope=Slope())
    fit, most = time.perf_counter() - start, peak()
    part = rows.chosen(rows.customer < 2_000)
    model = replace(
        train(part, calls=20, seed=1, resamples=10, strengths=(0.03,)),
        design=found.design,
        beta=tuple(found.beta.tolist()),
        covariance=tuple(map(tuple, found.covariance.tolist())),
        calibration=found.calibration,
        causes=found.causes,
    )
    start = time.perf_counter()
    scores = model.score(rows)
    scored = time.perf_counter() - start
    start = time.perf_counter()
    reasons = explained(model, rows)
    explaining = time.perf_counter() - start
    trees = replace(model, beta=(), covariance=(), boosted=grown(model, part))
    start = time.perf_counter()
    trees.score(rows)
    scored_trees = time.perf_counter() - start
    start = time.perf_counter()
    explained(trees, rows)
    explaining_trees = time.perf_counter() - start
    print(
        json.dumps(
            {
                "rows": len(rows),
                "columns": len(found.design.centre),
                "import": imported,
                "fit": fit,
                "data": before,
                "peak": most,
                "score": scored,
                "explain": explaining,
                "score_trees": scored_trees,
                "explain_trees": explaining_trees,
                "peak_all": peak(),
                "mean": float(scores.p.mean()),
                "left": float(rows.left_within(90).mean()),
                "reasons": reasons,
            }
        )
    )
    return 0


def grown(model: ChurnModel, rows: Landmarks) -> Boosted:
    """This will learn trees of full size from some of the rows."""
    columns, left = model.design.matrix(rows), rows.left_within(90)
    with one_thread():
        return learn_boosted(columns, left, rows.customer, rounds=ROUNDS[-1])


def explained(model: ChurnModel, rows: Landmarks) -> int:
    """This will name the reasons of all, a shard at a time, and count them."""
    found = 0
    for start in range(0, len(rows), SHARD):
        part = rows.chosen(np.arange(start, min(start + SHARD, len(rows))))
        found += int((pushes(model, part).strongest() >= 0).sum())
    return found


def peak() -> float:
    """This will return the most memory this process has held, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def made() -> Landmarks:
    """This will make the rows, column by column, without copies of the whole."""
    lots = np.random.default_rng(1)
    features = np.empty((ROWS, FEATURES), dtype=np.float32)
    score = np.full(ROWS, -2.6, dtype=np.float32)
    for place in range(FEATURES):
        column = lots.standard_normal(ROWS, dtype=np.float32)
        score += 0.5 / (1 + place) * column
        if place % 5 == 0:
            column[lots.random(ROWS, dtype=np.float32) < 0.1] = np.nan
        features[:, place] = column
    left = lots.random(ROWS, dtype=np.float32) < probability(score)
    del score
    return Landmarks(
        customer=np.arange(ROWS) // DAYS,
        day=(7_000 + 90 * (np.arange(ROWS) % DAYS)).astype(np.int32),
        segment=lots.integers(0, 3, ROWS),
        plan=lots.integers(0, 4, ROWS),
        tenure=lots.integers(0, 2_000, ROWS).astype(np.int32),
        interval=lots.choice(np.array([1, 12], dtype=np.int32), ROWS),
        renewal=lots.integers(0, 365, ROWS).astype(np.int32),
        mrr=lots.gamma(2, 100, ROWS),
        features=features,
        names=tuple(f"feature_{place}" for place in range(FEATURES)),
        left_after=np.where(left, 40, STAYED).astype(np.int32),
        observed=np.full(ROWS, 90, dtype=np.int32),
        involuntary=left & (lots.random(ROWS, dtype=np.float32) < 0.2),
    )


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
