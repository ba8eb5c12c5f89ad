"""Which scorecards there are, what they are called, and for whom they are."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences, digest_of
from common.errors import KeepwellError
from customers.models import Segment
from health.models import Scorecard
from health.services.scorecards.current import scorecard_current
from health.services.scorecards.drafts import draft_create
from health.services.scorecards.locking import (
    UnableToChangeScorecard,
    scorecard_in_use,
    scorecard_locked,
)

FIELDS = ("name", "priority", "segments")


class UnableToSaveUnseenSetup(KeepwellError):
    """Somebody else has changed the setup since it was shown."""


class UnableToRetireScorecard(KeepwellError):
    """The default scorecard stays: somebody has to score everybody else."""


@dataclass(frozen=True, slots=True)
class SetupValues:
    """A scorecard's name, its place in the order, and whose customers it scores."""

    name: str
    priority: int = 10
    segments: list[int] = field(default_factory=list)


def setup_values(scorecard: Scorecard) -> SetupValues:
    """This will read the setup as it is stored. One query for the segments."""
    segments = sorted(segment.pk for segment in scorecard.segments.all())
    return SetupValues(scorecard.name, scorecard.priority, segments)


def setup_seen(values: SetupValues) -> str:
    """This will return what stands for a setup as it was shown."""
    row: Any = values
    return digest_of(row, FIELDS)


@transaction.atomic
def scorecard_create(*, values: SetupValues, by: Actor, now: dt.datetime) -> Scorecard:
    """This will make a scorecard with a draft that begins as the default scorecard is.

    It scores nobody before the draft is published.
    """
    live = scorecard_current(now=now)
    scorecard = scorecard_add(values=values, by=by, now=now)
    draft_create(scorecard=scorecard, config=live.config, by=by, now=now, based_on=live)
    return scorecard


def scorecard_add(*, values: SetupValues, by: Actor, now: dt.datetime) -> Scorecard:
    """This will make a scorecard without any content."""
    _refuse_taken(values.name)
    scorecard = Scorecard.objects.create(
        key=_free_key(values.name), name=values.name, priority=values.priority
    )
    scorecard.segments.set(_there(values.segments))
    audit_record(
        by=by,
        action="health.scorecard_created",
        now=now,
        subject=scorecard,
        after=asdict(values),
    )
    return scorecard


@transaction.atomic
def scorecard_setup(
    *, scorecard: Scorecard, values: SetupValues, seen: str, by: Actor, now: dt.datetime
) -> list[str]:
    """This will save name, priority and segments and return which are different now.

    `seen` is the digest of the setup as it was shown. The default scorecard has neither
    priority nor segments: it takes whoever no other scorecard names.
    """
    row = scorecard_in_use(scorecard)
    stored = setup_values(row)
    if seen != setup_seen(stored):
        msg = _("Somebody else has changed this scorecard meanwhile.")
        raise UnableToSaveUnseenSetup(msg)
    if row.is_default:
        values = SetupValues(values.name, stored.priority, [])
    else:
        values = SetupValues(values.name, values.priority, _there(values.segments))
    before, after = asdict(stored), asdict(values)
    changed = differences(before, after)
    if not changed:
        return []
    _refuse_taken(values.name, but=row)
    row.name, row.priority = values.name, values.priority
    row.save(update_fields=["name", "priority"])
    row.segments.set(values.segments)
    audit_record(
        by=by,
        action="health.scorecard_changed",
        now=now,
        subject=row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return changed


@transaction.atomic
def scorecard_retire(*, scorecard: Scorecard, by: Actor, now: dt.datetime) -> None:
    """This will take a scorecard out of use from the next run on; its past stays."""
    row = scorecard_locked(scorecard)
    if row.is_default:
        msg = _("The default scorecard cannot be retired: it scores everybody else.")
        raise UnableToRetireScorecard(msg)
    _move(row, to=now, action="health.scorecard_retired", by=by, now=now)


@transaction.atomic
def scorecard_return(*, scorecard: Scorecard, by: Actor, now: dt.datetime) -> None:
    """This will bring a retired scorecard back as it was."""
    row = scorecard_locked(scorecard)
    _refuse_taken(row.name, but=row)
    _move(row, to=None, action="health.scorecard_returned", by=by, now=now)


def _move(
    row: Scorecard, *, to: dt.datetime | None, action: str, by: Actor, now: dt.datetime
) -> None:
    if bool(row.retired_at) == bool(to):
        return
    row.retired_at = to
    row.save(update_fields=["retired_at"])
    audit_record(by=by, action=action, now=now, subject=row)


def _there(segments: list[int]) -> list[int]:
    """This will keep the segments that were not deleted meanwhile."""
    found = Segment.objects.filter(pk__in=segments).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _refuse_taken(name: str, but: Scorecard | None = None) -> None:
    rows = Scorecard.objects.filter(name__iexact=name, retired_at__isnull=True)
    if (rows.exclude(pk=but.pk) if but else rows).exists():
        msg = _("There is a scorecard of this name already. Choose another name.")
        raise UnableToChangeScorecard(msg)


def _free_key(name: str) -> str:
    base = slugify(name)[:40] or "scorecard"
    taken = set(
        Scorecard.objects.filter(key__startswith=base).values_list("key", flat=True)
    )
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
