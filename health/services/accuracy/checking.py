"""After a night: what has moved since the model was trained, and what was published.

A small job of its own, so that no run waits for it. The row of a check is claimed under a
lease; the tick wakes a worker for the newest run until it has one.
"""

import datetime as dt

import numpy as np
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.selectors import company as the_company
from common.jobs import enqueue
from health.calculations.accuracy.drift import Drift
from health.calculations.accuracy.live import Checked, LiveDay, live_day
from health.calculations.accuracy.whole import HORIZON
from health.calculations.churn.drifting import drifts
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.model import ChurnModel
from health.calculations.landmarks import Landmarks
from health.enums import RunKind, RunState
from health.models import ForecastCheck, ForecastVersion, Run
from health.selectors.forecasts import version_for
from health.selectors.frame import facts_of, source_ages
from health.selectors.landmarks import rows_of
from health.selectors.published import published_days, published_on
from health.services.runs import customer_ranges, moment_of

LEASE = dt.timedelta(minutes=5)
MAX_TRIES = 3
# Customers looked at for drift: so many ranges of so many.
RANGES, RANGE = 4, 5_000
# What was published is looked at again after so many days.
LIVE_EVERY = 7
SEED = 1


def forecast_check_wake() -> None:
    """This will wake a worker for the newest run that was not checked yet. One query."""
    newest = (
        Run.objects.filter(state=RunState.DONE)
        .exclude(kind=RunKind.BACKFILL)
        .order_by("-id")[:1]
    )
    checks = ForecastCheck.objects.filter(
        Q(finished_at__isnull=False)
        | Q(lease_until__gt=Now())
        | Q(attempts__gte=MAX_TRIES)
    )
    due = Run.objects.filter(pk__in=newest.values("pk")).exclude(
        pk__in=checks.values("run_id")
    )
    for run_id in due.values_list("pk", flat=True):
        enqueue("health.forecast_check", run_id=run_id)


def forecast_check(*, run_id: int) -> ForecastCheck | None:
    """This will check a finished run; None where it is checked, or another does so.

    Cost: the facts of 20,000 customers, and once a week some days' scores.
    """
    run = Run.objects.get(pk=run_id)
    check, _ = ForecastCheck.objects.get_or_create(
        run=run, defaults={"as_of": run.as_of}
    )
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    claimed = ForecastCheck.objects.filter(
        free, pk=check.pk, finished_at__isnull=True, attempts__lt=MAX_TRIES
    ).update(lease_until=Now() + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return None
    before = _last(run)
    fresh = before is not None and before.live_on > _iso(run.as_of, back=LIVE_EVERY)
    found = _drifted(run)
    content = Checked(
        *found,
        live_on=before.live_on if before and fresh else _iso(run.as_of),
        live=before.live if before and fresh else _live(run.as_of),
    )
    ForecastCheck.objects.filter(pk=check.pk).update(
        content=to_json(content), finished_at=Now(), lease_until=None
    )
    check.refresh_from_db()
    return check


def _last(run: Run) -> Checked | None:
    checks = ForecastCheck.objects.filter(
        finished_at__isnull=False, as_of__lt=run.as_of
    )
    newest = checks.order_by("-as_of", "-id").first()
    return from_json(Checked, newest.content) if newest else None


def _iso(day: dt.date, *, back: int = 0) -> str:
    return (day - dt.timedelta(days=back)).isoformat()


def _drifted(run: Run) -> tuple[int | None, int, tuple[Drift, ...]]:
    version = _version(run)
    churn = version.content["churn"] if version else None
    if version is None or not churn:
        return None, 0, ()
    model, rows = ChurnModel.from_json(churn), _some_rows(run)
    if rows is None or not len(rows) or rows.names != model.design.names:
        return version.number, 0, ()
    return version.number, len(rows), drifts(model, rows)


def _version(run: Run) -> ForecastVersion | None:
    """This will return the version the run was forecast with."""
    used = run.parameters.get("forecast", {}).get("version")
    found = ForecastVersion.objects.filter(pk=used).first() if used else None
    return found or version_for(run.as_of)


def _some_rows(run: Run) -> Landmarks | None:
    ranges = customer_ranges(RANGE)
    places = np.unique(np.arange(RANGES) * len(ranges) // RANGES) if ranges else ()
    moment = moment_of(the_company(), run.as_of, run.known_before)
    ages, late = source_ages(moment), run.parameters.get("late")
    parts = [
        rows_of(facts_of(moment, ages, first=first, last=last, late=late), run.as_of)
        for first, last in (ranges[place] for place in places)
    ]
    return Landmarks.joined(parts) if parts else None


def _live(as_of: dt.date) -> tuple[LiveDay, ...]:
    found = (
        live_day(day.isoformat(), published_on(day, horizon=HORIZON), seed=SEED)
        for day in published_days(as_of=as_of, horizon=HORIZON)
    )
    return tuple(one for one in found if one)
