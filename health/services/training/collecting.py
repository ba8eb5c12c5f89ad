"""Reading the parts of a training: claimed one at a time, each in its own transaction."""

import datetime as dt
import time
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.selectors import company as the_company
from common.errors import KeepwellError
from health.calculations.scorecard import rules_from_config
from health.enums import PartState
from health.models import ScorecardVersion, Training, TrainingPart
from health.selectors.landmarks import past_frames_of
from health.selectors.lineup import lineup_from
from health.services.runs import known_at, moment_of

MAX_TRIES = 5


class UnableToReadThePast(KeepwellError):
    """A part could not be read, however often it was tried; the text says which."""


def training_collect(*, training: Training, seconds: float | None = None) -> bool:
    """This will read waiting parts for some seconds, or until there is none.

    Several workers may do so at once. Returns whether all parts are read. A part that
    fails again and again, or whose workers die, fails the training with its reason.
    """
    end = None if seconds is None else time.monotonic() + seconds
    while end is None or time.monotonic() < end:
        part = _claim(training)
        if part is None:
            break
        if part.attempts > MAX_TRIES:
            msg = f"The customers of {part.day} could not be read."
            raise UnableToReadThePast(msg)
        _read(part, training)
    return not training.parts.exclude(state=PartState.DONE).exists()


def _claim(training: Training) -> TrainingPart | None:
    """This will take a waiting part, or one whose worker's lease ran out."""
    free = Q(state=PartState.PENDING) | Q(
        state=PartState.RUNNING, lease_until__lt=Now()
    )
    with transaction.atomic():
        waiting = training.parts.filter(free).order_by("id")
        part = waiting.select_for_update(skip_locked=True).defer("rows").first()
        if part is None:
            return None
        claim = uuid.uuid4()
        TrainingPart.objects.filter(pk=part.pk).update(
            state=PartState.RUNNING,
            claim=claim,
            lease_until=Now() + dt.timedelta(seconds=settings.HEALTH_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    part.claim = claim
    part.attempts += 1
    return part


def _read(part: TrainingPart, training: Training) -> None:
    company = the_company()
    moment = moment_of(
        company, part.day, known_at(company, part.day, training.known_before)
    )
    parameters = training.parameters
    versions = ScorecardVersion.objects.in_bulk(parameters["versions"])
    found = past_frames_of(
        moment,
        first=part.first_id,
        last=part.last_id,
        until=training.as_of,
        known_before=training.known_before,
        lineup=lineup_from(parameters["lineup"]),
        versions={pk: rules_from_config(one.config) for pk, one in versions.items()},
    )
    TrainingPart.objects.filter(
        pk=part.pk, claim=part.claim, state=PartState.RUNNING
    ).update(
        state=PartState.DONE,
        rows=found.as_bytes(),
        customers=len(found),
        lease_until=None,
    )
