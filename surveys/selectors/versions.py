"""Which wording is asked."""

from surveys.models import Survey, SurveyVersion


def version_newest(survey: Survey) -> SurveyVersion:
    """This will return the version that is asked from now on. One query."""
    return survey.versions.order_by("-number")[0]
