"""Making a survey, setting it up, copying it, and throwing a draft away."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from common.changes import differences, digest_of, values_of
from common.dates import local_day
from common.errors import KeepwellError
from surveys.calculations.content import Content, content_write
from surveys.calculations.defaults import SETTINGS, content_default
from surveys.enums import Schedule, SurveyState
from surveys.models import Survey, SurveyVersion
from surveys.selectors.versions import version_newest

# What the setup of a survey holds, and a copy takes over.
SETUP = (
    "name", "sender_id", "counting", "segments", "stages", "plans", "roles",
    "contacts_limit", "schedule", "starts_on", "ends_on", "every_days", "days_before",
    "trigger", "delay_hours", "share", "reminders", "reminder_days", "expires_days",
)  # fmt: skip
DAYS = ("starts_on", "ends_on")
# What nobody types.
MACHINES = {field.name for field in Survey._meta.fields if field.attname not in SETUP}
LONGEST_NAME = 120
LONGEST_KEY = 40


class UnableToSaveUnseenSurvey(KeepwellError):
    """Somebody else has changed the survey since it was shown."""


class UnableToChangeSurvey(KeepwellError):
    """The survey is closed, or its answers were collected elsewhere."""


class UnableToDeleteSurvey(KeepwellError):
    """The survey is no draft any more: people were asked."""


@transaction.atomic
def survey_create(
    *,
    name: str,
    kind: str,
    by: Actor,
    now: dt.datetime,
    default_language: str = "en",
    content: Content | None = None,
) -> Survey:
    """This will save a draft with the first words and the usual schedule of its kind."""
    survey = Survey(name=name, kind=kind, created_at=now, **SETTINGS[kind])
    words = content or content_default(kind, default_language=default_language)
    _keep(survey, content_write(words))
    audit_record(
        by=by,
        action="surveys.survey_created",
        now=now,
        subject=survey,
        after={"name": name, "kind": kind},
    )
    return survey


@transaction.atomic
def survey_change(
    *, survey: Survey, values: Mapping[str, Any], seen: str, by: Actor, now: dt.datetime
) -> list[str]:
    """This will save the setup and return the names of what is different now.

    `seen` is the digest of SETUP as it was shown. What was asked before stays as it is.
    """
    row = survey_locked(survey)
    if seen != digest_of(row, SETUP):
        msg = _("Somebody else has changed this survey meanwhile.")
        raise UnableToSaveUnseenSurvey(msg)
    if row.state in {SurveyState.CLOSED, SurveyState.IMPORTED}:
        raise UnableToChangeSurvey(_("A closed survey stays as it was. Copy it."))
    before = values_of(row, SETUP)
    changed = differences(before, values)
    if not changed:
        return []
    for name in changed:
        setattr(row, name, values[name])
    today = local_day(now, ZoneInfo(the_company().time_zone))
    if wrong := survey_wrong(values_of(row, SETUP), before=before, today=today):
        raise ValidationError(wrong)
    row.full_clean(exclude=MACHINES)
    row.save(update_fields=changed)
    audit_record(
        by=by,
        action="surveys.survey_changed",
        now=now,
        subject=row,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    return changed


def survey_wrong(
    values: Mapping[str, Any], *, before: Mapping[str, Any], today: dt.date
) -> dict[str, str]:
    """This will say what does not fit together, by the field to correct."""
    wrong = {}
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and starts < today and starts != before.get("starts_on"):
        wrong["starts_on"] = _("This day is past. Choose today or a later one.")
    if ends and ends < today and ends != before.get("ends_on"):
        wrong["ends_on"] = _("This day is past. Choose today or a later one.")
    elif starts and ends and ends < starts:
        wrong["ends_on"] = _("The last day lies before the first one.")
    if values.get("schedule") == Schedule.EVENT and not values.get("trigger"):
        wrong["trigger"] = _("Choose what the question follows.")
    reminded = (values.get("reminders") or 0) * (values.get("reminder_days") or 0)
    expires = values.get("expires_days")
    if expires and reminded >= expires:
        wrong["reminder_days"] = _(
            "The last reminder would go out on day %(day)s, but answers are taken for"
            " %(days)s days only. Remind sooner, or give more time."
        ) % {"day": reminded, "days": expires}
    return wrong


@transaction.atomic
def survey_copy(*, survey: Survey, by: Actor, now: dt.datetime) -> Survey:
    """This will save a draft with the same setup and the newest words, without days."""
    values = {name: getattr(survey, name) for name in SETUP if name not in DAYS}
    name = _("Copy of %(name)s") % {"name": survey.name}
    values["name"] = name[:LONGEST_NAME]
    copy = Survey(kind=survey.kind, created_at=now, **values)
    _keep(copy, version_newest(survey).content)
    audit_record(
        by=by,
        action="surveys.survey_copied",
        now=now,
        subject=copy,
        after={"name": copy.name, "source": survey.pk},
    )
    return copy


@transaction.atomic
def survey_delete(*, survey: Survey, by: Actor, now: dt.datetime) -> None:
    """This will delete a draft that nobody was asked by."""
    row = survey_locked(survey)
    asked = row.invitations.exists()
    if row.state != SurveyState.DRAFT or asked:
        msg = _("People were asked by this survey, so it stays. Close it instead.")
        raise UnableToDeleteSurvey(msg)
    audit_record(
        by=by,
        action="surveys.survey_deleted",
        now=now,
        subject=row,
        before={"name": row.name, "kind": row.kind},
    )
    row.versions.all().delete()
    row.delete()


def survey_locked(survey: Survey) -> Survey:
    """This will return the survey's row, held until the transaction ends."""
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _keep(survey: Survey, content: Mapping[str, Any]) -> None:
    survey.key = _key(survey.name, survey.kind)
    survey.full_clean(exclude=MACHINES)
    survey.save()
    SurveyVersion.objects.create(survey=survey, number=1, content=dict(content))


def _key(name: str, kind: str) -> str:
    """This will make a key that is read easily, and that nobody else has by chance."""
    readable = slugify(name)[:LONGEST_KEY].strip("-") or kind
    return f"{readable}-{secrets.token_hex(3)}"
