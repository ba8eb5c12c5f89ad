"""Is the churn model as good as it says? Against known data, oracles and its own size.

    script/bench accuracy           the quick form
    script/bench accuracy --full    repeated folds and 20 companies of each size

Telco: repeated 5-fold on a static table, against a rule with hand-set weights. The
simulated companies (the shared `sim_saas_seed101` and fresh ones) have an oracle that
knows the true chances: the model learns from what was known by month T alone and is
measured on who left in the 90 days after it, as the oracle is. `expected` is the area under
the curve that the true chances give on average, without the luck of who left. RavenStack's
behaviour foretells nothing: a figure above 0.75 there would be a leak.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.accuracy_tables import ravenstack, telco
from benchmarks.company_tables import Company, landmarks, read_company
from benchmarks.simulated_company import oracle, simulated
from health.calculations.accuracy.probability import calibration_slope, probability
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.report import ranked
from health.calculations.accuracy.resampling import Bools, cases_of
from health.calculations.churn.grid import split_by_time
from health.calculations.churn.logistic import log_odds_of
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.training import Fitted, Slope, fitted, train
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

Line = tuple[str, bool]
DATA = Path(os.environ.get("KEEPWELL_DATA", "../shared/data"))
SEED, FIRST_MONTH, LAST_MONTH = 1, 3, 32
FOLDS = 5
LARGE = 20_000
# Who is bound by a contract leaves hardly ever; whether that is 0.2 or 0.1 % is no matter.
CAN_LEAVE = 0.01


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    fine = True
    for lines in (
        telco_lines(repeats=5 if full else 1),
        shared_lines(),
        company_lines(400, companies=60 if full else 6),
        company_lines(3_000, companies=20 if full else 2),
        silent_lines(companies=20 if full else 3),
        raven_lines(),
        size_lines(),
    ):
        for line, good in lines:
            print(line, flush=True)
            fine &= good
    return 0 if fine else 1


def told(name: str, value: float, unit: str, low: float, high: float) -> Line:
    """This will make a line of a figure that has to lie between two goals."""
    good = bool(low <= value <= high)
    if high == np.inf:
        goal = f">={low:g}"
    else:
        goal = f"<={high:g}" if low == -np.inf else f"{low:g}-{high:g}"
    return f"{name} {value:.4g} {unit} {goal} {'ok' if good else 'short'}", good


def plain(name: str, value: object) -> Line:
    """This will make a line of a figure without a goal."""
    return f"{name} {value:.4g}" if isinstance(
        value, float
    ) else f"{name} {value}", True


def area(score: Floats, rows: Landmarks) -> float:
    return area_of(score, rows.left_within(90))


def area_of(score: Floats, left: Bools) -> float:
    return float(auc(score, left)(np.ones((1, len(left))))[0])


def slope(p: Floats, rows: Landmarks) -> float:
    figure = calibration_slope(p, rows.left_within(90))
    return float(figure(np.ones((1, len(rows))))[0])


def expected(score: Floats, truth: Floats) -> float:
    """This will return the expected AUC of a score, given everybody's true chance."""
    p = truth[np.argsort(score, kind="stable")]
    stays_below = np.cumsum(1.0 - p) - (1.0 - p)
    pairs = p.sum() * (1.0 - p).sum() - (p * (1.0 - p)).sum()
    return float((p * stays_below).sum() / pairs)


def learnt(rows: Landmarks) -> ChurnModel:
    return train(rows, calls=20, seed=SEED, resamples=200)


