"""Customer lifetime values on simulated companies, against their known truth.

    script/bench clv_simulated           seed 101 and four companies
    script/bench clv_simulated --full    seed 101 and twenty companies of each size

The shared company `sim_saas_seed101` at the end of months 23 and 35, then companies of our
own generator: values over 60 months beside the oracle's, by our method and by those it is
to beat, and how often P10 to P90 of the next twelve months' margin held what came in, when
the adjustment was learnt a year earlier (of sums: in what share of the companies).
Figures of several companies are medians.
"""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.clv_forecasts import (
    YearAhead,
    known_at,
    methods,
    sum_ranges,
    widened,
    year_ahead,
)
from benchmarks.company_tables import Company, read_company
from benchmarks.simulated_company import Oracle, oracle, read_oracle, simulated
from health.calculations.conformal import coverage
from health.calculations.scoring import Floats

SIZES = {400: 0.18, 3_000: 0.16}  # and the greatest median error
FEW, MANY = 2, 20  # companies of each size
# Seeds that nothing was chosen on.
FIRST_SEED = 9_000
MONTHS, AT = 48, 35
YEAR = 12
OURS = "blend"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its goal, None for none."""

    name: str
    value: float
    goal: tuple[float, float] | None = None

    @property
    def fine(self) -> bool:
        return self.goal is None or self.goal[0] <= self.value <= self.goal[1]

    def __str__(self) -> str:
        if self.goal is None:
            return f"{self.name} {self.value:.3f} share"
        low, high = self.goal
        verdict = "ok" if self.fine else "short"
        return f"{self.name} {self.value:.3f} share {low:g}..{high:g} {verdict}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    companies = MANY if parser.parse_args().full else FEW
    fine = True
    for figure in [*shared_lines(), *own_lines(companies)]:
        fine = fine and figure.fine
    return 0 if fine else 1


def shared_lines() -> Iterator[Figure]:
    """This will measure the shared company."""
    folder = Path(os.environ["KEEPWELL_DATA"]) / "sim_saas_seed101"
    company = read_company(folder)
    for at in (35, 23):
        found = accuracy(company, read_oracle(folder, at), at)
        yield from accuracy_lines(f"seed101.T{at}", found, worst=0.16)
    yield from coverage_lines("seed101.T23", [ranges(company, 23)])


def own_lines(companies: int) -> Iterator[Figure]:
    """This will measure companies of our own, sizes in turn."""
    for size, worst in SIZES.items():
        errors: dict[str, list[Floats]] = defaultdict(list)
        held = []
        for seed in range(FIRST_SEED, FIRST_SEED + companies):
            company, hidden = simulated(seed, size, months=MONTHS)
            truth = oracle(company, hidden, AT, seed=seed)
            for name, found in accuracy(company, truth, AT).items():
                errors[name].append(found)
            held.append(ranges(company, AT))
        medians = {name: np.median(found, axis=0) for name, found in errors.items()}
        yield from accuracy_lines(f"n{size}", medians, worst=worst)
        yield from coverage_lines(f"n{size}", held)


def accuracy(company: Company, truth: Oracle, at: int) -> dict[str, Floats]:
    """This will compare methods with the truth: total, median error, rank correlation."""
    found = methods(known_at(company, at))
    return {
        name: np.array(
            [
                value.sum() / truth.margin60.sum(),
                np.median(np.abs(value / truth.margin60 - 1.0)),
                spearmanr(value, truth.margin60).statistic,
            ]
        )
        for name, value in found.items()
    }


def accuracy_lines(
    where: str, found: dict[str, Floats], *, worst: float
) -> Iterator[Figure]:
    goals = {"total": (0.95, 1.05), "error": (0.0, worst), "rank": (0.97, 1.0)}
    for method, values in sorted(found.items(), key=lambda pair: pair[0] != OURS):
        for (name, goal), value in zip(goals.items(), values, strict=True):
            line = Figure(
                f"{where}.{method}.{name}",
                float(value),
                goal if method == OURS else None,
            )
            yield _said(line)


def ranges(company: Company, at: int) -> dict[str, float]:
    """This will measure how often ranges held, learnt a year before."""
    today = year_ahead(company, at)
    before = year_ahead(company, at - YEAR)
    adjusted, _ = widened(before, today)
    sums = sum_ranges(before, today)
    found = coverage(adjusted, today.realised, today.now.plan)
    by_plan = zip(found.groups, found.by_group, strict=True)
    return {
        "overall": found.overall,
        **{f"plan{plan - 1}": share for plan, share in by_plan},
        "raw": _raw(today),
        "sum": float(sums.pop("whole")),
        "sum_raw": float(sum_ranges(None, today)["whole"]),
        "sum_by_plan": float(np.mean(list(sums.values()))),
    }


def _raw(today: YearAhead) -> float:
    return coverage(today.worth.ranges, today.realised, today.now.plan).overall


def coverage_lines(where: str, held: list[dict[str, float]]) -> Iterator[Figure]:
    for name in held[0]:
        values = [one[name] for one in held]
        middle = float(np.mean(values) if "sum" in name else np.median(values))
        goal = None
        if name == "overall":
            goal = (0.77, 0.83)
        elif name.startswith("plan"):
            goal = (0.72, 1.0)
        yield _said(Figure(f"{where}.coverage.{name}", middle, goal))


def _said(figure: Figure) -> Figure:
    print(figure, flush=True)
    return figure


if __name__ == "__main__":
    sys.exit(main())
