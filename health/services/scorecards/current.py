"""The default scorecard, and leaving out what a company does not have."""

import datetime as dt
import difflib
from collections.abc import Collection

from django.db import transaction

from accounts.actor import CONSOLE, Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from health.default_scorecard import KEY, NAME, default_config
from health.models import Scorecard, ScorecardVersion
from health.selectors.scorecards import default_live
from health.services.scorecards.locking import scorecard_locked, version_publish


class UnableToLeaveOut(KeepwellError):
    """A measure of that name is not on the scorecard, or none would be left."""


@transaction.atomic
def scorecard_current(*, now: dt.datetime) -> ScorecardVersion:
    """This will return the default scorecard's version in use.

    The first call publishes the default content.
    """
    version = default_live()
    if version:
        return version
    scorecard, _ = Scorecard.objects.get_or_create(
        key=KEY, defaults={"name": NAME, "is_default": True}
    )
    # Two first calls at once take turns; the second finds the first one's version.
    scorecard = scorecard_locked(scorecard)
    return default_live() or version_publish(
        scorecard=scorecard,
        version=ScorecardVersion(
            scorecard=scorecard, config=default_config(), published_at=now
        ),
    )


@transaction.atomic
def scorecard_leave_out(
    *, keys: Collection[str], now: dt.datetime, by: Actor = CONSOLE
) -> ScorecardVersion:
    """This will publish a version of the default scorecard without some measures.

    For signals that a company does not have at all: as long as they are asked for, every
    customer lacks them. All measures of the default come back that are not named.
    """
    config = default_config()
    _check(keys, [line["key"] for line in config["measures"]])
    config["measures"] = [
        line for line in config["measures"] if line["key"] not in keys
    ]
    current = scorecard_current(now=now)
    scorecard = scorecard_locked(current.scorecard)
    version = version_publish(
        scorecard=scorecard,
        version=ScorecardVersion(
            scorecard=scorecard,
            config=config,
            note=f"Without {', '.join(sorted(keys))}." if keys else "All measures.",
            based_on=current,
            author=by.user,
            published_at=now,
        ),
    )
    audit_record(
        by=by,
        action="health.scorecard_published",
        now=now,
        subject=scorecard,
        before={"version": current.number},
        after={"version": version.number, "note": version.note},
    )
    return version


def _check(keys: Collection[str], known: list[str]) -> None:
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            msg = f"There is no measure {key!r}{hint}"
            raise UnableToLeaveOut(msg)
    if not set(known) - set(keys):
        msg = "A scorecard needs at least one measure."
        raise UnableToLeaveOut(msg)
