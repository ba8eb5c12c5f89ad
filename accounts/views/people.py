"""The people of the company: who they are, what they may do, whether they may come in."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators, for_leaders
from accounts.actor import actor_of
from accounts.forms.people import PersonForm
from accounts.http import PersonalRequest
from accounts.models import User
from accounts.selectors.people import (
    invitations_waiting,
    people_counted,
    people_found,
)
from accounts.services.people import (
    UnableToChangePerson,
    UnableToDeactivate,
    UnableToResetSecondFactor,
    person_change,
    person_deactivate,
    person_reactivate,
    person_sign_out,
    second_factor_reset,
)

STATES = {"active": True, "off": False, "all": None}
STATE_LABELS = {
    "active": gettext_lazy("Active"),
    "off": gettext_lazy("Switched off"),
    "all": gettext_lazy("All"),
}
# More than this asks for the search field rather than for scrolling.
SHOWN = 200


@require_safe
@for_leaders
def people(request: PersonalRequest) -> HttpResponse:
    """This will list the people, and who was invited and has not come yet."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else "active"
    search = " ".join(request.GET.get("q", "").split())[:100]
    counts = people_counted(search=search)
    content = {
        "people": people_found(active=STATES[state], search=search)[:SHOWN],
        "hidden": max(0, counts[state] - SHOWN),
        "states": [(name, label, counts[name]) for name, label in STATE_LABELS.items()],
        "state": state,
        "search": search,
        "invitations": invitations_waiting(),
        "now": timezone.now(),
    }
    return render(request, "accounts/people.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a person and change what an administrator may change."""
    found = _person(pk)
    form = PersonForm(request.POST if request.method == "POST" else None, person=found)
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        held = person_change(
            person=found,
            by=actor_of(request),
            now=timezone.now(),
            **{name: form.cleaned_data[name] for name in PersonForm.CHANGES},
        )
    except UnableToChangePerson as error:
        form.add_error(error.field, str(error))
        return _page(request, found, form, status=422)
    messages.success(request, _("Saved: %(name)s") % {"name": held})
    if held.pk == request.user.pk and not held.is_admin:
        return HttpResponseRedirect(reverse("today"))
    return HttpResponseRedirect(reverse("people"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def deactivate(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask, and say what stays behind; then switch the person off."""
    found = _person(pk)
    if request.method != "POST":
        return render(request, "accounts/person_deactivate.html", {"person": found})
    try:
        person_deactivate(person=found, by=actor_of(request), now=timezone.now())
    except UnableToDeactivate as error:
        messages.error(request, str(error))
        return _back(found)
    text = _("%(name)s is switched off and signed out everywhere.")
    messages.success(request, text % {"name": found})
    return _back(found)


@require_POST
@for_administrators
def reactivate(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will let a person sign in again."""
    found = _person(pk)
    person_reactivate(person=found, by=actor_of(request), now=timezone.now())
    text = _("%(name)s can sign in again, with the password from before.")
    messages.success(request, text % {"name": found})
    return _back(found)


@require_POST
@for_administrators
def sign_out(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will end all sessions of a person."""
    found = _person(pk)
    person_sign_out(person=found, by=actor_of(request), now=timezone.now())
    if found.pk == request.user.pk:
        return HttpResponseRedirect(reverse("account_login"))
    text = _("%(name)s is signed out everywhere.")
    messages.success(request, text % {"name": found})
    return _back(found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def reset_second_factor(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask, and take a person's second factors away."""
    found = _person(pk)
    if request.method != "POST":
        return render(request, "accounts/person_second_factor.html", {"person": found})
    try:
        gone = second_factor_reset(
            person=found, by=actor_of(request), now=timezone.now()
        )
    except UnableToResetSecondFactor as error:
        messages.error(request, str(error))
        return _back(found)
    text = (
        _("%(name)s signs in with the password alone now.")
        if gone
        else _("%(name)s had no second factor.")
    )
    messages.success(request, text % {"name": found})
    return _back(found)


def _person(pk: int) -> User:
    return get_object_or_404(people_found(active=None), pk=pk)


def _back(found: User) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("person", args=[found.pk]))


def _page(
    request: PersonalRequest, found: User, form: PersonForm, status: int = 200
) -> HttpResponse:
    content = {
        "person": found,
        "form": form,
        "is_me": found.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", content, status=status)
