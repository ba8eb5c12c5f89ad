"""The words of a survey: writing them in every language."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from mail.selectors.merging import FIELDS
from mail.views.frames import holds_frame
from surveys.calculations.content import content_read
from surveys.enums import SurveyState
from surveys.forms.languages import language_code
from surveys.forms.wording import WordingForm, changed_in_words
from surveys.models import Survey, SurveyVersion
from surveys.selectors.parts import part_names
from surveys.selectors.versions import version_lines, version_newest
from surveys.services.surveys import UnableToChangeSurvey
from surveys.services.wordings import UnableToSaveUnseenWording, wording_save
from surveys.views.one import survey_of
from surveys.views.previewing import STEPS, preview_asked


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@holds_frame
def wording(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and save the words; a language is added and removed on the way."""
    survey = survey_of(pk)
    newest = version_newest(survey)
    form = wording_form(request, survey, newest)
    do = request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, survey, form)
    if do == "add":
        return _page(request, survey, _with_language(request, survey, newest))
    if do.startswith("remove:"):
        code = do.removeprefix("remove:")
        return _page(request, survey, _without_language(request, survey, newest, code))
    if not form.is_valid():
        return _page(request, survey, form, 422)
    return _saved(request, survey, form)


def wording_form(
    request: PersonalRequest, survey: Survey, newest: SurveyVersion
) -> WordingForm:
    """This will make the form of the newest words, with what was typed."""
    return WordingForm(
        request.POST if request.method == "POST" else None,
        kind=survey.kind,
        stored=content_read(newest.content),
        company_name=request.company.name,
        accent=request.company.accent,
    )


def _saved(request: PersonalRequest, survey: Survey, form: WordingForm) -> HttpResponse:
    try:
        version, changed = wording_save(
            survey=survey,
            content=form.content(),
            seen=form.cleaned_data["seen"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenWording:
        form.meet(content_read(version_newest(survey).content))
        return _page(request, survey, form, 409)
    except UnableToChangeSurvey as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    if changed:
        text = _("Version %(number)s is saved.") % {"number": version.number}
        messages.success(request, text)
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _with_language(
    request: PersonalRequest, survey: Survey, newest: SurveyVersion
) -> WordingForm:
    form = wording_form(request, survey, newest)
    try:
        code = language_code(request.POST.get("add", ""))
    except ValidationError as error:
        form.refuse("add", error)
        return form
    if code in form.codes:
        form.refuse("add", ValidationError(_("This language is there already.")))
        return form
    data = request.POST.copy()
    data.setlist("languages", [*form.codes, code])
    data["add"] = ""
    return form.again(data, opened=code)


def _without_language(
    request: PersonalRequest, survey: Survey, newest: SurveyVersion, code: str
) -> WordingForm:
    form = wording_form(request, survey, newest)
    if code == form.typed().default_language:
        msg = _("Choose another default language before you remove this one.")
        form.refuse("default_language", ValidationError(msg))
        return form
    data = request.POST.copy()
    data.setlist("languages", [one for one in form.codes if one != code])
    return form.again(data)


def _page(
    request: PersonalRequest, survey: Survey, form: WordingForm, status: int = 200
) -> HttpResponse:
    lines = version_lines(survey)
    content = {
        "survey": survey,
        "form": form,
        "languages": list(form.languages()),
        "preview": preview_asked(request, form.typed()),
        "steps": _steps(survey.kind),
        "newest": lines[0],
        "versions": [
            {"line": line, "changes": changed_in_words(survey.kind, line.changes)}
            for line in lines
        ],
        "merge_fields": FIELDS.items(),
        "effect": uuid.uuid4().hex,
        "over": survey.state == SurveyState.CLOSED,
    }
    return render(request, "surveys/wording.html", content, status=status)


def _steps(kind: str) -> list[tuple[str, str]]:
    names = part_names(kind)
    return [(step, names[step]) for step in STEPS]
