"""Which version of the forecasts is in use: the newest by itself, another one by hand."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import MACHINE, Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from health.enums import Verdict
from health.models import ForecastVersion

ACTION = "health.forecast_published"


class UnableToPublishForecast(KeepwellError):
    """There is no note, or the version is in use already; the text says which."""


@transaction.atomic
def version_publish(
    *, version: ForecastVersion, note: str, by: Actor, now: dt.datetime
) -> ForecastVersion:
    """This will put a version in use on purpose, an older or a worse one as well.

    Forecasts change with the next run. Raises UnableToPublishForecast.
    """
    current = _held()
    if not note.strip():
        raise UnableToPublishForecast(_("Write a note: why this version."))
    if current is not None and current.pk == version.pk:
        raise UnableToPublishForecast(_("This version is in use already."))
    return _swap(version, current, note.strip(), by, now)


@transaction.atomic
def version_adopt(*, version: ForecastVersion, now: dt.datetime) -> bool:
    """This will put a version in use by itself, if it may be, and say whether.

    Not a worse one, and never in the place of one that was learnt from later days.
    """
    current = _held()
    if version.verdict == Verdict.WORSE:
        return False
    if current is not None and current.as_of > version.as_of:
        return False
    _swap(version, current, "", MACHINE, now)
    return True


def version_before(as_of: dt.date) -> ForecastVersion | None:
    """This will return what a version learnt until a day has to be no worse than.

    The one in use, or the newest that was learnt by then. Two queries at most.
    """
    earlier = ForecastVersion.objects.filter(as_of__lte=as_of)
    current = earlier.filter(in_use=True).first()
    newest = earlier.exclude(verdict=Verdict.WORSE).order_by("-as_of", "-number")
    return current or newest.first()


def _held() -> ForecastVersion | None:
    """This will hold the version in use until the transaction ends."""
    return ForecastVersion.objects.select_for_update().filter(in_use=True).first()


def _swap(
    version: ForecastVersion,
    current: ForecastVersion | None,
    note: str,
    by: Actor,
    now: dt.datetime,
) -> ForecastVersion:
    if current is not None:
        ForecastVersion.objects.filter(pk=current.pk).update(in_use=False)
    version.in_use, version.published_at = True, now
    version.published_by, version.note = by.user, note
    version.save(update_fields=["in_use", "published_at", "published_by", "note"])
    audit_record(
        by=by,
        action=ACTION,
        now=now,
        subject=version,
        before={"version": current.number} if current else {},
        after={"version": version.number} | ({"note": note} if note else {}),
    )
    return version
