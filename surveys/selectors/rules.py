"""What holds for all surveys."""

from surveys.models import SurveyRules


def survey_rules() -> SurveyRules:
    """This will return the rules as they are stored, else the defaults. One query."""
    return SurveyRules.objects.first() or SurveyRules()
