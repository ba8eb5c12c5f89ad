"""Sending a template: to oneself, or to a contact."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from customers.models import Contact
from mail.models import Template
from mail.selectors.templates import contact_to_write_to
from mail.services.letters import UnableToSendLetter, letter_send, letter_test
from mail.views.templates import writers_only


@require_POST
def letter(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send a template's newest words to a contact."""
    template, contact = _of(request, pk)
    try:
        made = letter_send(
            template=template,
            contact=contact,
            effect=_effect(request),
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSendLetter as error:
        messages.error(request, str(error))
    else:
        text = (
            _("The mail to %(name)s is on its way.")
            if made
            else _("The mail to %(name)s was asked for already.")
        )
        messages.success(request, text % {"name": contact.name})
    return _back(pk, contact)


@require_POST
def letter_to_self(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send the person the mail that the contact would get."""
    template, contact = _of(request, pk)
    try:
        letter_test(
            template=template,
            contact=contact,
            effect=_effect(request),
            by=request.user,
            now=timezone.now(),
        )
    except UnableToSendLetter as error:
        messages.error(request, str(error))
    else:
        text = _("A test is on its way to %(email)s.")
        messages.success(request, text % {"email": request.user.email})
    return _back(pk, contact)


def _of(request: PersonalRequest, pk: int) -> tuple[Template, Contact]:
    writers_only(request)
    template = get_object_or_404(Template, pk=pk)
    number = request.POST.get("contact", "")
    known = number if number.isascii() and number.isdigit() else "0"
    contact = contact_to_write_to(request.user, min(int(known[:19]), 2**63 - 1))
    if contact is None:
        raise Http404
    return template, contact


def _effect(request: PersonalRequest) -> str:
    """This will return what the page drew, so that a double click counts once."""
    try:
        return uuid.UUID(request.POST.get("effect", "")).hex
    except ValueError:
        return uuid.uuid4().hex


def _back(pk: int, contact: Contact) -> HttpResponse:
    place = reverse("mail_template", args=[pk])
    return HttpResponseRedirect(f"{place}?contact={contact.pk}")
