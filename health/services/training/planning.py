"""Which days and which customers a training reads."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.selectors import company as the_company
from common.dates import months_before
from common.jobs import enqueue
from customers.models import Customer
from health.enums import TrainingCause, TrainingState
from health.models import ScorecardVersion, Training, TrainingPart
from health.selectors.lineup import lineup_in_use
from health.services.runs import customer_ranges, known_at
from health.services.scorecards import scorecard_current

# One day a month, so many months back; five years on hardly anything is gained (Ballings
# and Van den Poel, Expert Systems with Applications 39, 2012).
MONTHS = 60
# A day on which somebody had been a customer for less than this teaches little.
SETTLING = dt.timedelta(days=30)
# Customers of a part, and rows of them all: beyond that some parts stand for the rest.
PART = 5_000
MOST_ROWS = 600_000
# Published versions of scorecards that are compared, the newest.
MOST_VERSIONS = 8
UNDER_WAY = (TrainingState.COLLECTING, TrainingState.LEARNING)


@transaction.atomic
def training_start(
    *,
    cause: TrainingCause,
    as_of: dt.date,
    now: dt.datetime,
    asked_by: User | None = None,
    month: dt.date | None = None,
) -> Training:
    """This will write down what is to be read and wake the workers.

    One training at a time: while one is under way, that one is returned. A monthly one
    raises IntegrityError where its `month` has had one. Costs one insert a thousand parts.
    """
    current = Training.objects.filter(state__in=UNDER_WAY).first()
    if current:
        return current
    scorecard_current(now=now)
    days, ranges = training_days(as_of=as_of), customer_ranges(PART)
    kept = _spread(ranges, days=len(days))
    training = _created(
        Training(
            cause=cause,
            month=month,
            as_of=as_of,
            known_before=known_at(the_company(), as_of, now),
            parameters={
                "days": len(days),
                "ranges": len(ranges),
                "kept": len(kept),
                "lineup": lineup_in_use().as_json(),
                "versions": _versions(),
            },
            asked_by=asked_by,
            started_at=now,
        )
    )
    TrainingPart.objects.bulk_create(
        (
            TrainingPart(training=training, day=day, first_id=first, last_id=last)
            for day in days
            for first, last in kept
        ),
        batch_size=1_000,
    )
    enqueue("health.training_work", training_id=training.pk)
    return training


def _created(training: Training) -> Training:
    """This will save it, or return the one that somebody else began in this moment."""
    try:
        with transaction.atomic():
            training.save()
    except IntegrityError:
        current = Training.objects.filter(state__in=UNDER_WAY).first()
        if current is None:
            raise
        return current
    return training


def _versions() -> list[int]:
    """This will name the newest published scorecard versions, to be held to account."""
    published = ScorecardVersion.objects.filter(published_at__isnull=False)
    newest = published.order_by("-published_at", "-id").values_list("pk", flat=True)
    return list(newest[:MOST_VERSIONS])


def training_days(*, as_of: dt.date) -> list[dt.date]:
    """This will list the days that are read, the oldest first: monthly, back from a day.

    The same day of each month: where contracts end with the month, another day would see
    more or fewer ends in the 90 days after it than the day that is forecast.
    """
    first = Customer.objects.order_by("customer_since", "id").first()
    if first is None:
        return []
    days = [months_before(as_of, back) for back in range(1, MONTHS + 1)]
    return sorted(day for day in days if day >= first.customer_since + SETTLING)


def _spread(ranges: list[tuple[int, int]], *, days: int) -> list[tuple[int, int]]:
    """This will keep as many ranges as rows are wanted, evenly from old ids to new."""
    wanted = max(1, MOST_ROWS // (PART * max(1, days)))
    if len(ranges) <= wanted:
        return ranges
    return [ranges[place * len(ranges) // wanted] for place in range(wanted)]
