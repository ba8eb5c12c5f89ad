"""Going through all comments for themes, in slices that survive a killed worker."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from common.jobs import enqueue
from surveys.models import Feedback, Theme, ThemeSearch
from surveys.selectors.comments import responses_with_words
from surveys.services.settling import comments_settle

# Up to so many are looked through while the person waits.
AT_ONCE = 500
SLICE = 500
# What one job does at most before it gives way; the next one goes on.
SLICES_PER_JOB = 20
LEASE = dt.timedelta(minutes=2)


@transaction.atomic
def search_begin(*, theme: Theme | None, now: dt.datetime) -> ThemeSearch:
    """This will start to look through all comments, or start anew where one is open.

    Few comments are done at once; otherwise a worker is woken after the commit.
    """
    total = responses_with_words().count() + Feedback.objects.count()
    fresh = {
        "after_response": 0,
        "after_feedback": 0,
        "total": total,
        "done": 0,
        "claim": None,
        "lease_until": None,
        "created_at": now,
    }
    # A worker in the middle of the old phrases loses its claim and writes nothing more.
    search, _made = ThemeSearch.objects.update_or_create(
        theme=theme, finished_at=None, defaults=fresh
    )
    if total <= AT_ONCE:
        while _slice(search, claim=None, now=now):
            pass
        search.refresh_from_db()
    else:
        enqueue("surveys.theme_search_work", search_id=search.pk)
    return search


def search_work(*, search_id: int, now: dt.datetime) -> None:
    """This will do a good piece of an open search, and ask for the next job if more is left.

    Nothing happens while another worker's lease on it runs.
    """
    claim = uuid.uuid4()
    free = Q(claim=None) | Q(lease_until__lt=Now())
    rows = ThemeSearch.objects.filter(pk=search_id, finished_at=None)
    if not rows.filter(free).update(claim=claim, lease_until=Now() + LEASE):
        return
    search = ThemeSearch.objects.get(pk=search_id)
    for _ in range(SLICES_PER_JOB):
        if not _slice(search, claim=claim, now=now):
            return
    # Without a lease, so that the next job need not wait for its end.
    if rows.filter(claim=claim).update(claim=None, lease_until=None):
        enqueue("surveys.theme_search_work", search_id=search_id)


def searches_wake() -> int:
    """This will send wake-ups for searches that no worker has; returns how many."""
    waiting = ThemeSearch.objects.filter(finished_at=None).filter(
        Q(claim=None) | Q(lease_until__lt=Now())
    )
    ids = list(waiting.order_by("id").values_list("id", flat=True))
    for pk in ids:
        enqueue("surveys.theme_search_work", search_id=pk)
    return len(ids)


@transaction.atomic
def _slice(search: ThemeSearch, *, claim: uuid.UUID | None, now: dt.datetime) -> bool:
    """This will do some more comments; False when it is finished or somebody else's."""
    rows = ThemeSearch.objects.select_for_update(of=("self",)).select_related("theme")
    held = rows.filter(pk=search.pk, claim=claim, finished_at=None).first()
    if held is None:
        return False
    done = _responses(held) or _feedback(held)
    held.done += done
    held.lease_until = Now() + LEASE if claim else None
    if not done:
        held.finished_at, held.claim, held.lease_until = now, None, None
    held.save()
    return bool(done)


def _responses(search: ThemeSearch) -> int:
    rows = responses_with_words().filter(pk__gt=search.after_response)
    batch = list(rows.select_related("contact").order_by("pk")[:SLICE])
    comments_settle(batch, theme=search.theme)
    if batch:
        search.after_response = batch[-1].pk
    return len(batch)


def _feedback(search: ThemeSearch) -> int:
    rows = Feedback.objects.filter(pk__gt=search.after_feedback)
    batch = list(rows.select_related("contact").order_by("pk")[:SLICE])
    comments_settle(batch, theme=search.theme)
    if batch:
        search.after_feedback = batch[-1].pk
    return len(batch)
