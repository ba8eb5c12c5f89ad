"""Working a training: the past part by part, then learning; safe to be killed."""

import datetime as dt
import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from common.errors import KeepwellError
from common.jobs import enqueue
from common.outage import database_is_away
from health.enums import TrainingState
from health.models import Training
from health.services.training.collecting import training_collect
from health.services.training.concluding import concluded
from health.services.training.planning import UNDER_WAY
from health.services.training.saving import version_save

logger = logging.getLogger(__name__)
# A job reads the past for so long; learning, which may take minutes, is a job of its own.
SLICE_SECONDS = 60.0
MAX_TRIES = 5
TOO_OFTEN = gettext_noop("Workers died on it too often.")


class LostLease(KeepwellError):
    """Another worker has taken the training over; what this one did is forgotten."""


def training_work(
    *, training_id: int, now: dt.datetime, seconds: float | None = SLICE_SECONDS
) -> None:
    """This will do a good piece of a training, or all of it where `seconds` is None.

    Nothing happens while another worker's lease on it runs. Parts that were read stay
    read; learning begins anew after a kill and comes to the same. A passing fault of the
    database gives the training back; any other error fails it with its reason.
    """
    training = _claim(training_id)
    if training is None:
        return
    try:
        _work(training, now, seconds)
    except LostLease:
        logger.warning("Training %s has been taken over.", training)
    except Exception as error:
        if database_is_away(error):
            logger.warning("Training %s goes back: %s", training, error)
            _owned(training).update(lease_until=None)
        else:
            logger.exception("Training %s failed", training)
            _fail(training, _reason(error))


def trainings_wake() -> int:
    """This will send wake-ups for trainings that wait or were left behind. One query."""
    ids = list(_free().order_by("id").values_list("id", flat=True))
    for pk in ids:
        enqueue("health.training_work", training_id=pk)
    return len(ids)


def _free() -> QuerySet[Training]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    return Training.objects.filter(free, state__in=UNDER_WAY)


def _claim(training_id: int) -> Training | None:
    """This will take a training that waits, or one whose worker's lease ran out."""
    lease = dt.timedelta(seconds=settings.HEALTH_LEASE_SECONDS)
    taken = _free().filter(pk=training_id)
    if not taken.update(lease_until=Now() + lease, attempts=F("attempts") + 1):
        return None
    return Training.objects.get(pk=training_id)


def _owned(training: Training) -> QuerySet[Training]:
    """This will address the training only as long as nobody has taken it over."""
    return Training.objects.filter(
        pk=training.pk, state__in=UNDER_WAY, attempts=training.attempts
    )


def _reason(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, KeepwellError)
        else (f"{type(error).__name__}: {error}")
    )


def _fail(training: Training, reason: str) -> None:
    with transaction.atomic():
        failed = _owned(training).update(
            state=TrainingState.FAILED,
            reason=reason,
            finished_at=Now(),
            lease_until=None,
        )
        if failed:
            training.parts.update(rows=b"")


def _work(training: Training, now: dt.datetime, seconds: float | None) -> None:
    if training.attempts - training.parameters.get("since", 0) > MAX_TRIES:
        _fail(training, TOO_OFTEN)
        return
    if training.state == TrainingState.COLLECTING:
        whole = training_collect(training=training, seconds=seconds)
        _keep(training, lease_until=None)
        if not whole or seconds is not None:
            _hand_on(training, whole=whole)
            return
    _learn(training, now)


def _hand_on(training: Training, *, whole: bool) -> None:
    """This will leave the rest to the next job."""
    state = TrainingState.LEARNING if whole else TrainingState.COLLECTING
    _keep(training, state=state, lease_until=None)
    enqueue("health.training_work", training_id=training.pk)


def _keep(training: Training, **fields: Any) -> None:
    """This will note that the training got on; raises LostLease where it is not ours."""
    training.parameters["since"] = training.attempts
    if not _owned(training).update(parameters=training.parameters, **fields):
        raise LostLease


def _stage(training: Training, name: str) -> None:
    """This will say what is being done, and keep the lease for as long as it may take."""
    lease = dt.timedelta(seconds=settings.HEALTH_TRAINING_LEASE_SECONDS)
    training.parameters["stage"] = name
    kept = _owned(training).update(
        state=TrainingState.LEARNING,
        parameters=training.parameters,
        lease_until=Now() + lease,
    )
    if not kept:
        raise LostLease


def _learn(training: Training, now: dt.datetime) -> None:
    step = partial(_stage, training)
    step("")
    found = concluded(training, step=step)
    with transaction.atomic():
        # The row lock keeps a second worker waiting for our commit.
        if not _owned(training).select_for_update().exists():
            raise LostLease
        version_save(training=training, found=found, now=now)
        _owned(training).update(
            state=TrainingState.DONE, finished_at=Now(), lease_until=None
        )
