"""What ends by itself: invitations, and surveys whose last day is over."""

import datetime as dt

from accounts.actor import MACHINE
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, Survey
from surveys.selectors.turns import Day
from surveys.services.states import UnableToMoveSurvey, survey_close


def invitations_expire(*, now: dt.datetime) -> int:
    """This will end the invitations whose time is over, and return how many.

    One statement. An answer that is just being stored wins: the row is looked at again
    once it is free.
    """
    rows = Invitation.objects.filter(state=InvitationState.ASKED, expires_at__lte=now)
    return rows.update(state=InvitationState.EXPIRED)


def surveys_end(*, day: Day) -> int:
    """This will close the surveys whose last day is over, and return how many."""
    open_ = Survey.objects.filter(
        state__in=[SurveyState.RUNNING, SurveyState.PAUSED], ends_on__lt=day.today
    )
    ended = 0
    for survey in open_.order_by("pk"):
        try:
            survey_close(survey=survey, by=MACHINE, now=day.now)
            ended += 1
        except UnableToMoveSurvey:
            # A person was quicker.
            continue
    return ended
