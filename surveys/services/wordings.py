"""Saving the words of a survey, never over words that somebody has read."""

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from surveys.calculations.content import Content, content_read, content_write
from surveys.calculations.parts import changes, flat
from surveys.enums import SurveyState
from surveys.models import Survey, SurveyVersion
from surveys.services.surveys import UnableToChangeSurvey, survey_locked


class UnableToSaveUnseenWording(KeepwellError):
    """Somebody else has changed the words since they were shown."""


def wording_digest(content: Content) -> str:
    """This will return what stands for the words as they were shown."""
    text = json.dumps(sorted(flat(content).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def wording_save(
    *, survey: Survey, content: Content, seen: str, by: Actor, now: dt.datetime
) -> tuple[SurveyVersion, bool]:
    """This will save other words and return the newest version and whether it changed.

    Words that were sent stay; a new version begins. `seen` is the digest of the newest
    words as they were shown.
    """
    row = survey_locked(survey)
    if row.state in {SurveyState.CLOSED, SurveyState.IMPORTED}:
        raise UnableToChangeSurvey(_("A closed survey stays as it was. Copy it."))
    # Held, so that the first mail cannot freeze it between the look and the writing.
    newest = row.versions.select_for_update().order_by("-number")[0]
    before = content_read(newest.content)
    if seen != wording_digest(before):
        msg = _("Somebody else has changed these words meanwhile.")
        raise UnableToSaveUnseenWording(msg)
    if not changes(before, content):
        return newest, False
    number = newest.number
    if newest.frozen_at:
        newest = SurveyVersion(survey=row, number=number + 1)
    newest.content = content_write(content)
    newest.save()
    audit_record(
        by=by,
        action="surveys.wording_changed",
        now=now,
        subject=row,
        before={"version": number, **_told(before, content)},
        after={"version": newest.number, **_told(content, before)},
    )
    return newest, True


def _told(content: Content, other: Content) -> dict[str, str]:
    """This will return what is different in one of two contents."""
    laid, others = flat(content), flat(other)
    return {name: text for name, text in laid.items() if text != others.get(name)}