def telco_lines(*, repeats: int) -> Iterator[Line]:
    rows, rule = telco(DATA / "telco_ibm")
    areas, slopes, by_rule = [], [], []
    for repeat in range(repeats):
        fold = np.random.default_rng(repeat).permutation(len(rows)) % FOLDS
        for turn in range(FOLDS):
            test = rows.chosen(fold == turn)
            p = learnt(rows.chosen(fold != turn)).score(test).p
            areas.append(area(p, test))
            slopes.append(slope(p, test))
            by_rule.append(area(-rule[fold == turn], test))
    yield told("telco.auc", float(np.mean(areas)), "", 0.843, np.inf)
    yield told("telco.slope", float(np.mean(slopes)), "", 0.95, 1.05)
    yield plain("telco.auc.rule", float(np.mean(by_rule)))


def tried(
    company: Company, month: int, account: np.ndarray, truth: Floats
) -> tuple[ChurnModel, Landmarks, Floats]:
    """This will learn from what was known at the end of a month, and score that day."""
    months = list(range(FIRST_MONTH, month + 1))
    rows = landmarks(company, months, known_to=company.months)
    day = int(rows.day.max())
    split = split_by_time(rows, test_day=day, horizon=90)
    test = rows.chosen(rows.day == day)
    if not np.array_equal(test.customer, account):
        msg = "The oracle speaks of other accounts."
        raise ValueError(msg)
    model = learnt(rows.chosen(split.train))
    return model, test, model.score(test).p


def shared_lines() -> Iterator[Line]:
    """This will try `sim_saas_seed101` at the months its oracle knows.

    At month 35 only who leaves in the month after is in the tables; there the expected
    area is judged.
    """
    company = read_company(DATA / "sim_saas_seed101")
    for month in (23, 35):
        table = np.genfromtxt(
            DATA / "sim_saas_seed101" / f"oracle_T{month}.csv",
            delimiter=",",
            names=True,
        )
        account, truth = table["account"].astype(np.int64), table["p3"]
        _, test, p = tried(company, month, account, truth)
        name, share = f"sim101.T{month}", expected(p, truth) / expected(truth, truth)
        if test.known_for(90).all():
            ours, theirs = area(p, test), area(truth, test)
            yield plain(f"{name}.leavers", int(test.left_within(90).sum()))
            yield plain(f"{name}.auc", ours)
            yield plain(f"{name}.auc.oracle", theirs)
            yield told(f"{name}.auc.share", 100 * ours / theirs, "%", 93, np.inf)
            yield plain(f"{name}.slope", slope(p, test))
            yield plain(f"{name}.slope.oracle", slope(np.clip(truth, 1e-3, 1), test))
            yield plain(f"{name}.expected.share", 100 * share)
        else:
            yield told(f"{name}.expected.share", 100 * share, "%", 93, np.inf)
        yield plain(f"{name}.mean", f"{p.mean():.4f} true {truth.mean():.4f}")


def company_lines(size: int, *, companies: int) -> Iterator[Line]:
    """This will try fresh companies at the last month whose 90 days are over."""
    found = []
    for seed in range(companies):
        company, hidden = simulated(1_000 + seed, size)
        truth = oracle(company, hidden, LAST_MONTH, seed=SEED)
        model, test, p = tried(company, LAST_MONTH, truth.account, truth.p3)
        scores = model.score(test)
        limit_p = reference(test)
        inside = (scores.low <= limit_p) & (limit_p <= scores.high)
        found.append(
            (
                area(p, test) / area(truth.p3, test),
                slope(p, test),
                expected(p, truth.p3) / expected(truth.p3, truth.p3),
                p.mean() / truth.p3.mean(),
                inside[limit_p > CAN_LEAVE].mean(),
                model.metrics.signal,
                challenged(model),
            )
        )
    middle = np.median(np.array(found, dtype=np.float64), axis=0)
    signals = sum(one[5] for one in found)
    name = f"companies.{size}"
    yield told(f"{name}.auc.share", 100 * middle[0], "%", 95, np.inf)
    yield told(f"{name}.slope", middle[1], "", 0.9, 1.1)
    yield plain(f"{name}.auc.share.expected", 100 * float(middle[2]))
    yield plain(f"{name}.mean.share", 100 * float(middle[3]))
    yield plain(f"{name}.interval.holds", 100 * float(middle[4]))
    yield plain(f"{name}.signal", f"{signals} of {companies}")
    better = sum(one[6] for one in found)
    yield plain(f"{name}.boosting.better", f"{better} of {companies}")


