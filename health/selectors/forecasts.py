"""Which version of the forecasts counts."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Any

from health.calculations.churn.bands import BandRates
from health.calculations.forecast_content import ForecastContent
from health.calculations.rates import Estimate
from health.enums import Band, Verdict
from health.features import no_rows
from health.models import ForecastVersion


def version_in_use() -> ForecastVersion | None:
    """This will return the published version; None before anything was learnt. One query.

    Without its content, which is some hundred kilobytes and which no page needs.
    """
    return ForecastVersion.objects.defer("content").filter(in_use=True).first()


def version_for(as_of: dt.date) -> ForecastVersion | None:
    """This will return the version that a score of the day is forecast with.

    The one in use, if it was learnt by then; else the newest one that was and is no worse
    than its predecessor. So no past day is forecast by what was learnt later. Two queries
    at most.
    """
    found = version_in_use()
    if found is not None and found.as_of <= as_of:
        return found
    earlier = ForecastVersion.objects.defer("content").filter(as_of__lte=as_of)
    return earlier.exclude(verdict=Verdict.WORSE).order_by("-as_of", "-id").first()


def content_of(parameters: dict[str, Any]) -> ForecastContent:
    """This will return what a run forecasts with: its version's, or what it assumes.

    One small query; the content itself is read once per process, for it never changes.
    """
    kept = parameters.get("forecast")
    if kept is None:
        return _measured(parameters)
    if kept["version"] is None:
        return ForecastContent.from_json(kept["content"])
    version = ForecastVersion.objects.only("pk", "created_at").get(pk=kept["version"])
    return _content(version.pk, version.created_at)


@lru_cache(maxsize=2)
def _content(pk: int, _created_at: dt.datetime) -> ForecastContent:
    """This will read a version; its moment tells databases of the same process apart."""
    return ForecastContent.from_json(ForecastVersion.objects.get(pk=pk).content)


def _measured(parameters: dict[str, Any]) -> ForecastContent:
    """This will return what older runs forecast with: the rates by band they measured."""
    rates = [Estimate(**parameters["bands"][str(band)]) for band in Band.values]
    assumed = ForecastContent.assumed(tuple(one.rate for one in rates), no_rows())
    return replace(
        assumed,
        bands=BandRates(tuple(rates), 0.0),
        base=Estimate(**parameters["base"]),
    )
