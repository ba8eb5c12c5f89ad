"""What lifetime values rest on: four settings, and what each of them changes."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from accounts.models import Company
from accounts.services.company import UnableToSaveUnseen, company_change
from accounts.views.settings_part import company_stored
from common.changes import digest_of
from common.undo import message_with_undo
from health.calculations.what_if import Assumptions
from health.selectors.shown import anybody, shown_run
from health.selectors.value_paths import kept_paths
from health.value_forms import ValueSettingsForm
from health.value_settings_page import settings_content

SALT = "health.value_settings"
WHOLE = "horizon_months"


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def value_settings(request: PersonalRequest) -> HttpResponse:
    """This will show the settings, try what is typed, or save it.

    422 for what is wrong, 409 when somebody else has saved meanwhile; nothing is lost.
    """
    stored = company_stored()
    if request.method != "POST":
        return _page(request, stored, ValueSettingsForm(stored=stored))
    form = ValueSettingsForm(request.POST, stored=stored)
    if not form.is_valid():
        return _page(request, stored, form, status=422)
    if "try" in request.POST:
        return _page(request, stored, form, tried=True)
    before = {name: str(getattr(stored, name)) for name in form.names}
    try:
        changed = company_change(
            values=form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseen:
        stored = company_stored()
        form.meet(stored)
        return _page(request, stored, form, status=409)
    _said(request, changed, before)
    return HttpResponseRedirect(reverse("value_settings"))


def _said(request: PersonalRequest, changed: list[str], before: dict[str, str]) -> None:
    """This will say what was saved, with a way to take it back."""
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return
    after = digest_of(company_stored(), before)
    token = signing.dumps([{name: before[name] for name in changed}, after], salt=SALT)
    here = reverse("value_settings")
    message_with_undo(
        request,
        _("Saved. The new values count from the next run on."),
        url=reverse("value_settings_undo", args=[token]),
        back=here,
    )


@require_POST
@for_administrators
def value_settings_undo(request: PersonalRequest, token: str) -> HttpResponse:
    """This will bring back what was stored before, unless somebody has changed it since."""
    here = HttpResponseRedirect(reverse("value_settings"))
    stored = company_stored()
    try:
        before, after = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=1))
    except signing.BadSignature:
        messages.warning(request, _("It is too late to undo this."))
        return here
    names = ValueSettingsForm(stored=stored).names
    if digest_of(stored, names) != after:
        text = _("The settings have been changed since, so this cannot be undone.")
        messages.warning(request, text)
        return here
    company_change(
        values=_read(before),
        seen=digest_of(stored, before),
        by=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The settings are as they were before."))
    return here


def _read(before: dict[str, str]) -> dict[str, Any]:
    return {
        name: int(value) if name == WHOLE else Decimal(value)
        for name, value in before.items()
    }


def _page(
    request: PersonalRequest,
    stored: Company,
    form: ValueSettingsForm,
    *,
    tried: bool = False,
    status: int = 200,
) -> HttpResponse:
    run = shown_run()
    kept = kept_paths(as_of=run.as_of) if run else None
    content: dict[str, Any] = {
        "form": form,
        "tried": tried,
        "run": run,
        "kept": kept,
        "currency": stored.currency,
    }
    if kept is None:
        content["anybody"] = anybody()
    else:
        typed: Assumptions | None = None
        if tried:
            typed = form.typed(months=kept.paths.months)
            content["beyond"] = form.values()[WHOLE] > kept.paths.months
        content |= settings_content(kept, company=stored, typed=typed)
    return render(request, "health/value_settings.html", content, status=status)
