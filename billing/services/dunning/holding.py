"""Holding a planned try while it is asked: one at a time, for a short while."""

import datetime as dt
import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db.models.functions import Now

from billing.gateways.base import Gateway
from billing.models import PaymentAttempt
from billing.selectors.dunning.attempts import attempts_free
from billing.services.dunning.answers import attempt_wait
from billing.services.dunning.refused import account_trouble_note
from billing.services.gateways.access import gateway_of
from common.sealing import UnableToUnseal


@dataclass(frozen=True, slots=True)
class Turn:
    """A try that is ours until the lease runs out."""

    attempt: PaymentAttempt
    gateway: Gateway
    # The moment of the claim, and our own clock then.
    claimed_at: dt.datetime
    began: float
    # A moment that was told stands still.
    runs: bool = True

    def now(self) -> dt.datetime:
        """This will return the present moment, by the clock of the claim."""
        gone = seconds() - self.began if self.runs else 0
        return self.claimed_at + dt.timedelta(seconds=gone)

    @property
    def stood_still(self) -> bool:
        """Too late to ask: by the time of an answer somebody else may have taken over."""
        left = settings.ATTEMPT_LEASE_SECONDS - settings.GATEWAY_SECONDS
        return seconds() - self.began > max(left, settings.ATTEMPT_LEASE_SECONDS / 2)


def seconds() -> float:
    """This will return a clock that only runs forward, also while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def lease() -> dt.timedelta:
    """This will return for how long somebody may hold a try."""
    return dt.timedelta(seconds=settings.ATTEMPT_LEASE_SECONDS)


def attempt_claim(*, attempt_id: int, now: dt.datetime | None = None) -> Turn | None:
    """This will take a planned try for as long as a lease; None when it is not free.

    Leases count in the database's time. The connection is made here, so that a key that
    cannot be read is trouble before anything is said to be asked.
    """
    began = seconds()
    clock = PaymentAttempt.objects.filter(pk=attempt_id).annotate(moment=Now())
    moment = now or clock.values_list("moment", flat=True).first()
    if moment is None:
        return None
    free = attempts_free(moment).filter(pk=attempt_id)
    if not free.update(claim=uuid.uuid4(), lease_until=Now() + lease()):
        return None
    attempt = PaymentAttempt.objects.select_related("account", "method", "invoice").get(
        pk=attempt_id
    )
    try:
        gateway = gateway_of(attempt.account)
    except UnableToUnseal as error:
        until = account_trouble_note(
            account=attempt.account, text=str(error), now=moment
        )
        attempt_wait(attempt=attempt, now=moment, until=until)
        return None
    return Turn(attempt, gateway, moment, began, runs=now is None)
