"""Which version of the forecasts counts."""

import datetime as dt

from health.enums import Verdict
from health.models import ForecastVersion


def version_in_use() -> ForecastVersion | None:
    """This will return the published version; None before anything was learnt. One query."""
    return ForecastVersion.objects.filter(in_use=True).first()


def version_for(as_of: dt.date) -> ForecastVersion | None:
    """This will return the version that a score of the day is forecast with.

    The one in use, if it was learnt by then; else the newest one that was and is no worse
    than its predecessor. So no past day is forecast by what was learnt later. Two queries
    at most.
    """
    found = version_in_use()
    if found is not None and found.as_of <= as_of:
        return found
    earlier = ForecastVersion.objects.filter(as_of__lte=as_of)
    return earlier.exclude(verdict=Verdict.WORSE).order_by("-as_of", "-id").first()
