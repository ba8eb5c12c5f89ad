"""A scorecard from a file: a draft, never more."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from common.errors import KeepwellError
from health.models import Scorecard, ScorecardVersion
from health.scorecard_file import ScorecardFile
from health.selectors.scorecards import draft_of, version_live
from health.services.scorecards.current import scorecard_current
from health.services.scorecards.drafts import config_checked, draft_create
from health.services.scorecards.locking import scorecard_in_use
from health.services.scorecards.setup import SetupValues, scorecard_add


class UnableToImportScorecard(KeepwellError):
    """The scorecard has a draft that would be lost."""


@transaction.atomic
def scorecard_import(
    *, file: ScorecardFile, into: Scorecard | None, by: Actor, now: dt.datetime
) -> ScorecardVersion:
    """This will make a draft of a file that was read, of a new scorecard without `into`.

    A draft that is there already is never written over.
    """
    if into is None:
        # Somebody has to score everybody else.
        scorecard_current(now=now)
        row = scorecard_add(values=SetupValues(file.name), by=by, now=now)
    else:
        row = scorecard_in_use(into)
    if draft_of(row):
        msg = _(
            "“%(name)s” has a draft already. Publish it or discard it, then import again."
        )
        raise UnableToImportScorecard(msg % {"name": row.label})
    return draft_create(
        scorecard=row,
        config=config_checked(file.config),
        by=by,
        now=now,
        based_on=version_live(row),
        note=file.note,
    )
