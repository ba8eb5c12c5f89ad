"""Working a preview: the portfolio part by part, then the past; safe to be killed."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from common.jobs import enqueue
from common.outage import database_is_away
from health.calculations.differences import difference_from
from health.enums import Band, PreviewState
from health.models import Preview
from health.selectors.previews import Ids, Part, portfolio_part
from health.services.backtesting import backtest_run
from health.services.comparing import families_compared, families_of, part_compared
from health.services.pairing import Pair, pair_of

logger = logging.getLogger(__name__)
CHUNK = 10_000
# A job goes on for so long with the portfolio; the past, which takes up to half a minute,
# is a job of its own then.
SLICE_SECONDS = 25.0
LEASE = dt.timedelta(minutes=2)
MAX_TRIES = 5
TOO_OFTEN = gettext_noop("Workers died on it too often.")
Clock = Callable[[], bool]


def preview_work(
    *, preview_id: int, now: dt.datetime, seconds: float | None = SLICE_SECONDS
) -> None:
    """This will do a good piece of a preview, or all of it where `seconds` is None.

    Nothing happens while another worker's lease on it runs. Progress is kept after every
    part, so a killed worker costs one part. A passing fault of the database gives it
    back; any other error fails it with its reason.
    """
    preview = _claim(preview_id)
    if preview is None:
        return
    try:
        _slice(preview, now, seconds)
    except Exception as error:
        if database_is_away(error):
            logger.warning("Preview %s goes back: %s", preview, error)
            _owned(preview).update(state=PreviewState.PENDING, lease_until=None)
        else:
            logger.exception("Preview %s failed", preview)
            _fail(preview, f"{type(error).__name__}: {error}")


def _claim(preview_id: int) -> Preview | None:
    """This will take a waiting preview, or one whose worker's lease ran out."""
    free = Q(state=PreviewState.PENDING) | Q(
        state=PreviewState.RUNNING, lease_until__lt=Now()
    )
    taken = Preview.objects.filter(free, pk=preview_id).update(
        state=PreviewState.RUNNING,
        lease_until=Now() + LEASE,
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    rows = Preview.objects.select_related("run", "version")
    return rows.filter(pk=preview_id).first()


def _owned(preview: Preview) -> QuerySet[Preview]:
    """This will address the preview only as long as nobody has taken it over."""
    return Preview.objects.filter(
        pk=preview.pk, state=PreviewState.RUNNING, attempts=preview.attempts
    )


def _fail(preview: Preview, reason: str) -> None:
    _owned(preview).update(
        state=PreviewState.FAILED, reason=reason, finished_at=Now(), lease_until=None
    )


def _slice(preview: Preview, now: dt.datetime, seconds: float | None) -> None:
    version = preview.version
    if version.published_at or version.revision != preview.revision:
        _owned(preview).delete()  # Nobody asks for it any more.
        return
    if preview.attempts - preview.result.get("since", 0) > MAX_TRIES:
        _fail(preview, TOO_OFTEN)
        return
    pair = pair_of(preview)
    began = preview.result.get("cursor", 0)
    if not _portfolio(preview, pair, _clock(seconds)):
        return
    if seconds is not None and preview.result.get("cursor", 0) != began:
        _hand_on(preview)
        return
    past = backtest_run(pair=pair, run=preview.run, now=now)
    _finish(preview, preview.result | {"past": past, "summary": _summary(preview)})


def _clock(seconds: float | None) -> Clock:
    if seconds is None:
        return lambda: True
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _portfolio(preview: Preview, pair: Pair, go_on: Clock) -> bool:
    """This will score the rest of the portfolio, part by part; False if it must stop."""
    families = families_of(preview.run, pair)
    while not preview.result.get("scored"):
        if not go_on():
            _hand_on(preview)
            return False
        after = preview.result.get("cursor", 0)
        part = portfolio_part(preview.run, after=after, size=CHUNK)
        if not _keep(preview, part, pair, families):
            return False
    return True


def _keep(preview: Preview, part: Part, pair: Pair, families: Ids) -> bool:
    """This will add a part to what is known and save it; False if it is not ours now."""
    result = preview.result
    found = difference_from(result["difference"]) if "difference" in result else None
    run, ended = preview.run, len(part) < CHUNK
    made = part_compared(run, part, pair, families=families)
    if ended and len(families):
        made = made.plus(families_compared(run, pair, families=families))
    preview.result = result | {
        "difference": (found.plus(made) if found else made).as_json(),
        "cursor": int(part.ids[-1]) if len(part) else result.get("cursor", 0),
        "scored": ended,
        "since": preview.attempts,
    }
    preview.done += len(part)
    return bool(
        _owned(preview).update(
            result=preview.result, done=preview.done, lease_until=Now() + LEASE
        )
    )


def _summary(preview: Preview) -> dict[str, Any]:
    """This will keep what a sentence elsewhere needs, in whole amounts of money."""
    found = difference_from(preview.result["difference"])
    before = [sum(row) for row in found.customers]
    after = [sum(column) for column in zip(*found.customers, strict=True)]
    return {
        "customers": found.total,
        "changed": found.changed,
        "mrr": round(found.changed_cents / 100),
        "at_risk": [before[Band.AT_RISK], after[Band.AT_RISK]],
        "unknown": [before[Band.UNKNOWN], after[Band.UNKNOWN]],
    }


def _hand_on(preview: Preview) -> None:
    """This will leave the rest to the next job."""
    if _owned(preview).update(state=PreviewState.PENDING, lease_until=None):
        enqueue("health.preview_work", preview_id=preview.pk)


def _finish(preview: Preview, result: dict[str, Any]) -> None:
    done = _owned(preview).update(
        state=PreviewState.DONE, result=result, finished_at=Now(), lease_until=None
    )
    if done:
        Preview.objects.filter(version=preview.version).exclude(pk=preview.pk).delete()
