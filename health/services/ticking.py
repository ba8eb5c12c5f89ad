"""What happens every minute."""

import datetime as dt

from health.models import Heartbeat
from health.services.accuracy.checking import forecast_check_wake
from health.services.acquisition import acquisition_wake
from health.services.previews import previews_wake
from health.services.runs import run_due
from health.services.shards import work_wake
from health.services.training.starting import training_due
from health.services.training.working import trainings_wake

TICK = "tick"


def tick(*, now: dt.datetime) -> None:
    """This will note the tick, start what is due and wake what was left behind."""
    Heartbeat.objects.update_or_create(name=TICK, defaults={"beat_at": now})
    run_due(now=now)
    work_wake(now=now)
    previews_wake()
    training_due(now=now)
    trainings_wake()
    forecast_check_wake()
    acquisition_wake()
