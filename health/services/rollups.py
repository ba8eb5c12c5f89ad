"""Parents whose score is that of their children."""

from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from health.calculations.facts import Facts
from health.calculations.rollup import OWN, Family, of_children, roll_up
from health.enums import Band, Basis
from health.lineup import Lineup
from health.models import Run, Standing
from health.scoring import ScoredFrame, fix_scores, forecast_facts
from health.selectors.lineup import lineup_of
from health.services.reckoning import Reckoned, rolls_up
from health.services.rollups_sql import families_read, rolled_write
from health.services.tables_sql import RunTables


def parents_roll_up(*, run: Run, tables: RunTables) -> int:
    """This will give parents their children's score in the run's tables.

    Chance of leaving and value follow the new band. Done again it gives the same. Returns
    how many were given one. Costs nothing where no scorecard asks for it, else three
    statements over those that have a parent or are one.
    """
    lineup = lineup_of(run)
    if not rolls_up(lineup):
        return 0
    facts = families_read(tables)
    which = _which(facts["scorecard_version_id"], lineup)
    scores, bands, rolled = roll_up(family_of(facts, which, lineup))
    if not rolled.any():
        return 0
    parents = {name: column[rolled] for name, column in facts.items()}
    parents |= {"score": scores[rolled], "band": bands[rolled]}
    rates, forecast = forecast_facts(parents, parents["band"], run.parameters)
    rolled_write(
        tables=tables,
        customers=parents,
        rates=rates,
        forecast=forecast,
    )
    return int(rolled.sum())


def family_of(facts: Facts, which: NDArray[np.intp], lineup: Lineup) -> Family:
    """This will put customers beside what their scorecards say about rolling up."""
    rules = lineup.rules
    return Family(
        ids=facts["customer_id"],
        parents=facts["parent_id"],
        scores=facts["score"],
        bands=facts["band"],
        revenue=facts["mrr"],
        fixed=facts["basis"] == Basis.OVERRIDE,
        how=np.array([rule.rollup for rule in rules])[which],
        red=np.array([rule.at_risk for rule in rules])[which],
        amber=np.array([rule.watch for rule in rules])[which],
    )


def one_rolled_up(reckoned: Reckoned) -> ScoredFrame:
    """This will give one customer its children's score, as they stand now. One query."""
    frame, lineup = reckoned.frame, reckoned.lineup
    which = lineup.which(reckoned.facts["segment_id"])
    how = lineup.rules[int(which[0])].rollup
    if how == OWN or frame.basis[0] == Basis.OVERRIDE:
        return frame
    pk = int(reckoned.facts["customer_id"][0])
    children = (
        Standing.objects.filter(customer__parent_id=pk)
        .exclude(band=Band.UNKNOWN)
        .order_by("pk")
        .values_list("score", F("mrr"))
    )
    found = np.array([(score, float(mrr)) for score, mrr in children])
    if not len(found):
        return frame
    given = np.array([of_children(how, found[:, 0], found[:, 1])])
    return fix_scores(
        frame, given, basis=Basis.ROLLUP, lineup=lineup.rules, which=which
    )


def _which(versions: NDArray[Any], lineup: Lineup) -> NDArray[np.intp]:
    order = np.argsort(np.array(lineup.version_ids))
    known = np.array(lineup.version_ids)[order]
    found: NDArray[np.intp] = order[np.searchsorted(known, versions)]
    return found
