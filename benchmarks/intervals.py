"""How often the 95 % intervals of survey figures hold the truth, by simulation.

    script/bench intervals           40,000 draws each
    script/bench intervals --full    400,000 draws each

Answers are drawn from companies whose true figure is known; an interval is good when 95 %
of the draws' intervals hold it. NPS: four mixes of promoters and detractors, the goals
are at least 92 % at 5 answers and 94 to 97 % from 10 on. The worst of 171 mixes (steps
of five points, every part at least 5 %) is computed exactly, without draws, and has no
goal. Satisfaction (Wilson) and effort (adjusted mean) are measured alongside.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.stats import multinomial

from surveys.calculations.figures import figure

DRAWS, MANY = 40_000, 400_000
SEED = 4
SIZES = (5, 10, 20, 50, 100, 300)
MIXES = ((50, 15), (70, 10), (30, 40), (85, 5))
SATISFIED = (50, 70, 85, 95)
EFFORTS: Mapping[str, Sequence[float]] = {
    "easy": (0.01, 0.02, 0.04, 0.08, 0.15, 0.30, 0.40),
    "split": (0.20, 0.15, 0.10, 0.10, 0.10, 0.15, 0.20),
    "middling": (0.03, 0.07, 0.15, 0.35, 0.25, 0.10, 0.05),
    "hard": (0.35, 0.25, 0.20, 0.10, 0.05, 0.03, 0.02),
}
Counts = npt.NDArray[np.int64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    draws = MANY if parser.parse_args().full else DRAWS
    lines = [*nps_lines(draws), *worst_lines(), *other_lines(draws)]
    for line, _fine in lines:
        print(line)
    return 0 if all(fine for _line, fine in lines) else 1


def nps_lines(draws: int) -> Iterator[tuple[str, bool]]:
    """This will measure four mixes at six sizes against the goals of the issue."""
    for up, down in MIXES:
        for size in SIZES:
            shares = (up / 100, 1 - (up + down) / 100, down / 100)
            held = coverage("nps", (9, 7, 3), shares, size, draws, up - down)
            low, high = (92, 100) if size == SIZES[0] else (94, 97)
            goal = f">={low}" if high == 100 else f"{low}-{high}"
            fine = low <= held <= high
            name = f"nps.{up}-{down}.n{size}"
            yield f"{name} {held:.1f} % {goal} {'ok' if fine else 'short'}", fine


def worst_lines() -> Iterator[tuple[str, bool]]:
    """This will print the exact worst of all mixes, which has no goal."""
    mixes = [
        (up, down)
        for up in range(5, 95, 5)
        for down in range(5, 95, 5)
        if up + down <= 95
    ]
    for size in SIZES[:-1]:
        held, mix = min((exact(up, down, size), (up, down)) for up, down in mixes)
        name = f"nps.worst-of-{len(mixes)}.n{size}"
        yield f"{name} {held:.1f} % (at {mix[0]}-{mix[1]})", True


def other_lines(draws: int) -> Iterator[tuple[str, bool]]:
    """This will measure satisfaction and effort."""
    for percent in SATISFIED:
        share = percent / 100
        for size in SIZES:
            held = coverage("csat", (5, 1), (share, 1 - share), size, draws, share)
            yield f"csat.{percent}.n{size} {held:.1f} %", True
    scores = tuple(range(1, 8))
    for name, shares in EFFORTS.items():
        truth = float(np.dot(scores, shares))
        for size in SIZES:
            held = coverage("ces", scores, shares, size, draws, truth)
            yield f"ces.{name}.n{size} {held:.1f} %", True


def coverage(
    kind: str,
    scores: Sequence[int],
    shares: Sequence[float],
    size: int,
    draws: int,
    truth: float,
) -> float:
    """This will draw and count, in percent, how many intervals hold the truth.

    Equal draws have equal intervals, so each different one is worked out once, by the
    very function that the pages call.
    """
    drawn = np.random.default_rng(SEED).multinomial(size, shares, size=draws)
    different, times = np.unique(drawn, axis=0, return_counts=True)
    return 100 * float(times[holds(kind, scores, different, truth)].sum()) / draws


def exact(up: int, down: int, size: int) -> float:
    """This will sum up the chances of all draws whose interval holds the truth."""
    shares = (up / 100, 1 - (up + down) / 100, down / 100)
    tables, low, high = all_tables(size)
    chances = multinomial.pmf(tables, size, shares)
    truth = up - down
    return 100 * float(chances[(low <= truth) & (truth <= high)].sum())


@cache
def all_tables(
    size: int,
) -> tuple[Counts, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """This will return every table of so many answers, and the ends of its interval."""
    tables = np.array(
        [
            (up, size - up - down, down)
            for up in range(size + 1)
            for down in range(size + 1 - up)
        ]
    )
    return tables, *ends("nps", (9, 7, 3), tables)


def holds(
    kind: str, scores: Sequence[int], tables: Counts, truth: float
) -> npt.NDArray[np.bool_]:
    low, high = ends(kind, scores, tables)
    result: npt.NDArray[np.bool_] = (low <= truth) & (truth <= high)
    return result


def ends(
    kind: str, scores: Sequence[int], tables: Counts
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """This will ask the pages' own function for the interval of every table."""
    found = [
        figure(kind, dict(zip(scores, row, strict=True))) for row in tables.tolist()
    ]
    pairs = np.array([(one.low, one.high) for one in found if one])
    return pairs[:, 0], pairs[:, 1]


if __name__ == "__main__":
    sys.exit(main())
