"""Inviting people, and how they come in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.forms.people import AcceptForm, InviteForm
from accounts.http import PersonalRequest
from accounts.models import Invitation
from accounts.selectors.people import LinkState, invitation_opened, link_state
from accounts.services.invitations import (
    UnableToAccept,
    UnableToInvite,
    invitation_accept,
    invitation_create,
    invitation_resend,
    invitation_withdraw,
)
from accounts.views.arriving import arrive


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def invite(request: PersonalRequest) -> HttpResponse:
    """This will ask whom to invite, and invite."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "accounts/invite.html", {"form": form})
    if form.is_valid():
        try:
            made = invitation_create(
                **form.cleaned_data, by=actor_of(request), now=timezone.now()
            )
        except UnableToInvite as error:
            form.add_error("email", str(error))
        else:
            text = _("The invitation to %(email)s is on its way.")
            messages.success(request, text % {"email": made.email})
            return HttpResponseRedirect(reverse("people"))
    return render(request, "accounts/invite.html", {"form": form}, status=422)


@require_POST
@for_administrators
def resend(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send an invitation with a new link; the older one ends."""
    found = get_object_or_404(Invitation, pk=pk)
    try:
        invitation_resend(invitation=found, by=actor_of(request), now=timezone.now())
    except UnableToInvite as error:
        messages.warning(request, str(error))
    else:
        text = _("A new link is on its way to %(email)s. The older one has ended.")
        messages.success(request, text % {"email": found.email})
    return HttpResponseRedirect(reverse("people"))


@require_POST
@for_administrators
def withdraw(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will end an invitation before anybody used it."""
    found = get_object_or_404(Invitation, pk=pk)
    try:
        invitation_withdraw(invitation=found, by=actor_of(request), now=timezone.now())
    except UnableToInvite as error:
        messages.warning(request, str(error))
    else:
        text = _("The invitation to %(email)s is withdrawn. Its link has ended.")
        messages.success(request, text % {"email": found.email})
    return HttpResponseRedirect(reverse("people"))


@sensitive_post_parameters("new_password", "new_password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """This will let in who was invited: once, and only while the link works."""
    now = timezone.now()
    opened = invitation_opened(token)
    if opened is None:
        raise Http404
    invitation, generation = opened
    state = link_state(invitation, generation=generation, now=now)
    if state is not LinkState.OPEN:
        return _ended(request, state)
    form = AcceptForm(
        request.POST if request.method == "POST" else None, invitation=invitation
    )
    if request.method != "POST" or not form.is_valid():
        return _open(request, invitation, form)
    try:
        person = invitation_accept(
            invitation=invitation,
            generation=generation,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["time_zone"],
            password=form.cleaned_data["new_password"],
            by=actor_of(request),
            now=now,
        )
    except UnableToAccept as error:
        return _ended(request, error.state)
    return arrive(request, person)


def _open(
    request: HttpRequest, invitation: Invitation, form: AcceptForm
) -> HttpResponse:
    content = {
        "form": form,
        "invitation": invitation,
        "inviter": invitation.invited_by,
        "company": request.company,  # type: ignore[attr-defined]
    }
    # 200 also with errors: Django writes the address of every 4xx to the log, and this
    # one still opens the door.
    return render(request, "accounts/invitation.html", content)


def _ended(request: HttpRequest, state: LinkState) -> HttpResponse:
    """This will say what to do instead, and nothing about anybody."""
    return render(
        request, "accounts/invitation_ended.html", {"state": state.value}, status=410
    )
