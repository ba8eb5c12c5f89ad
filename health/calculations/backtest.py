"""Would another scorecard have told earlier, or better, who leaves?

Both scorecards score the same customers on the same past days; then it is counted who
left within 90 days. Uncertainty comes from drawing weights for customers, not for rows,
because the same customer on several days is one witness and not several: the Bayesian
bootstrap (Rubin, The Annals of Statistics 9, 1981), with the same weights for both
scorecards, so that what they have in common cancels out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.differences import BANDS, UNKNOWN, Scored
from health.calculations.rates import Estimate, shrunken_share
from health.calculations.scoring import Floats

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
AT_RISK = 1
# Under so many leavers nothing is said about which one is better.
FEW = 10
RESAMPLES = 1_000
INTERVAL = (2.5, 97.5)  # 95 %
# How many numbers a block of resamples may hold at a time: 16 MB.
BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Past:
    """n customers on past days, by place: `customer` 0..k−1, `day` 0..d−1.

    `left_in` is the days until the customer left, −1 where it stayed for 90. `weight` says
    how many customers one stands for (k,); `days` are day numbers, the oldest first (d,).
    """

    customer: Ints
    day: Ints
    left_in: Ints
    weight: Floats
    days: Ints

    @property
    def left(self) -> Bools:
        return np.asarray(self.left_in >= 0)


@dataclass(frozen=True, slots=True)
class Range:
    """A figure and where it may truly lie, with 95 % certainty."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Side:
    """What one scorecard made of the past. Shares are 0..1."""

    auc: Range | None  # None where nobody can be compared
    caught: Range | None  # of those who left, at risk before; None if nobody left
    alarm: Range | None  # of all, at risk
    bands: tuple[Estimate, ...]  # by band: the share that left, with its 80 % interval
    leavers: tuple[int, ...]  # of those who left, by band
    lead: float | None  # median days from the first red day to leaving
    warned: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft beside what is in use; differences are draft − live."""

    customers: int  # rows weighed: customers on days
    leavers: int
    compared_leavers: int  # those that both scorecards know a score of
    live: Side
    draft: Side
    auc: Range | None
    caught: Range | None
    alarm: Range | None
    verdict: str  # better, same, worse, few


def sample(
    everybody: Ints, leavers: Ints, *, most: int, seed: int
) -> tuple[NDArray[np.int64], Floats]:
    """This will choose customers to look at: ids in order, and what each stands for.

    All leavers and all others up to `most` of each; beyond it as many by lot, the same
    ones every time.
    """
    lots = np.random.default_rng(seed)
    chosen, weights = [], []
    for ids in (leavers, np.setdiff1d(everybody, leavers)):
        kept = ids if len(ids) <= most else lots.choice(ids, most, replace=False)
        chosen.append(kept)
        weights.append(np.full(len(kept), len(ids) / max(1, len(kept))))
    found, weight = np.concatenate(chosen).astype(np.int64), np.concatenate(weights)
    order = np.argsort(found)
    return found[order], weight[order]


def compare(
    past: Past, live: Scored, draft: Scored, *, seed: int, resamples: int = RESAMPLES
) -> Comparison:
    """This will measure both scorecards on the past, and the difference with its range.

    Cost: `resamples` times twice the rows; memory is bounded by blocks.
    """
    known = (live.band != UNKNOWN) & (draft.band != UNKNOWN)
    figures = [_figures(past, side, known) for side in (live, draft)]
    ones = np.ones((1, len(past.weight)))
    points = np.concatenate([figure(ones) for figure in figures], axis=1)[0]
    blocks = [
        np.concatenate([figure(weights) for figure in figures], axis=1)
        for weights in _draws(past, seed=seed, resamples=resamples)
    ]
    drawn = np.concatenate(blocks)
    half = len(points) // 2
    both = _ranges(points, drawn)
    apart = _ranges(points[half:] - points[:half], drawn[:, half:] - drawn[:, :half])
    leavers, compared = int(past.left.sum()), int((past.left & known).sum())
    return Comparison(
        customers=round(float(past.weight[past.customer].sum())),
        leavers=leavers,
        compared_leavers=compared,
        live=_side(past, live, both[:half]),
        draft=_side(past, draft, both[half:]),
        auc=apart[0],
        caught=apart[1],
        alarm=apart[2],
        verdict=_verdict(apart[0], compared),
    )


def _verdict(apart: Range | None, leavers: int) -> str:
    if apart is None or leavers < FEW:
        return "few"
    if apart.low > 0:
        return "better"
    return "worse" if apart.high < 0 else "same"


def _draws(past: Past, *, seed: int, resamples: int) -> Iterator[Floats]:
    """This will yield blocks of weights, (b, k): a mean of one for every customer."""
    lots = np.random.default_rng(seed)
    rows = max(len(past.customer), len(past.weight), 1)
    block = max(1, min(resamples, BLOCK // rows))
    for done in range(0, resamples, block):
        size = (min(block, resamples - done), len(past.weight))
        yield lots.standard_exponential(size)


def _figures(past: Past, scored: Scored, known: Bools) -> Callable[[Floats], Floats]:
    """This will prepare what turns weights (b, k) into AUC, caught and alarm, (b, 3)."""
    ranks = [
        _ranking(past, scored.score, known & (past.day == day))
        for day in range(len(past.days))
    ]
    red, left = scored.band == AT_RISK, past.left
    sums = np.stack([_per_customer(past, rows) for rows in (left & red, left, red)])
    all_rows = _per_customer(past, np.ones(len(left), dtype=bool))

    def figures(weights: Floats) -> Floats:
        won, pairs = np.zeros(len(weights)), np.zeros(len(weights))
        scaled = weights * past.weight
        for rank in ranks:
            day_won, day_pairs = rank(scaled)
            won, pairs = won + day_won, pairs + day_pairs
        caught, gone, alarmed = (weights @ sums.T).T
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.stack(
                [won / pairs, caught / gone, alarmed / (weights @ all_rows)], axis=1
            )

    return figures


def _per_customer(past: Past, rows: Bools) -> Floats:
    counted = np.bincount(past.customer[rows], minlength=len(past.weight))
    return np.asarray(counted * past.weight, dtype=np.float64)


def _ranking(
    past: Past, score: Floats, rows: Bools
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """This will prepare counting, for one day, how often a leaver had the lower score.

    Ties count half. Stayers are put in order once; each draw is then one running sum.
    """
    gone, here = np.flatnonzero(rows & past.left), np.flatnonzero(rows & ~past.left)
    here = here[np.argsort(score[here], kind="stable")]
    first = np.searchsorted(score[here], score[gone], side="left")
    last = np.searchsorted(score[here], score[gone], side="right")
    leavers, stayers = past.customer[gone], past.customer[here]

    def count(weights: Floats) -> tuple[Floats, Floats]:
        below = np.zeros((len(weights), len(here) + 1))
        np.cumsum(weights[:, stayers], axis=1, out=below[:, 1:])
        everybody = below[:, -1:]
        above = everybody - (below[:, first] + below[:, last]) / 2
        mine = weights[:, leavers]
        return (mine * above).sum(axis=1), (mine * everybody).sum(axis=1)

    return count


def _ranges(points: Floats, drawn: Floats) -> list[Range | None]:
    """This will put the middle 95 % of the draws around each figure; None without one."""
    return [
        None
        if np.isnan(point)
        else Range(float(point), *map(float, np.percentile(column, INTERVAL)))
        for point, column in zip(points, drawn.T, strict=True)
    ]


def _side(past: Past, scored: Scored, found: list[Range | None]) -> Side:
    weight = past.weight[past.customer]
    left = past.left
    everybody, gone = weight.sum(), weight[left].sum()
    bands = tuple(
        shrunken_share(
            round(float(weight[left & (scored.band == band)].sum())),
            round(float(weight[scored.band == band].sum())),
            towards=float(gone / everybody),
        )
        for band in range(BANDS)
        if gone
    )
    leads = _leads(past, scored.band == AT_RISK)
    return Side(
        auc=found[0],
        caught=found[1],
        alarm=found[2],
        bands=bands,
        leavers=tuple(
            int((left & (scored.band == band)).sum()) for band in range(BANDS)
        ),
        lead=float(np.median(leads)) if len(leads) else None,
        warned=len(leads),
    )


def _leads(past: Past, red: Bools) -> Floats:
    """This will return, of those at risk before they left, for how many days they were.

    Counted from the first of the unbroken row of red days before leaving.
    """
    table = np.zeros((len(past.weight), len(past.days)), dtype=bool)
    table[past.customer, past.day] = red
    found = []
    for day in range(len(past.days)):
        rows = (past.day == day) & past.left & red
        who, since = past.customer[rows], np.full(rows.sum(), past.days[day])
        still = np.ones(len(who), dtype=bool)
        for earlier in range(day - 1, -1, -1):
            still &= table[who, earlier]
            since = np.where(still, past.days[earlier], since)
        found.append(past.left_in[rows] + past.days[day] - since)
    return np.concatenate(found).astype(np.float64)
