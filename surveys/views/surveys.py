"""The list of surveys, and a new one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from surveys.forms.new import NewSurveyForm
from surveys.selectors.surveys import survey_lines
from surveys.services.surveys import survey_create


@require_safe
def surveys(request: PersonalRequest) -> HttpResponse:
    """This will list the surveys."""
    return render(request, "surveys/list.html", {"lines": survey_lines(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def survey_new(request: PersonalRequest) -> HttpResponse:
    """This will make a draft and go on to its words."""
    form = NewSurveyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        survey = survey_create(
            **form.cleaned_data,
            by=actor_of(request),
            now=timezone.now(),
            default_language=request.user.language,
        )
        text = _("“%(name)s” is a draft. Nobody is asked before you start it.")
        messages.success(request, text % {"name": survey.name})
        return HttpResponseRedirect(reverse("survey_wording", args=[survey.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "surveys/new.html", {"form": form}, status=status)
