"""From a range of customers to rows: what a shard does, and what one customer gets."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.selectors import company as the_company
from health.calculations.facts import Facts
from health.calculations.forecast import Foreseen
from health.calculations.value_paths import PathSums
from health.enums import Basis, RunKind
from health.forecaster import forecast_facts, parameters_economics
from health.lineup import Lineup
from health.models import Run, Standing
from health.readings import read_measures
from health.scoring import ScoredFrame, fix_scores, score_lineup
from health.selectors.forecasts import content_of
from health.selectors.frame import SourceAges, facts_of
from health.selectors.history import past_scores
from health.selectors.lineup import lineup_of
from health.selectors.overrides import overrides_for, overrides_on
from health.services.lines_sql import lines_write
from health.services.runs import moment_of
from health.services.tables_sql import RunTables
from health.services.writing import rollup_write, scores_write, standing_write


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Customers of a range, scored; `failed` are those whose money cannot be summed."""

    facts: Facts
    frame: ScoredFrame
    lineup: Lineup
    failed: list[int]


def customers_reckon(
    *,
    run: Run,
    first: int,
    last: int,
    known_before: dt.datetime | None = None,
    overrides_before: dt.datetime | None = None,
) -> Reckoned:
    """This will read and score a range of customers as the run does. Writes nothing.

    Without other moments nothing is read that the run could not know.
    """
    known = known_before or run.known_before
    moment = moment_of(the_company(), run.as_of, known)
    ages = SourceAges(**run.parameters["ages"])
    facts = facts_of(
        moment, ages, first=first, last=last, late=run.parameters.get("late")
    )
    poor = facts["rate_missing"]
    failed = facts["customer_id"][poor].tolist()
    good = {name: column[~poor] for name, column in facts.items()} if failed else facts
    lineup = lineup_of(run)
    frame = frame_of(
        good, run=run, lineup=lineup, known_before=overrides_before or known
    )
    return Reckoned(good, frame, lineup, failed)


def frame_of(
    facts: Facts, *, run: Run, lineup: Lineup, known_before: dt.datetime | None = None
) -> ScoredFrame:
    """This will score the customers of the facts as the run says. One query."""
    ids, which = facts["customer_id"], lineup.which(facts["segment_id"])
    frame = score_lineup(
        read_measures(facts), which, lineup.rules, late=run.parameters.get("late")
    )
    if not len(ids):
        return frame
    given = overrides_on(
        as_of=run.as_of,
        known_before=known_before or run.known_before,
        first=int(ids[0]),
        last=int(ids[-1]),
    )
    if not given:
        return frame
    fixed = overrides_for(ids, given)
    return fix_scores(
        frame, fixed, basis=Basis.OVERRIDE, lineup=lineup.rules, which=which
    )


def run_forecast(*, run: Run, facts: Facts, frame: ScoredFrame) -> Foreseen:
    """This will forecast scored customers as the run says. One small query."""
    return forecast_facts(
        facts,
        frame.readings,
        frame.band,
        as_of=run.as_of,
        content=content_of(run.parameters),
        economics=parameters_economics(run.parameters),
    )


def reckoned_write(
    *,
    tables: RunTables,
    run: Run,
    reckoned: Reckoned,
    told: NDArray[np.int16] | None = None,
) -> PathSums | None:
    """This will append the customers to the tables, in which they must not be yet.

    `told` is that of `bands_told` where the shown standing may not be asked any more.
    Returns what they will bring together; None where there is nobody.
    """
    facts, frame, lineup = reckoned.facts, reckoned.frame, reckoned.lineup
    ids = facts["customer_id"]
    if not len(ids):
        return None
    foreseen = run_forecast(run=run, facts=facts, frame=frame)
    forecast = foreseen.forecast
    scores_write(
        tables=tables,
        run=run,
        facts=facts,
        frame=frame,
        churn=forecast.churn,
        lineup=lineup,
    )
    if tables.rollup and rolls_up(lineup):
        rollup_write(tables=tables, facts=facts, frame=frame, lineup=lineup)
    # A past day's standing is only summed, and then forgotten.
    is_past = run.kind == RunKind.BACKFILL
    weekly = [] if is_past else _days(run, "weekly_days")
    compared = _days(run, "compared") if tables.lines else []
    past = past_scores(days=weekly + compared, ids=ids)
    standing_write(
        tables=tables,
        run=run,
        facts=facts,
        frame=frame,
        forecast=forecast,
        lineup=lineup,
        weekly=past.weekly(run.as_of, weekly),
        told=bands_told(frame, ids, past=is_past) if told is None else told,
    )
    if tables.lines:
        lines_write(
            tables=tables,
            facts=facts,
            frame=frame,
            forecast=forecast,
            past=past,
            days=compared,
        )
    return foreseen.paths


def _days(run: Run, name: str) -> list[dt.date]:
    return [dt.date.fromisoformat(day) for day in run.parameters.get(name, [])]


def rolls_up(lineup: Lineup) -> bool:
    """This will tell whether any scorecard looks at the children of a parent."""
    return any(rules.rollup != "own" for rules in lineup.rules)


def bands_told(
    frame: ScoredFrame, ids: NDArray[np.int64], *, past: bool = False
) -> NDArray[np.int16]:
    """This will return the bands last told of, (n,); the present ones where none was.

    Only a late source makes a difference between the two, so mostly it costs nothing.
    Nobody is told of a past day.
    """
    told = frame.band.copy()
    if past or not frame.late.any():
        return told
    rows = Standing.objects.filter(pk__gte=int(ids[0]), pk__lte=int(ids[-1]))
    known = np.array(
        list(rows.order_by("pk").values_list("pk", "told")), dtype=np.int64
    )
    if len(known):
        places = np.minimum(np.searchsorted(known[:, 0], ids), len(known) - 1)
        told = np.where(known[places, 0] == ids, known[places, 1], told)
    return told.astype(np.int16)
