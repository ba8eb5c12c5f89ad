"""Signing in somebody who was made a moment ago."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User


def arrive(request: HttpRequest, person: User) -> HttpResponse:
    """This will sign the new person in and lead to Today.

    By allauth, so that everything that belongs to signing in happens. The password was
    typed just now, so setting up a second factor need not ask for it again.
    """
    if request.user.is_authenticated:
        # Somebody else is signed in here; nothing of theirs is left to the new person.
        logout(request)
    record_authentication(request, person, method="password", email=person.email)
    response: HttpResponse = perform_login(
        request, person, email_verification="none", redirect_url=reverse("today")
    )
    return response
