"""Finding the survey that an address of the builder names."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from surveys.enums import SurveyState
from surveys.models import Survey

# What was asked elsewhere has no words and no setup.
OURS = [state for state in SurveyState.values if state != SurveyState.IMPORTED]


def survey_of(pk: int, *states: str) -> Survey:
    """This will return a survey in one of these states (any of ours without), else 404."""
    if pk > 2**63 - 1:
        raise Http404
    rows = Survey.objects.select_related("sender")
    return get_object_or_404(rows, pk=pk, state__in=states or OURS)
