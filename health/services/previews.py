"""What a draft would change: begun when asked for, worked in slices, kept until edited."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from common.jobs import enqueue
from health.enums import PreviewState
from health.models import Preview, Run, ScorecardVersion
from health.selectors.lineup import lineup_rows
from health.selectors.previews import preview_run
from health.services.previewing import preview_work

# Up to so many customers the person who asks waits for it: about a second.
AT_ONCE = 10_000


def preview_ensure(*, version: ScorecardVersion, now: dt.datetime) -> Preview | None:
    """This will return the preview of a draft as it reads now, and begin it if need be.

    A small portfolio is done at once, a large one by a worker. None where nothing has
    been scored yet. One that compares with scorecards no longer in use is made anew.
    """
    run = preview_run()
    if run is None:
        return None
    plan = _plan(version)
    mine = Preview.objects.filter(version=version, revision=version.revision, run=run)
    mine.exclude(result__plan=plan).delete()
    preview, made = Preview.objects.select_related("run").get_or_create(
        version=version,
        revision=version.revision,
        run=run,
        defaults={
            "created_at": now,
            "total": run.customers,
            "result": {"plan": plan},
        },
    )
    return _begin(preview, run, now) if made else preview


def preview_again(*, preview: Preview, now: dt.datetime) -> Preview:
    """This will begin a preview anew that has failed; any other stays as it is."""
    failed = Preview.objects.filter(pk=preview.pk, state=PreviewState.FAILED)
    fresh = {"plan": preview.result["plan"], "since": preview.attempts}
    begun = failed.update(
        state=PreviewState.PENDING, result=fresh, done=0, reason="", finished_at=None
    )
    return _begin(preview, preview.run, now) if begun else preview


def previews_wake() -> int:
    """This will send wake-ups for previews that wait or were left behind."""
    ids = list(_free().order_by("id").values_list("id", flat=True))
    for pk in ids:
        enqueue("health.preview_work", preview_id=pk)
    return len(ids)


def _begin(preview: Preview, run: Run, now: dt.datetime) -> Preview:
    if run.customers > AT_ONCE:
        enqueue("health.preview_work", preview_id=preview.pk)
        return preview
    preview_work(preview_id=preview.pk, now=now, seconds=None)
    # Gone when the draft was edited in this very moment; the next look makes a new one.
    return (
        Preview.objects.select_related("run").filter(pk=preview.pk).first() or preview
    )


def _plan(version: ScorecardVersion) -> dict[str, Any]:
    return {"live": lineup_rows(), "draft": lineup_rows(draft=version)}


def _free() -> QuerySet[Preview]:
    return Preview.objects.filter(
        Q(state=PreviewState.PENDING)
        | Q(state=PreviewState.RUNNING, lease_until__lt=Now())
    )
