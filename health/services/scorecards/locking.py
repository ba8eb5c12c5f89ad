"""One writer of a scorecard at a time."""

from django.utils.translation import gettext as _

from common.errors import KeepwellError
from health.models import Scorecard, ScorecardVersion


class UnableToChangeScorecard(KeepwellError):
    """The scorecard is retired, or its name is taken; the text says what to do."""


def scorecard_locked(scorecard: Scorecard) -> Scorecard:
    """This will hold a scorecard until the transaction ends. One query."""
    return Scorecard.objects.select_for_update().get(pk=scorecard.pk)


def scorecard_in_use(scorecard: Scorecard) -> Scorecard:
    """This will hold a scorecard and refuse a retired one."""
    row = scorecard_locked(scorecard)
    if row.retired_at:
        msg = _("This scorecard is retired. Bring it back before you change it.")
        raise UnableToChangeScorecard(msg)
    return row


def version_publish(
    *, scorecard: Scorecard, version: ScorecardVersion
) -> ScorecardVersion:
    """This will save a version as the newest published one of a held scorecard.

    Published versions are numbered without gaps; the draft is numbered behind them.
    """
    newest = (
        scorecard.versions.filter(published_at__isnull=False)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    number = (newest or 0) + 1
    draft = scorecard.versions.filter(published_at__isnull=True).exclude(pk=version.pk)
    draft.update(number=number + 1)
    version.number = number
    version.save()
    return version
