"""What is kept of how good the forecasts were."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, FloatField, OuterRef
from django.db.models.functions import Abs, Cast

from accounts.enums import Role
from accounts.models import User
from health.calculations.accuracy.whole import SCHEMA
from health.enums import RunKind, RunState
from health.models import (
    AccuracyReport,
    ForecastCheck,
    ForecastVersion,
    Run,
    ValueCheck,
)
from health.selectors.keyset import Placed

LEADERS = frozenset({Role.ADMIN, Role.MANAGER})


def report_shown() -> AccuracyReport | None:
    """This will return the newest report with its training and version. One query.

    What an older release stored in another way is not shown: the next training measures.
    """
    sound = AccuracyReport.objects.filter(content__schema=SCHEMA)
    reports = sound.select_related("training__version")
    small = reports.defer("training__parameters", "training__version__content")
    return small.order_by("-created_at", "-id").first()


def version_of(report: AccuracyReport) -> ForecastVersion | None:
    """This will return the version that was learnt with a report; None without one."""
    return getattr(report.training, "version", None)


def alarms_shown() -> list[str]:
    """This will name what is no better than chance (`Report.alarms`). One query."""
    newest = AccuracyReport.objects.order_by("-created_at", "-id")
    found: Any = newest.values_list("content__alarms", flat=True).first()
    return list(found or ())


def alarms_for(user: User) -> list[str]:
    """This will do so for those who lead; nobody else is asked to doubt. A query at most."""
    return alarms_shown() if user.role in LEADERS else []


def check_shown() -> ForecastCheck | None:
    """This will return the newest check of a night. One query."""
    done = ForecastCheck.objects.filter(finished_at__isnull=False)
    return done.order_by("-as_of", "-id").first()


def published_first() -> dt.date | None:
    """This will return the first day whose chances were published. One query."""
    runs = Run.objects.filter(state=RunState.DONE).exclude(kind=RunKind.BACKFILL)
    return runs.order_by("as_of", "id").values_list("as_of", flat=True).first()


def version_checked() -> ForecastVersion | None:
    """This will return the newest version whose forecast of a year ago was checked."""
    checks = ValueCheck.objects.filter(version=OuterRef("pk"))
    versions = ForecastVersion.objects.filter(Exists(checks)).defer("content")
    return versions.order_by("-number").first()


def value_checks(*, user: User, version: ForecastVersion) -> Placed:
    """This will return a version's checks of the customers somebody may see.

    With `place`, by how much the forecast missed; a page's rows know their customer.
    """
    missed = Cast(Abs(F("realised") - F("expected")), FloatField())
    rows = ValueCheck.objects.visible_to(user).filter(version=version)
    placed: Placed = rows.annotate(place=missed).select_related("customer")
    return placed
