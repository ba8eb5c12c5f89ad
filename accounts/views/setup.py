"""The first visit: a company and its first administrator."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actor import actor_of
from accounts.forms.people import SetupForm
from accounts.selectors.people import nobody_exists
from accounts.services.first_admin import UnableToSetUp, installation_set_up
from accounts.views.arriving import arrive


@sensitive_post_parameters("new_password", "new_password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def setup(request: HttpRequest) -> HttpResponse:
    """This will set the installation up while nobody exists, and be 404 ever after."""
    if not nobody_exists():
        raise Http404
    if request.method != "POST":
        return render(request, "account/setup.html", {"form": SetupForm()})
    form = SetupForm(request.POST)
    if not form.is_valid():
        return render(request, "account/setup.html", {"form": form}, status=422)
    words = form.cleaned_data
    try:
        person = installation_set_up(
            company_name=words["company_name"],
            base_url=request.build_absolute_uri("/").rstrip("/"),
            time_zone=words["time_zone"],
            currency=words["currency"],
            name=words["name"],
            email=words["email"],
            password=words["new_password"],
            language=translation.get_language() or "",
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSetUp:
        raise Http404 from None
    return arrive(request, person)
