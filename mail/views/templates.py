"""Mail templates: the list, writing them, and trying them on a real contact."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo
from customers.models import Contact
from mail.forms.templates import TemplateForm
from mail.models import Template, TemplateVersion
from mail.rendering.preview import Preview, template_preview
from mail.selectors.merging import FIELDS
from mail.selectors.templates import (
    contact_to_write_to,
    contacts_to_write_to,
    template_lines,
)
from mail.services.letters import letter_flaw
from mail.services.templates import (
    template_create,
    template_edit,
    template_restore,
    template_retire,
)
from mail.views.frames import holds_frame, mail_frame
from mail.views.reading import look_of, number_of

LONGEST_WORDS = 60


def writers_only(request: PersonalRequest) -> None:
    """This will turn away those who only look on."""
    if not request.user.may_edit:
        raise PermissionDenied


@require_safe
def mail_templates(request: PersonalRequest) -> HttpResponse:
    """This will list the templates, those out of use last."""
    writers_only(request)
    return render(request, "mail/templates.html", {"lines": template_lines()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def mail_template_new(request: PersonalRequest) -> HttpResponse:
    """This will take the words of a new template."""
    form = TemplateForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        template = template_create(
            name=form.cleaned_data["name"],
            texts=form.texts(),
            by=actor_of(request),
            now=timezone.now(),
        )
        messages.success(request, _("The template is saved. Look at it once more."))
        return HttpResponseRedirect(reverse("mail_template", args=[template.pk]))
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def mail_template_edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take other words for a template."""
    template, version = _template(pk)
    form = TemplateForm(_typed(request), template=template, version=version)
    if request.method == "POST" and form.is_valid():
        newest = template_edit(
            template=template,
            name=form.cleaned_data["name"],
            texts=form.texts(),
            by=actor_of(request),
            now=timezone.now(),
        )
        text = _("Version %(number)s is saved. Look at it once more.")
        messages.success(request, text % {"number": newest.number})
        return HttpResponseRedirect(reverse("mail_template", args=[template.pk]))
    return _form(request, form, template=template, version=version)


def _typed(request: PersonalRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form(request: PersonalRequest, form: TemplateForm, **more: Any) -> HttpResponse:
    content = {"form": form, "merge_fields": FIELDS.items(), **more}
    status = 422 if form.is_bound else 200
    return render(request, "mail/template_form.html", content, status=status)


@require_safe
@holds_frame
def mail_template(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a template as a contact would get it, with its versions."""
    writers_only(request)
    template, newest = _template(pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    contacts = contacts_to_write_to(request.user, words)
    contact = _contact(request, contacts)
    version = _version(request, template, newest)
    content = {
        "template": template,
        "version": version,
        "newest": newest,
        "versions": template.versions.select_related("author").order_by("-number"),
        "words": words,
        "contacts": contacts,
        "contact": contact,
        "effect": uuid.uuid4().hex,
        "look": look_of(request),
        **_previewed(request, version, contact),
    }
    return render(request, "mail/template.html", content)


@require_safe
def mail_template_preview(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will return the preview's HTML for the frame, with closed links."""
    writers_only(request)
    template, newest = _template(pk)
    contact = contact_to_write_to(request.user, number_of(request, "contact"))
    if contact is None:
        raise Http404
    version = _version(request, template, newest)
    preview = template_preview(version, contact, company=request.company)
    return mail_frame(preview.mail.html, links=False, look=look_of(request))


@require_POST
@for_administrators
def mail_template_retire(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a template out of use, with a way back."""
    template, _newest = _template(pk)
    template_retire(template=template, by=actor_of(request), now=timezone.now())
    message_with_undo(
        request,
        _("“%(name)s” is no longer in use.") % {"name": template.name},
        url=reverse("mail_template_restore", args=[pk]),
        back=reverse("mail_templates"),
    )
    return HttpResponseRedirect(reverse("mail_templates"))


@require_POST
@for_administrators
def mail_template_restore(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will bring a template back into use."""
    template, _newest = _template(pk)
    template_restore(template=template, by=actor_of(request), now=timezone.now())
    text = _("“%(name)s” is in use again.") % {"name": template.name}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("mail_templates"))


def _template(pk: int) -> tuple[Template, TemplateVersion]:
    template = get_object_or_404(Template, pk=pk)
    newest = template.versions.select_related("author").order_by("-number").first()
    if newest is None:
        raise Http404
    return template, newest


def _version(
    request: PersonalRequest, template: Template, newest: TemplateVersion
) -> TemplateVersion:
    number = number_of(request, "version")
    if not number or number == newest.number:
        return newest
    return get_object_or_404(
        template.versions.select_related("author"), number=min(number, 2**31 - 1)
    )


def _contact(request: PersonalRequest, contacts: list[Contact]) -> Contact | None:
    """This will return the contact that was asked for, else the first that fits."""
    if "contact" not in request.GET:
        return contacts[0] if contacts else None
    contact = contact_to_write_to(request.user, number_of(request, "contact"))
    if contact is None:
        raise Http404
    return contact


def _previewed(
    request: PersonalRequest, version: TemplateVersion, contact: Contact | None
) -> dict[str, object]:
    if contact is None:
        return {}
    preview = template_preview(version, contact, company=request.company)
    return {
        "preview": preview,
        "fallback": _fallback(preview),
        "flaw": letter_flaw(contact),
    }


def _fallback(preview: Preview) -> dict[str, str]:
    """This will name the languages, where the contact does not get the own one."""
    if not preview.falls_back:
        return {}
    return {
        "wanted": _name(preview.wanted),
        "used": _name(preview.used),
    }


def _name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
