"""Starting, pausing, closing, copying and deleting a survey."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo, way_back
from surveys.enums import SurveyState
from surveys.selectors.coming import coming_days
from surveys.selectors.starting import start_flaws
from surveys.selectors.surveys import open_invitations
from surveys.selectors.turns import day_of
from surveys.services.states import (
    UnableToMoveSurvey,
    UnableToStartSurvey,
    survey_close,
    survey_pause,
    survey_resume,
    survey_start,
)
from surveys.services.surveys import (
    UnableToDeleteSurvey,
    survey_copy,
    survey_delete,
)
from surveys.views.one import survey_of

ALWAYS = ["GET", "HEAD", "POST"]


@require_http_methods(ALWAYS)
@for_administrators
def start(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what is about to happen, and begin to ask."""
    survey = survey_of(pk)
    if survey.state != SurveyState.DRAFT:
        return _refused(request, pk, _("This survey was started already."))
    if request.method == "POST":
        try:
            survey_start(survey=survey, by=actor_of(request), now=timezone.now())
        except (UnableToMoveSurvey, UnableToStartSurvey) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("“%(name)s” is running.") % {"name": survey.name})
        return _to_list()
    day = day_of(timezone.now(), company=request.company)
    coming = coming_days(survey, day)
    content = {
        "survey": survey,
        "today": day.today,
        "flaws": start_flaws(survey, today=day.today),
        # Nobody knows in advance what follows an event.
        "coming": None if coming is None else sum(number for _day, number in coming),
    }
    return render(request, "surveys/start.html", content)


@require_POST
@for_administrators
def pause(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask nobody for the time being, with a way to take it back."""
    survey, back = survey_of(pk), _back(request, pk)
    try:
        survey_pause(survey=survey, by=actor_of(request), now=timezone.now())
    except UnableToMoveSurvey as error:
        messages.warning(request, str(error))
    else:
        message_with_undo(
            request,
            _("“%(name)s” asks nobody for now. Answers are still taken.")
            % {"name": survey.name},
            url=reverse("survey_resume", args=[pk]),
            back=back,
        )
    return HttpResponseRedirect(back)


@require_POST
@for_administrators
def resume(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will go on asking."""
    survey = survey_of(pk)
    try:
        survey_resume(survey=survey, by=actor_of(request), now=timezone.now())
    except (UnableToMoveSurvey, UnableToStartSurvey) as error:
        messages.warning(request, str(error))
    else:
        text = _("“%(name)s” is running again.")
        messages.success(request, text % {"name": survey.name})
    return HttpResponseRedirect(_back(request, pk))


@require_http_methods(ALWAYS)
@for_administrators
def close(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask once more, and end a survey for good."""
    survey = survey_of(pk)
    if survey.state not in {SurveyState.RUNNING, SurveyState.PAUSED}:
        return _refused(request, pk, _("Only a survey that was started can be closed."))
    if request.method != "POST":
        content = {"survey": survey, "open": open_invitations(survey)}
        return render(request, "surveys/close.html", content)
    try:
        ended = survey_close(survey=survey, by=actor_of(request), now=timezone.now())
    except UnableToMoveSurvey as error:
        return _refused(request, pk, str(error))
    text = ngettext(
        "“%(name)s” is closed. %(count)s invitation ended with it.",
        "“%(name)s” is closed. %(count)s invitations ended with it.",
        ended,
    )
    messages.success(request, text % {"name": survey.name, "count": ended})
    return _to_list()


@require_POST
@for_administrators
def copy(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will make a draft of a survey's words and setup."""
    made = survey_copy(survey=survey_of(pk), by=actor_of(request), now=timezone.now())
    text = _("“%(name)s” is a draft. Nobody is asked before you start it.")
    messages.success(request, text % {"name": made.name})
    return HttpResponseRedirect(reverse("survey_setup", args=[made.pk]))


@require_http_methods(ALWAYS)
@for_administrators
def delete(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask once more, and delete a draft."""
    survey = survey_of(pk)
    if survey.state != SurveyState.DRAFT:
        return _refused(request, pk, _("Only a draft can be deleted."))
    if request.method != "POST":
        return render(request, "surveys/delete.html", {"survey": survey})
    try:
        survey_delete(survey=survey, by=actor_of(request), now=timezone.now())
    except UnableToDeleteSurvey as error:
        return _refused(request, pk, str(error))
    messages.success(request, _("Deleted: %(name)s") % {"name": survey.name})
    return _to_list()


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("surveys"))


def _back(request: PersonalRequest, pk: int) -> str:
    return way_back(request, reverse("survey_setup", args=[pk]))


def _refused(request: PersonalRequest, pk: int, text: str) -> HttpResponse:
    messages.warning(request, text)
    return HttpResponseRedirect(reverse("survey_setup", args=[pk]))
