"""Whether the process lives and is ready, and the guide to the interface."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.styleguide import styleguide_content


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """This will answer as long as the process can: restart it when it does not."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """This will answer 200 when requests may be sent here, else 503 with the reason.

    The reason is for operators, so it is not translated and names no address.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = f"The database does not answer ({type(error).__name__}).\n"
        return HttpResponse(
            reason, status=503, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """This will show every component in every state; ?theme=dark shows it dark."""
    content = styleguide_content()
    if request.GET.get("theme") in content["schemes"]:
        content["theme"] = request.GET["theme"]
    return render(request, "styleguide/index.html", content)
