"""What was said of a customer's chance of leaving, and of its value, and when."""

import datetime as dt
from dataclasses import dataclass

from health.calculations.churn.choosing import MODELS
from health.models import ForecastVersion, Run, Score, Standing, ValueCheck

YEAR = 365


@dataclass(frozen=True, slots=True)
class ChancePoint:
    """The chance of leaving within 90 days that was published on a day."""

    day: dt.date
    churn: float


def chances(*, customer_id: int, as_of: dt.date, days: int = YEAR) -> list[ChancePoint]:
    """This will return the published chances up to a day, oldest first. One query.

    Days on which none was kept are left out.
    """
    first = as_of - dt.timedelta(days=days)
    rows = Score.objects.filter(
        customer_id=customer_id, as_of__range=(first, as_of), churn__isnull=False
    )
    found = rows.order_by("as_of").values_list("as_of", "churn")
    return [ChancePoint(day, churn) for day, churn in found if churn is not None]


def version_of(run: Run) -> ForecastVersion | None:
    """This will return the version a run forecast with, without its content; one query at most."""
    kept = run.parameters.get("forecast") or {}
    if kept.get("version") is None:
        return None
    rows = ForecastVersion.objects.only("pk", "number", "as_of")
    return rows.filter(pk=kept["version"]).first()


def value_check(*, customer_id: int) -> ValueCheck | None:
    """This will return what the newest version that asked this found. One query.

    That is what a forecast of a year before it expected of the customer, and what came in.
    """
    rows = ValueCheck.objects.filter(customer_id=customer_id)
    return rows.select_related("version").order_by("-version__number", "-id").first()


@dataclass(frozen=True, slots=True)
class Alike:
    """How many customers like one there were, and how many left within 90 days.

    The range is there for those with about the same forecast, not for a whole band.
    """

    cases: int
    left: int
    share: float  # 0..1
    low: float | None
    high: float | None


def alike(standing: Standing) -> Alike | None:
    """This will count customers who were scored like this one; None where none were.

    Those with a like chance where a model forecasts, else those of the band; nobody for
    who buys without a subscription. One query, none for an assumption; it reads no more
    of the version than the few numbers.
    """
    kept = standing.run.parameters.get("forecast") or {}
    if kept.get("version") is None or standing.alive is not None:
        return None
    model = kept["method"] in MODELS
    place = standing.comparable if model else standing.band
    path = "churn__comparables__groups" if model else "bands__rates"
    if place < 0:
        return None
    found = (
        ForecastVersion.objects.filter(pk=kept["version"])
        .values_list(f"content__{path}__{place}", flat=True)
        .first()
    )
    return None if found is None else _alike(found, model=model)


def _alike(found: dict[str, float], *, model: bool) -> Alike | None:
    if model:
        cases, left = int(found["cases"]), int(found["leavers"])
        return Alike(cases, left, found["share"], found["low"], found["high"])
    cases, left = int(found["exposure"]), int(found["events"])
    return Alike(cases, left, left / cases, None, None) if cases else None
