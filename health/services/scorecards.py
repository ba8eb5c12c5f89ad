"""Choosing the scorecard of a run."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_noop

from health.default_scorecard import KEY, default_config
from health.models import Scorecard, ScorecardVersion


@transaction.atomic
def scorecard_current(*, now: dt.datetime) -> ScorecardVersion:
    """This will return the published version; the first call publishes the default."""
    version = (
        ScorecardVersion.objects.filter(published_at__isnull=False)
        .order_by("-published_at", "-id")
        .first()
    )
    if version:
        return version
    scorecard, _ = Scorecard.objects.get_or_create(
        key=KEY, defaults={"name": gettext_noop("Default scorecard")}
    )
    version, _ = ScorecardVersion.objects.get_or_create(
        scorecard=scorecard,
        number=1,
        defaults={"config": default_config(), "published_at": now},
    )
    return version
