"""Parents whose score is that of their children."""

from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from health.calculations.facts import Facts
from health.calculations.forecast import Foreseen
from health.calculations.rollup import OWN, Family, of_children, roll_up
from health.calculations.value_paths import PathSums
from health.enums import Band, Basis
from health.forecaster import forecast_facts, parameters_economics
from health.lineup import Lineup
from health.models import Run, Standing
from health.readings import Readings
from health.scoring import ScoredFrame, fix_scores
from health.selectors.forecasts import content_of
from health.selectors.lineup import lineup_of
from health.services.reckoning import Reckoned, rolls_up
from health.services.rollups_sql import families_read, readings_read, rolled_write
from health.services.tables_sql import RunTables


def parents_roll_up(*, run: Run, tables: RunTables) -> list[PathSums]:
    """This will give parents their children's score in the run's tables.

    What follows from the band follows the new one. Done again it gives the same. Returns
    what that adds to the sums of what customers will bring. Costs nothing where no
    scorecard asks for it, else four statements over those that have a parent or are one.
    """
    lineup = lineup_of(run)
    if not rolls_up(lineup):
        return []
    facts = families_read(tables)
    which = _which(facts["scorecard_version_id"], lineup)
    scores, bands, rolled = roll_up(family_of(facts, which, lineup))
    if not rolled.any():
        return []
    before = {name: column[rolled] for name, column in facts.items()}
    readings = readings_read(tables, before["customer_id"], run.parameters["measures"])
    after = before | {"score": scores[rolled], "band": bands[rolled]}
    foreseen = _foreseen(run, after, readings)
    rolled_write(tables=tables, customers=after, forecast=foreseen.forecast)
    if content_of(run.parameters).churn is not None:
        return []  # The chance of leaving does not follow the band.
    return [_foreseen(run, before, readings).paths.without(), foreseen.paths]


def _foreseen(run: Run, facts: Facts, readings: Readings) -> Foreseen:
    return forecast_facts(
        facts,
        readings,
        facts["band"],
        as_of=run.as_of,
        content=content_of(run.parameters),
        economics=parameters_economics(run.parameters),
    )


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
