"""One version of the forecasts: what it has learnt, how good it is, putting it in use."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from health.models import ForecastVersion
from health.selectors.forecasts import version_in_use
from health.services.training.publishing import (
    UnableToPublishForecast,
    version_publish,
)
from health.version_forms import VersionForm
from health.version_words import verdict_tag, verdict_words
from health.views.forecast_version_page import version_content

LARGEST = 2**31 - 1


@require_safe
def forecast_version(request: PersonalRequest, number: int) -> HttpResponse:
    """This will show what a version has learnt. Three queries of its own."""
    version = _version(number)
    content = version_content(version, currency=request.company.currency)
    return render(
        request, "health/forecasts/version.html", content | {"version": version}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def forecast_publish(request: PersonalRequest, number: int) -> HttpResponse:
    """This will ask why, and put a version in use: an older or a worse one."""
    version = _version(number)
    form = VersionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            version_publish(
                version=version,
                note=form.cleaned_data["note"],
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToPublishForecast as error:
            form.add_error(None, str(error))
        else:
            text = _("Version %(number)s is in use from the next run on.")
            messages.success(request, text % {"number": version.number})
            return HttpResponseRedirect(reverse("forecasts"))
    content = {
        "version": version,
        "used": version_in_use(),
        "tag": verdict_tag(version),
        "verdict": verdict_words(version),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "health/forecasts/publish.html", content, status=status)


def _version(number: int) -> ForecastVersion:
    if number > LARGEST:
        raise Http404
    rows = ForecastVersion.objects.select_related("published_by", "training__asked_by")
    return get_object_or_404(rows, number=number)
