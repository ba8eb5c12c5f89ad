"""What is asked, who was asked, what was answered and said, and what it is about."""

from surveys.models.feedback import Feedback
from surveys.models.invitation import Click, Invitation, InvitationMail
from surveys.models.response import Reply, Response, ResponseEdit
from surveys.models.rules import SurveyRules
from surveys.models.suggestion import Suggestion, SuggestionRun
from surveys.models.survey import Survey, SurveyVersion
from surveys.models.theme import (
    Department,
    DepartmentMember,
    Mention,
    Theme,
    ThemeLink,
    ThemeNote,
    ThemePhrase,
    ThemeSearch,
    ThemeTelling,
)

__all__ = [
    "Click",
    "Department",
    "DepartmentMember",
    "Feedback",
    "Invitation",
    "InvitationMail",
    "Mention",
    "Reply",
    "Response",
    "ResponseEdit",
    "Suggestion",
    "SuggestionRun",
    "Survey",
    "SurveyRules",
    "SurveyVersion",
    "Theme",
    "ThemeLink",
    "ThemeNote",
    "ThemePhrase",
    "ThemeSearch",
    "ThemeTelling",
]
