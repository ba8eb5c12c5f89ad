"""Fixing a wording once it was read by somebody."""

import datetime as dt

from surveys.models import SurveyVersion


def version_freeze(version: SurveyVersion, *, now: dt.datetime) -> bool:
    """This will fix the words for ever; False when they were fixed before.

    Call it in the transaction of the first invitation.
    """
    loose = SurveyVersion.objects.filter(pk=version.pk, frozen_at__isnull=True)
    return bool(loose.update(frozen_at=now))
