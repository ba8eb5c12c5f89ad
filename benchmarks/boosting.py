"""Are boosted trees used where they should be, and only there?

    script/bench boosting           a few companies
    script/bench boosting --full    40 in which the regression is right, 12 in which it is not

Companies of 1,400 customers over 24 months, seen at the end of every month, whose true
chances are known. In the first kind the log-odds of leaving are a sum of what is seen: any
use of trees is a mistake, and at most one in twenty may be made. In the second they are
not: many tickets drive out who uses little and hold who uses much, and a price above a
threshold counts at once; there trees must be used, be right, and say how sure they are.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.probability import calibration_slope, probability
from health.calculations.accuracy.ranking import auc
from health.calculations.churn.explaining import pushes
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.threads import one_thread
from health.calculations.churn.training import train
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.scoring import Floats

CUSTOMERS, MONTHS, DAYS = 1_400, 24, 30
# Customers of another company of the same kind, to judge by.
FRESH = 6_000
NAMES = ("usage", "tickets", "price", "late", "noise", "more noise")
# Seeds that nothing was chosen on.
FIRST_SEED = 50_000
STRENGTHS = (0.003, 0.01, 0.03, 0.1)
FULL, QUICK = (40, 12), (4, 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    plain, crossed = FULL if parser.parse_args().full else QUICK
    fine = True
    with one_thread():
        for line, good in (*plain_lines(plain), *crossed_lines(crossed)):
            print(line, flush=True)
            fine &= good
    return 0 if fine else 1


def chances(features: Floats, *, crossed: bool) -> Floats:
    """This will return the true chance of leaving in a month, (n,)."""
    usage, tickets, price, late = features[:, :4].T
    if not crossed:
        return probability(
            -3.5 - 0.7 * usage + 0.4 * tickets + 0.3 * price + 0.2 * late
        )
    together = -0.9 * usage * np.sign(tickets)
    return probability(-3.0 + together + 1.2 * (price > 0.8) + 0.2 * late)


def company(seed: int, *, crossed: bool, customers: int = CUSTOMERS) -> Landmarks:
    """This will make the rows of a company; what foretells stays with a customer."""
    lots = np.random.default_rng(seed)
    level = lots.normal(size=(customers, len(NAMES)))
    start = lots.integers(0, MONTHS - 4, customers)
    leaves = lots.random((customers, MONTHS)) < chances(level, crossed=crossed)[:, None]
    leaves &= np.arange(MONTHS) >= start[:, None]
    gone = np.where(leaves.any(axis=1), leaves.argmax(axis=1), MONTHS)
    month = np.arange(MONTHS)
    who, when = np.nonzero((month >= start[:, None]) & (month <= gone[:, None]))
    features = level[who]
    features[:, 4:] = lots.normal(size=(len(who), 2))
    return rows_of(
        features,
        customer=who.astype(np.int64),
        day=7_000 + DAYS * when,
        tenure=DAYS * (when - start[who]),
        left_after=np.where(gone[who] < MONTHS, DAYS * (gone[who] - when) + 10, STAYED),
        observed=DAYS * (MONTHS - when),
    )


def rows_of(
    features: Floats, *, customer: NDArray[np.int64], **columns: NDArray[np.int64]
) -> Landmarks:
    size = len(customer)
    zero = np.zeros(size, dtype=np.int64)
    return Landmarks(
        customer=customer,
        segment=zero,
        plan=customer % 3,
        interval=np.ones(size, dtype=np.int32),
        renewal=np.full(size, 10, dtype=np.int32),
        mrr=np.full(size, 100.0),
        features=features.astype(np.float32),
        names=NAMES,
        involuntary=np.zeros(size, dtype=bool),
        **{name: column.astype(np.int32) for name, column in columns.items()},
    )


def learnt(rows: Landmarks) -> ChurnModel:
    return train(rows, calls=20, seed=1, resamples=200, strengths=STRENGTHS)


def plain_lines(companies: int) -> Iterator[tuple[str, bool]]:
    """This will count how often trees are used where the regression is right."""
    used = 0
    behind = []
    for seed in range(companies):
        model = learnt(company(FIRST_SEED + seed, crossed=False))
        used += model.boosted is not None
        found = model.metrics.challenger
        behind += [found.auc.value] if found else []
    yield told("regression.right.trees.used", 100 * used / companies, "%", 0, 5)
    yield f"regression.right.trees.tried {len(behind)} of {companies}", True
    yield f"regression.right.trees.ahead {np.median(behind):.4f} AUC", True


def crossed_lines(companies: int) -> Iterator[tuple[str, bool]]:
    """This will try the trees on customers that nobody has learnt from."""
    used, found = 0, []
    for seed in range(companies):
        model = learnt(company(FIRST_SEED + 1_000 + seed, crossed=True))
        used += model.boosted is not None
        if model.boosted is not None:
            found.append(measured(model, seed))
    yield told("regression.wrong.trees.used", 100 * used / companies, "%", 95, 100)
    if not found:
        return
    middle = np.median(np.array(found), axis=0)
    names = ("auc.share", "slope", "mean.share", "interval.holds", "pushes.off", "kB")
    goals = ((90, 101), (0.85, 1.15), (90, 110), (60, 95), (0, 1e-9), (0, 400))
    for name, value, (low, high) in zip(names, middle, goals, strict=True):
        yield told(f"regression.wrong.{name}", float(value), "", low, high)


def measured(model: ChurnModel, seed: int) -> list[float]:
    """This will hold a model of trees against the truth."""
    rows = company(FIRST_SEED + 2_000 + seed, crossed=True, customers=FRESH)
    fresh = rows.chosen(rows.day == 7_000 + DAYS * (MONTHS // 2))
    month = chances(fresh.features.astype(np.float64), crossed=True)
    truth, left = 1.0 - (1.0 - month) ** 3, fresh.left_within(90)
    scores, why, ones = (
        model.score(fresh),
        pushes(model, fresh),
        np.ones((1, len(left))),
    )
    ours, theirs = (float(auc(p, left)(ones)[0]) for p in (scores.p, truth))
    off = np.abs(why.points.sum(axis=1) - (scores.p - why.average)).max()
    held = (scores.low <= truth) & (truth <= scores.high)
    return [
        100 * (ours - 0.5) / (theirs - 0.5),
        float(calibration_slope(scores.p, left)(ones)[0]),
        100 * float(scores.p.mean() / truth.mean()),
        100 * float(held.mean()),
        float(off),
        len(str(model.as_json())) / 1_000,
    ]


def told(
    name: str, value: float, unit: str, low: float, high: float
) -> tuple[str, bool]:
    """This will make a line of a figure that has to lie between two goals."""
    good = bool(low <= value <= high)
    return (
        f"{name} {value:.4g} {unit} {low:g}-{high:g} {'ok' if good else 'short'}",
        good,
    )


if __name__ == "__main__":
    sys.exit(main())
