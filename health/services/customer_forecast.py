"""One customer's forecast with everything behind it, as the run that shows it knew it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.selectors import company as the_company
from health.calculations.churn.explaining import Pushes, pushes
from health.calculations.facts import Facts
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import Landmarks
from health.calculations.lifetime import joined
from health.calculations.renewal_months import able_to_leave
from health.calculations.scoring import Floats
from health.features import landmark_rows
from health.models import Run, Standing
from health.readings import Readings
from health.selectors.forecasts import content_of
from health.services.reckoning import Reckoned, customers_reckon
from health.services.runs import known_at

# Standings keep chances in single precision.
SAME = 1e-5


@dataclass(frozen=True, slots=True)
class Staying:
    """S(0), S(1) … S(horizon) with the ends of its range, (1 + months,) each.

    S(3) is 1 − the published chance of leaving; the range is that chance's own.
    """

    alive: Floats
    low: Floats
    high: Floats
    renewals: tuple[int, ...]  # months in which a longer contract can be left


@dataclass(frozen=True, slots=True)
class Explained:
    """Which way each feature pushes one customer, and what the model saw of it."""

    pushes: Pushes
    p: float
    features: NDArray[np.float32]  # (k,), NaN where nothing counts


@dataclass(frozen=True, slots=True)
class CustomerForecast:
    """What stands behind a customer's chance of leaving and value.

    `facts` and `readings` are those of the one customer. `explained` is None where no
    model was used, and where its data was `changed` behind the run's back (corrected,
    erased): the next run explains it again.
    """

    content: ForecastContent
    facts: Facts
    readings: Readings
    staying: Staying | None  # None for who buys without a subscription
    explained: Explained | None
    changed: bool


def customer_forecast(
    *, standing: Standing, now: dt.datetime
) -> CustomerForecast | None:
    """This will forecast the customer again with exactly what its run knew.

    So everything fits the standing to the last digit that is kept. None where the run was
    made before forecasts were learnt, or the customer is gone. Writes nothing; some ten
    queries.
    """
    run = standing.run
    kept = run.parameters.get("forecast")
    found = _reckoned(run, standing.pk, run.known_before) if kept else None
    if kept is None or found is None:
        return None
    content = content_of(run.parameters)
    first = _behind(standing, found, content)
    if not first.changed:
        return first
    # Scored anew since, after somebody set the score: with what was known by then.
    known = max(run.known_before, known_at(the_company(), run.as_of, now))
    later = _reckoned(run, standing.pk, known)
    return first if later is None else _behind(standing, later, content)


def _reckoned(run: Run, pk: int, known_before: dt.datetime) -> Reckoned | None:
    found = customers_reckon(run=run, first=pk, last=pk, known_before=known_before)
    return found if len(found.frame.readings) else None


def _behind(
    standing: Standing, found: Reckoned, content: ForecastContent
) -> CustomerForecast:
    rows = landmark_rows(found.facts, found.frame.readings, standing.run.as_of)
    buys = standing.alive is not None  # without a subscription: by its purchases
    explained = None if buys else _explained(content, rows)
    changed = explained is not None and abs(explained.p - standing.churn) > SAME
    return CustomerForecast(
        content=content,
        facts=found.facts,
        readings=found.frame.readings,
        staying=None if buys else _staying(standing, content, rows),
        explained=None if changed else explained,
        changed=changed,
    )


def _explained(content: ForecastContent, rows: Landmarks) -> Explained | None:
    if content.churn is None:
        return None
    p = float(content.churn.score(rows).p[0])
    return Explained(pushes(content.churn, rows), p, rows.features[0])


def _staying(standing: Standing, content: ForecastContent, rows: Landmarks) -> Staying:
    months = int(standing.run.parameters["economics"]["horizon_months"])
    leaving = content.lifetimes.leaving(rows, months)
    chances = np.array([standing.churn, standing.churn_high, standing.churn_low])
    curves = joined(chances, np.repeat(leaving, 3, axis=0))
    whole = np.hstack([np.ones((3, 1)), curves])
    open_to_leave = np.flatnonzero(able_to_leave(rows, months)[0]) + 1
    longer = rows.interval[0] > 1
    renewals = tuple(open_to_leave.tolist()) if longer else ()
    return Staying(whole[0], whole[1], whole[2], renewals)
