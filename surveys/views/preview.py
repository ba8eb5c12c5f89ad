"""The mail and the page of a survey, in frames; and the mail to oneself."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.http import PersonalRequest
from mail.views.frames import mail_frame
from surveys.calculations.content import Content, content_read
from surveys.forms.wording import content_typed
from surveys.models import Survey
from surveys.rendering.preview import mail_preview
from surveys.selectors.versions import version_newest
from surveys.services.trying import survey_test
from surveys.views.one import survey_of
from surveys.views.preview_page import page_frame, page_preview
from surveys.views.previewing import preview_asked

ALWAYS = ["GET", "HEAD", "POST"]


@require_http_methods(ALWAYS)
@for_administrators
def preview_mail(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show the mail: of the saved words, or by POST of those just typed."""
    survey = survey_of(pk)
    content = _content(request, survey)
    asked = preview_asked(request, content)
    made = mail_preview(survey, content, language=asked.language, reader=request.user)
    return mail_frame(made.html, links=False, look=asked.look)


@require_http_methods(ALWAYS)
@for_administrators
def preview_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show the page, in the same way."""
    survey = survey_of(pk)
    content = _content(request, survey)
    asked = preview_asked(request, content)
    html = page_preview(survey, content, asked, company=request.company)
    return page_frame(html, look=asked.look)


def _content(request: PersonalRequest, survey: Survey) -> Content:
    saved = content_read(version_newest(survey).content)
    if request.method != "POST":
        return saved
    shown = saved.accent or request.company.accent
    return content_typed(request.POST, stored=saved.accent, shown=shown)


@require_POST
@for_administrators
def test(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send the person the mail, and say where it can be followed."""
    survey = survey_of(pk)
    content = content_read(version_newest(survey).content)
    made = survey_test(
        survey=survey,
        language=preview_asked(request, content).language,
        effect=_effect(request),
        by=request.user,
        now=timezone.now(),
    )
    if made is None:
        messages.info(request, _("This test was asked for already."))
    else:
        text = _("A test is on its way to %(email)s.")
        messages.success(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                text % {"email": request.user.email},
                reverse("outbox_message", args=[made.pk]),
                _("See it in the outbox"),
            ),
        )
    return HttpResponseRedirect(reverse("survey_wording", args=[pk]))


def _effect(request: PersonalRequest) -> str:
    """This will return what the page drew, so that a double click counts once."""
    try:
        return uuid.UUID(request.POST.get("effect", "")).hex
    except ValueError:
        return uuid.uuid4().hex
