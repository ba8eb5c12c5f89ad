"""The setup of a survey."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.dates import local_day
from mail.selectors.senders import senders_listed
from surveys.enums import SurveyState
from surveys.forms.setup import SetupForm
from surveys.models import Survey
from surveys.selectors.audience_choices import audience_choices
from surveys.services.surveys import (
    UnableToChangeSurvey,
    UnableToSaveUnseenSurvey,
    survey_change,
)
from surveys.views.one import survey_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def setup(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and save whom a survey asks, when, and in whose name."""
    survey = survey_of(pk)
    if request.method != "POST":
        return _page(request, survey, _form(request, survey))
    form = _form(request, survey)
    if not form.is_valid():
        return _page(request, survey, form, 422)
    try:
        changed = survey_change(
            survey=survey,
            values=form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenSurvey:
        form.meet(survey_of(pk))
        return _page(request, survey, form, 409)
    except UnableToChangeSurvey as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    if changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _form(request: PersonalRequest, survey: Survey) -> SetupForm:
    data = request.POST if request.method == "POST" else None
    today = local_day(timezone.now(), ZoneInfo(request.company.time_zone))
    senders = [
        one
        for one in senders_listed()
        if one.retired_at is None or one.pk == survey.sender_id
    ]
    return SetupForm(
        data, stored=survey, choices=audience_choices(), senders=senders, today=today
    )


def _page(
    request: PersonalRequest, survey: Survey, form: SetupForm, status: int = 200
) -> HttpResponse:
    content = {
        "survey": survey,
        "form": form,
        "over": survey.state == SurveyState.CLOSED,
    }
    return render(request, "surveys/setup.html", content, status=status)
