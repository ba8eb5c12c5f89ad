"""Choosing and changing the scorecard."""

import datetime as dt
import difflib
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_noop

from common.errors import KeepwellError
from health.default_scorecard import KEY, default_config
from health.models import Scorecard, ScorecardVersion


class UnableToLeaveOut(KeepwellError):
    """A measure of that name is not on the scorecard, or none would be left."""


@transaction.atomic
def scorecard_current(*, now: dt.datetime) -> ScorecardVersion:
    """This will return the default scorecard's version in use.

    The first call publishes the default content.
    """
    version = (
        ScorecardVersion.objects.filter(
            published_at__isnull=False, scorecard__is_default=True
        )
        .select_related("scorecard")
        .order_by("-published_at", "-id")
        .first()
    )
    if version:
        return version
    scorecard, _ = Scorecard.objects.get_or_create(
        key=KEY,
        defaults={"name": gettext_noop("Default scorecard"), "is_default": True},
    )
    version, _ = ScorecardVersion.objects.get_or_create(
        scorecard=scorecard,
        number=1,
        defaults={"config": default_config(), "published_at": now},
    )
    return version


@transaction.atomic
def scorecard_leave_out(*, keys: Collection[str], now: dt.datetime) -> ScorecardVersion:
    """This will publish a version of our scorecard without some measures.

    For signals that a company does not have at all: as long as they are asked for, every
    customer lacks them. All measures of the default come back that are not named.
    """
    config = default_config()
    known = [line["key"] for line in config["measures"]]
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            msg = f"There is no measure {key!r}{hint}"
            raise UnableToLeaveOut(msg)
    config["measures"] = [
        line for line in config["measures"] if line["key"] not in keys
    ]
    if not config["measures"]:
        msg = "A scorecard needs at least one measure."
        raise UnableToLeaveOut(msg)
    current = scorecard_current(now=now)
    return ScorecardVersion.objects.create(
        scorecard=current.scorecard,
        number=current.number + 1,
        config=config,
        note=f"Without {', '.join(sorted(keys))}." if keys else "All measures.",
        published_at=now,
    )
