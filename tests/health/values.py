"""Days on which it was kept what customers will bring, without scoring anybody."""

import datetime as dt
from dataclasses import replace
from typing import Any

from health.calculations.contribution import Growth
from health.calculations.forecast_content import ForecastContent
from health.default_scorecard import default_config
from health.enums import RunKind, RunState
from health.features import no_rows
from health.models import ForecastVersion, Run, Scorecard, ScorecardVersion
from tests import world

ECONOMICS = {
    "margin": 0.8,
    "support_cost": 25.0,
    "discount_rate": 0.1,
    "horizon_months": 60,
}


def done_run(as_of: dt.date = world.TODAY, **parameters: Any) -> Run:
    """This will save a run that is through; `parameters` are what it reckoned with."""
    card, _ = Scorecard.objects.get_or_create(key="default", defaults={"name": "D"})
    version, _ = ScorecardVersion.objects.get_or_create(
        scorecard=card, number=1, defaults={"config": default_config()}
    )
    return Run.objects.create(
        kind=RunKind.MANUAL,
        as_of=as_of,
        local_date=as_of,
        known_before=world.noon(as_of),
        scorecard_version=version,
        parameters={"economics": ECONOMICS} | parameters,
        state=RunState.DONE,
        started_at=world.noon(as_of),
        finished_at=world.noon(as_of),
        customers=1,
    )


def version_with_growth(mean: float) -> ForecastVersion:
    """This will save a version that expects revenue to grow by so much a month."""
    content = ForecastContent.assumed((0.1, 0.2, 0.1, 0.05), no_rows())
    return world.forecast_version(replace(content, growth=Growth(mean, 0.01)))
