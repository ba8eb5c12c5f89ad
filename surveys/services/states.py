"""Starting, pausing and closing a survey."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from common.dates import local_day
from common.errors import KeepwellError
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, Survey
from surveys.selectors.starting import start_flaws
from surveys.services.surveys import survey_locked


class UnableToStartSurvey(KeepwellError):
    """Something is missing that people would notice."""


class UnableToMoveSurvey(KeepwellError):
    """A survey in this state cannot become that one."""


@transaction.atomic
def survey_start(*, survey: Survey, by: Actor, now: dt.datetime) -> None:
    """This will begin to ask; without a first day, from today on."""
    row = _from(survey, SurveyState.DRAFT)
    today = local_day(now, ZoneInfo(the_company().time_zone))
    row.starts_on = row.starts_on or today
    if flaws := start_flaws(row, today=today):
        raise UnableToStartSurvey(" ".join(flaw.text for flaw in flaws))
    row.state, row.started_at = SurveyState.RUNNING, now
    row.save(update_fields=["state", "started_at", "starts_on"])
    _audit("surveys.survey_started", row, by, now, after={"starts_on": row.starts_on})


@transaction.atomic
def survey_pause(*, survey: Survey, by: Actor, now: dt.datetime) -> None:
    """This will ask and remind nobody for the time being; answers are still taken."""
    row = _from(survey, SurveyState.RUNNING)
    _move(row, SurveyState.PAUSED)
    _audit("surveys.survey_paused", row, by, now)


@transaction.atomic
def survey_resume(*, survey: Survey, by: Actor, now: dt.datetime) -> None:
    """This will go on asking."""
    row = _from(survey, SurveyState.PAUSED)
    today = local_day(now, ZoneInfo(the_company().time_zone))
    if flaws := start_flaws(row, today=today):
        raise UnableToStartSurvey(" ".join(flaw.text for flaw in flaws))
    _move(row, SurveyState.RUNNING)
    _audit("surveys.survey_resumed", row, by, now)


@transaction.atomic
def survey_close(*, survey: Survey, by: Actor, now: dt.datetime) -> int:
    """This will end a survey for good and return how many open invitations end with it.

    Answers stay and can no longer be changed by whoever gave them.
    """
    row = _from(survey, SurveyState.RUNNING, SurveyState.PAUSED)
    row.state, row.closed_at = SurveyState.CLOSED, now
    row.save(update_fields=["state", "closed_at"])
    waiting = Invitation.objects.filter(survey=row, state=InvitationState.ASKED)
    ended = waiting.update(
        state=InvitationState.EXPIRED, expires_at=Least(F("expires_at"), now)
    )
    _audit("surveys.survey_closed", row, by, now, after={"invitations": ended})
    return ended


def _from(survey: Survey, *states: str) -> Survey:
    row = survey_locked(survey)
    if row.state not in states:
        msg = _("Nothing was done. By now the survey’s state is: %(state)s.")
        raise UnableToMoveSurvey(msg % {"state": row.get_state_display()})
    return row


def _move(row: Survey, state: str) -> None:
    row.state = state
    row.save(update_fields=["state"])


def _audit(
    action: str, row: Survey, by: Actor, now: dt.datetime, after: Any = None
) -> None:
    audit_record(by=by, action=action, now=now, subject=row, after=after)
