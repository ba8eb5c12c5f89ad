"""The company's colour for public pages, as a stylesheet of its own.

The Content-Security-Policy allows no style inside a page, so it stands beside it.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mail.calculations.colours import Palette, palette
from mail.rendering.frame import frame_load

MINUTES = 10


@require_safe
@login_not_required
def look(request: HttpRequest) -> HttpResponse:
    """This will return the colours as custom properties, for light and dark."""
    return _colours(request, frame_load().palette)


@require_safe
@login_not_required
def look_of(request: HttpRequest, colour: str) -> HttpResponse:
    """This will do the same for another colour, six hexadecimal digits. No query."""
    return _colours(request, palette(f"#{colour}"))


def _colours(request: HttpRequest, look: Palette) -> HttpResponse:
    page = render(
        request,
        "public/look.css",
        {"look": look},
        content_type="text/css; charset=utf-8",
    )
    page.headers["Cache-Control"] = f"public, max-age={MINUTES * 60}"
    return page
