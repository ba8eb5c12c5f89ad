"""When the forecasts learn: once a month by themselves, or at once in one's own process."""

import datetime as dt
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.selectors import company as the_company
from common.dates import local_day
from customers.models import Customer
from health.enums import PartState, TrainingCause, TrainingState
from health.models import Training
from health.services.runs import newest_fact_day
from health.services.training.planning import (
    UNDER_WAY,
    training_days,
    training_start,
)
from health.services.training.working import training_work

# Somebody has to have been a customer for so long: 90 days to be seen leaving, and a month.
HISTORY = dt.timedelta(days=120)
# Data that ended longer ago than this has nothing new to teach.
STALE = dt.timedelta(days=31)
# In one's own process: seconds between two looks at how far it is, and a pause where
# another worker has it.
SLICE, PAUSE = 2.0, 0.5
# Customers on past days that are learnt from while somebody waits.
QUICK_ROWS = 80_000
# Parts read and parts in all; equal while it learns.
Progress = Callable[[int, int], None]


def training_due(*, now: dt.datetime) -> Training | None:
    """This will start the training of the local month where there is none yet.

    Not where nobody has been a customer for 120 days, where the data ended over a month
    ago, or where somebody had the forecasts learn this month. The unique key makes a
    second tick a no-op. Mostly one query.
    """
    today = local_day(now, ZoneInfo(the_company().time_zone))
    month = today.replace(day=1)
    trainings = Training.objects.exclude(
        cause=TrainingCause.ASKED, state=TrainingState.FAILED
    )
    if trainings.filter(as_of__gte=month).exists():
        return None
    if not Customer.objects.filter(customer_since__lte=today - HISTORY).exists():
        return None
    if newest_fact_day(now=now) < today - STALE:
        return None
    try:
        with transaction.atomic():
            return training_start(
                cause=TrainingCause.MONTHLY, as_of=today, now=now, month=month
            )
    except IntegrityError:
        return None


def history_learned(
    *,
    now: dt.datetime,
    as_of: dt.date,
    progress: Progress = lambda done, total: None,
) -> Training:
    """This will have the forecasts learn from all that was known on a day, and wait.

    Worked in this process, unless workers take it first.
    """
    training = training_start(cause=TrainingCause.ASKED, as_of=as_of, now=now)
    while training.state in UNDER_WAY:
        before = (training.attempts, training.state)
        training_work(training_id=training.pk, now=now, seconds=SLICE)
        training.refresh_from_db()
        if (training.attempts, training.state) == before:
            time.sleep(PAUSE)  # It is in other hands.
        parts = training.parts.count()
        done = training.parts.filter(state=PartState.DONE).count()
        progress(done, parts)
    return training


def quickly_learnt(*, as_of: dt.date) -> bool:
    """This will say whether learning takes no longer than somebody waits for gladly.

    Some ten seconds, up to a minute on a busy machine. Two queries.
    """
    days = len(training_days(as_of=as_of))
    return 0 < days * Customer.objects.count() <= QUICK_ROWS
