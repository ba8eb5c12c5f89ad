"""The surveys there are, with how many were asked and answered."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, Response, Survey

# What needs attention first, what is over last.
ORDER = (
    SurveyState.RUNNING,
    SurveyState.DRAFT,
    SurveyState.PAUSED,
    SurveyState.CLOSED,
    SurveyState.IMPORTED,
)


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey, and what of it the person may see."""

    survey: Survey
    asked: int
    answered: int


def survey_lines(user: User) -> list[SurveyLine]:
    """This will list all surveys by state, the newest first. Three queries.

    Whoever sees some of the customers reads how many of those were asked and answered.
    """
    asked = _asked(user)
    answered = _answered(user)
    surveys = sorted(
        Survey.objects.order_by("-pk"),
        key=lambda survey: ORDER.index(SurveyState(survey.state)),
    )
    return [SurveyLine(one, asked[one.pk], answered[one.pk]) for one in surveys]


def _asked(user: User) -> Counter[int]:
    rows = Invitation.objects.visible_to(user).exclude(state=InvitationState.DROPPED)
    counts = rows.order_by().values_list("survey").annotate(Count("pk"))
    return Counter(dict(counts))


def _answered(user: User) -> Counter[int]:
    rows = Response.objects.visible_to(user).order_by()
    counts = rows.values_list("version__survey").annotate(Count("pk"))
    return Counter(dict(counts))


def open_invitations(survey: Survey) -> int:
    """This will count those who were asked and may still answer. One query."""
    return survey.invitations.filter(state=InvitationState.ASKED).count()
