"""Making the sums of the ledger, range by range; safe to be killed."""

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from billing.enums import BuildState
from billing.models import LedgerBuild, LedgerPart, LedgerState
from billing.selectors.ledger_parts import range_reckoned
from billing.selectors.ledger_reading import Range
from billing.selectors.ledger_terms import Terms, ledger_terms, made_with
from billing.services.ledger.planning import stale_parts
from billing.services.ledger.showing import sums_made, sums_show
from billing.services.ledger.writing import reckoned_write
from common.errors import KeepwellError
from common.jobs import enqueue
from common.outage import database_is_away

logger = logging.getLogger(__name__)
# A job goes on for so long, then hands on to the next.
SLICE_SECONDS = 40.0
MAX_TRIES = 5
TOO_OFTEN = gettext_noop("Workers died on it too often.")
OVERTAKEN = gettext_noop("Conventions, rates or the time zone changed meanwhile.")
# Ranges that are done, and all.
Progress = Callable[[int, int], None]


class LostLease(KeepwellError):
    """Another worker has taken the build over; what this one did is forgotten."""


def ledger_work(
    *,
    build_id: int,
    seconds: float | None = SLICE_SECONDS,
    progress: Progress = lambda done, total: None,
) -> None:
    """This will make a good piece of the sums, or all where `seconds` is None.

    Nothing happens while another worker's lease runs. Every range is written in a commit
    of its own, so a killed worker costs one range. Memory is that of one range and the
    sums.
    """
    build = _claim(build_id)
    if build is None:
        return
    try:
        _slice(build, seconds, progress)
    except LostLease:
        logger.warning("The making of %s has been taken over.", build)
    except Exception as error:
        if database_is_away(error):
            logger.warning("The making of %s goes back: %s", build, error)
            _owned(build).update(lease_until=None)
        else:
            logger.exception("The making of %s failed", build)
            _fail(build, f"{type(error).__name__}: {error}")


def builds_free() -> QuerySet[LedgerBuild]:
    """This will return the build that waits for a worker, if there is one."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    return LedgerBuild.objects.filter(free, state=BuildState.RUNNING)


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LEDGER_LEASE_SECONDS)


def _claim(build_id: int) -> LedgerBuild | None:
    taken = builds_free().filter(pk=build_id)
    if not taken.update(lease_until=Now() + _lease(), attempts=F("attempts") + 1):
        return None
    return LedgerBuild.objects.get(pk=build_id)


def _owned(build: LedgerBuild) -> QuerySet[LedgerBuild]:
    """This will address the build only as long as nobody has taken it over."""
    return LedgerBuild.objects.filter(
        pk=build.pk, state=BuildState.RUNNING, attempts=build.attempts
    )


@transaction.atomic
def _fail(build: LedgerBuild, reason: str) -> None:
    failed = _owned(build).update(
        state=BuildState.FAILED, reason=reason, finished_at=Now(), lease_until=None
    )
    if failed:
        LedgerState.objects.filter(pk=1).update(trouble=reason)


def _slice(build: LedgerBuild, seconds: float | None, progress: Progress) -> None:
    terms = ledger_terms(day=build.day)
    if made_with(terms) != build.made_with:
        _owned(build).update(
            state=BuildState.FAILED, reason=OVERTAKEN, finished_at=Now()
        )
        return
    if build.attempts - build.got_on > MAX_TRIES:
        _fail(build, TOO_OFTEN)
        return
    begun = time.monotonic()
    while part := stale_parts(build).first():
        spent = time.monotonic() - begun
        if seconds is not None and spent > seconds:
            _hand_on(build, spent)
            return
        _part_make(build, part, terms)
        total = LedgerPart.objects.count()
        progress(total - stale_parts(build).count(), total)
    _finish(build, terms, begun)


def _hand_on(build: LedgerBuild, spent: float) -> None:
    """This will leave the rest to the next job."""
    if _owned(build).update(lease_until=None, seconds=F("seconds") + spent):
        enqueue("billing.ledger_work", build_id=build.pk)


def _part_make(build: LedgerBuild, part: LedgerPart, terms: Terms) -> None:
    """This will make a range, unless somebody in it was outdated while we reckoned."""
    counted = LedgerState.objects.values_list("changed", flat=True).get(pk=1)
    scope = Range(part.first_id, part.last_id)
    made = range_reckoned(scope, terms)
    content = made.part.as_bytes()
    with transaction.atomic():
        # The row lock keeps a second worker, whose turn came when our lease ran out,
        # waiting for our commit.
        if not _owned(build).select_for_update().exists():
            raise LostLease
        stands = LedgerPart.objects.select_for_update().get(pk=part.pk)
        if stands.changed == part.changed:
            reckoned_write(scope, made)
            LedgerPart.objects.filter(pk=part.pk).update(
                content=content, built=counted, made_with=build.made_with
            )
        build.got_on = build.attempts
        _owned(build).update(got_on=build.attempts, lease_until=Now() + _lease())


def _finish(build: LedgerBuild, terms: Terms, begun: float) -> None:
    """This will show the sums in the place of those before, all in one commit."""
    made = sums_made(terms)
    with transaction.atomic():
        # In the order in which everybody takes them: first the count, then the rest.
        LedgerState.objects.select_for_update().get(pk=1)
        if not _owned(build).select_for_update().exists():
            raise LostLease
        sums_show(made)
        _note(build, made.lacking, begun)


def _note(build: LedgerBuild, lacking: tuple[str, ...], begun: float) -> None:
    seconds = build.seconds + time.monotonic() - begun
    LedgerState.objects.filter(pk=1).update(
        built=build.counted,
        built_at=Now(),
        built_on=build.day,
        made_with=build.made_with,
        seconds=seconds,
        trouble="",
        rates_missing=list(lacking),
    )
    _owned(build).update(
        state=BuildState.DONE,
        finished_at=Now(),
        lease_until=None,
        seconds=seconds,
        reason="",
    )
