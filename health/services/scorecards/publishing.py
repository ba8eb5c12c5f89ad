"""Publishing a draft, and going back to what was published before."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from health.models import Scorecard, ScorecardVersion
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards.drafts import config_checked, draft_seen
from health.services.scorecards.locking import scorecard_in_use, version_publish


class UnableToPublish(KeepwellError):
    """There is no note, no draft, or nothing that differs; the text says which."""


class UnableToPublishUnseen(KeepwellError):
    """The draft, or what is in use, changed since it was shown."""


def publish_seen(draft: ScorecardVersion | None, live: ScorecardVersion | None) -> str:
    """This will return what stands for a draft beside what is in use, as shown."""
    return f"{draft_seen(draft)} {live.pk if live else ''}"


@transaction.atomic
def draft_publish(
    *, scorecard: Scorecard, note: str, seen: str, by: Actor, now: dt.datetime
) -> ScorecardVersion:
    """This will put the draft in use from the next run on. It never changes again.

    `seen` is `publish_seen` as it was shown. Raises UnableToPublish and, where somebody
    changed something meanwhile, UnableToPublishUnseen.
    """
    row = scorecard_in_use(scorecard)
    draft, live = draft_of(row), version_live(row)
    if seen != publish_seen(draft, live):
        msg = _("Somebody changed the draft or what is in use meanwhile. Look again.")
        raise UnableToPublishUnseen(msg)
    if draft is None:
        raise UnableToPublish(_("There is no draft to publish."))
    config_checked(draft.config)
    draft.published_at = draft.updated_at = now
    return _publish(row, draft, live, note, by, now)


@transaction.atomic
def scorecard_rollback(
    *,
    version: ScorecardVersion,
    note: str,
    seen: str,
    by: Actor,
    now: dt.datetime,
) -> ScorecardVersion:
    """This will publish a copy of an older version; a draft stays as it is.

    `seen` is `publish_seen` of no draft and of what was in use as it was shown.
    """
    row = scorecard_in_use(version.scorecard)
    live = version_live(row)
    if seen != publish_seen(None, live):
        msg = _("Somebody published another version meanwhile. Look again.")
        raise UnableToPublishUnseen(msg)
    if version.published_at is None or live is None or version.pk == live.pk:
        raise UnableToPublish(_("Choose a version that was in use before."))
    made = ScorecardVersion(
        scorecard=row,
        config=config_checked(version.config),
        based_on=version,
        updated_at=now,
        published_at=now,
    )
    return _publish(row, made, live, note, by, now)


def _publish(
    row: Scorecard,
    version: ScorecardVersion,
    live: ScorecardVersion | None,
    note: str,
    by: Actor,
    now: dt.datetime,
) -> ScorecardVersion:
    if not note.strip():
        raise UnableToPublish(_("Write a note: what is different, and why."))
    version.note, version.author = note.strip(), by.user
    version_publish(scorecard=row, version=version)
    audit_record(
        by=by,
        action="health.scorecard_published",
        now=now,
        subject=row,
        before={"version": live.number} if live else {},
        after={"version": version.number, "note": version.note},
    )
    return version