@cache
def limit() -> Fitted:
    """This will learn from a company so large that chance hardly matters."""
    company, _ = simulated(1, LARGE)
    rows = landmarks(
        company, list(range(FIRST_MONTH, LAST_MONTH + 1)), known_to=company.months
    )
    return fitted(rows.chosen(rows.known_for(90)), strength=1.0, slope=Slope())


def reference(rows: Landmarks) -> Floats:
    """This will return what the features tell of each row, without the luck of few rows.

    What an interval should hold: not the true chance, of which no feature knows all.
    """
    return probability(log_odds_of(limit().design.matrix(rows), limit().beta))


def challenged(model: ChurnModel) -> bool:
    return model.metrics.challenger is not None and model.metrics.challenger.better


def silent_lines(*, companies: int) -> Iterator[Line]:
    """This will try companies in which behaviour foretells nothing."""
    signals = 0
    for seed in range(companies):
        company, _ = simulated(2_000 + seed, 1_000, behaviour=False)
        months = list(range(FIRST_MONTH, LAST_MONTH + 1))
        rows = landmarks(company, months, known_to=company.months)
        signals += learnt(rows.chosen(rows.known_for(90))).metrics.signal
    share = 100 * signals / companies
    yield told("companies.silent.called.signal", share, "%", -np.inf, 10)


def raven_lines() -> Iterator[Line]:
    days = [dt.date(2023, month, 28) for month in range(6, 13)]
    days += [dt.date(2024, month, 28) for month in range(1, 10)]
    test_day = dt.date(2024, 10, 1)
    rows = ravenstack(DATA / "ravenstack", [*days, test_day], end=dt.date(2024, 12, 31))
    day = int(rows.day.max())
    split = split_by_time(rows, test_day=day, horizon=90)
    model, test = learnt(rows.chosen(split.train)), rows.chosen(split.test)
    found = ranked(cases_of(test, 90), model.score(test).p, calls=20, seed=SEED)
    if found.auc is None:
        msg = "RavenStack has no departures to measure."
        raise ValueError(msg)
    yield plain("ravenstack.accounts", f"{found.cases} of whom {found.leavers} left")
    yield told("ravenstack.auc", found.auc.value, "", -np.inf, 0.70)
    yield plain("ravenstack.auc.range", f"{found.auc.low:.3f}-{found.auc.high:.3f}")
    whole = learnt(rows.chosen(rows.known_for(90))).metrics
    yield told("ravenstack.called.signal", float(whole.signal), "", -np.inf, 0)
    nothing = [gain.name for gain in whole.gains if gain.nothing]
    yield plain("ravenstack.add.nothing", ", ".join(nothing))
    something = [gain.name for gain in whole.gains if not gain.nothing]
    yield plain("ravenstack.add.something", ", ".join(something) or "none")


def size_lines() -> Iterator[Line]:
    """This will run the fit of a million rows in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy_size"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    yield plain("size.rows", f"{found['rows']} with {found['columns']} columns")
    yield plain("size.import", found["import"])
    yield told("size.fit", found["fit"], "s", -np.inf, 30)
    yield told("size.peak", found["peak"], "MB", -np.inf, 700)
    yield plain("size.peak.of.it.data", found["data"])
    yield told("size.score", found["score"], "s", -np.inf, 5)
    yield plain("size.explain", found["explain"])
    yield told("size.trees.score", found["score_trees"], "s", -np.inf, 5)
    yield plain("size.trees.explain", found["explain_trees"])
    yield plain("size.peak.of.all", found["peak_all"])


if __name__ == "__main__":
    sys.exit(main())
