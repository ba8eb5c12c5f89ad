"""Customers of a run scored by what is in use and with a draft, and compared."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from health.calculations.differences import Difference, Scored, difference
from health.calculations.rollup import OWN, Family, roll_up
from health.calculations.scorecard import ScorecardRules
from health.models import Run
from health.selectors.previews import Ids, Part, family_ids, portfolio_of
from health.services.pairing import Pair

CHUNK = 10_000


def families_of(run: Run, pair: Pair) -> Ids:
    """This will return who has a parent or is one, where some scorecard rolls up."""
    rules = [*pair.live.rules, *pair.drafted]
    if all(rule.rollup == OWN for rule in rules):
        return np.zeros(0, dtype=np.int64)
    return family_ids(run)


def part_compared(run: Run, part: Part, pair: Pair, *, families: Ids) -> Difference:
    """This will compare a part of the portfolio, families left for later."""
    alone = ~np.isin(part.ids, families)
    before, after = _scored(run, part, pair)
    return difference(
        part.ids[alone],
        part.cents[alone],
        Scored(before.score[alone], before.band[alone]),
        Scored(after.score[alone], after.band[alone]),
        pair.falls(part.segment)[alone],
    )


def families_compared(run: Run, pair: Pair, *, families: Ids) -> Difference:
    """This will compare families, parents with the score that their children give them.

    All of them at once, for a parent's score needs every child's.
    """
    parts = [
        portfolio_of(run, families[first : first + CHUNK])
        for first in range(0, len(families), CHUNK)
    ]
    pairs = [_scored(run, part, pair) for part in parts]
    segment = np.concatenate([part.segment for part in parts])
    sides = [
        (pair.live.which(segment), pair.live.rules, [one for one, _ in pairs]),
        (pair.lineup.which(segment), pair.drafted, [other for _, other in pairs]),
    ]
    before, after = (_rolled(parts, *side) for side in sides)
    return difference(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.cents for part in parts]),
        before,
        after,
        pair.falls(segment),
    )


def _scored(run: Run, part: Part, pair: Pair) -> tuple[Scored, Scored]:
    late = run.parameters.get("late", {})
    return pair.score(part.readings, part.segment, late=late, fixed=part.fixed)


def _rolled(
    parts: list[Part],
    which: NDArray[np.intp],
    rules: Sequence[ScorecardRules],
    scored: list[Scored],
) -> Scored:
    family = Family(
        ids=np.concatenate([part.ids for part in parts]),
        parents=np.concatenate([part.parents for part in parts]),
        scores=np.concatenate([one.score for one in scored]),
        bands=np.concatenate([one.band for one in scored]).astype(np.int16),
        revenue=np.concatenate([part.cents for part in parts]) / 100,
        fixed=~np.isnan(np.concatenate([part.fixed for part in parts])),
        how=np.array([rule.rollup for rule in rules])[which],
        red=np.array([rule.at_risk for rule in rules])[which],
        amber=np.array([rule.watch for rule in rules])[which],
    )
    scores, bands, _parents = roll_up(family)
    return Scored(scores, bands)
