"""Saving a page of settings: the same steps for each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import actor_of
from accounts.forms.settings import CompanyPartForm
from accounts.http import PersonalRequest
from accounts.models import Company
from accounts.selectors import company
from accounts.services.company import UnableToSaveUnseen, company_change

Page = Callable[[CompanyPartForm, int], HttpResponse]


def company_stored() -> Company:
    """This will return the company as the database writes it."""
    ours = company()
    ours.refresh_from_db()
    return ours


def part_answer(
    request: PersonalRequest,
    form_class: type[CompanyPartForm],
    page: Page,
    **more: Any,
) -> HttpResponse:
    """This will show a form of settings, or save it and come back to it.

    `page` renders the form with a status: 422 for what is wrong, 409 when somebody else
    has saved meanwhile. Nothing is lost in either.
    """
    stored = company_stored()
    if request.method != "POST":
        return page(form_class(stored=stored), 200)
    form = form_class(request.POST, stored=stored)
    if not form.is_valid():
        return page(form, 422)
    try:
        changed = company_change(
            values=form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
            **more,
        )
    except UnableToSaveUnseen:
        form.meet(company_stored())
        return page(form, 409)
    saved(request, changed)
    return HttpResponseRedirect(request.path)


def saved(request: PersonalRequest, changed: list[str]) -> None:
    """This will say whether anything was changed."""
    if changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing was changed."))
