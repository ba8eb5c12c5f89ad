"""Showing a mail's HTML: in a frame of its own, where it can do nothing."""

import re
from typing import Any, ParamSpec

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse

from accounts.access import View

P = ParamSpec("P")
# Nothing is loaded, nothing runs, nothing is sent; only this site may frame it. `sandbox`
# gives it an origin of its own, also when the address is opened directly.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; sandbox{allowed}"
)
# Links open a window of their own, free of the sandbox.
LINKS = " allow-popups allow-popups-to-escape-sandbox"
# How a mail asks whether the device is dark.
DEVICE = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
ALWAYS, NEVER = "@media all", "@media not all"
TARGET = '<base target="_blank">'


def mail_frame(html: str, *, links: bool, look: str = "") -> HttpResponse:
    """This will return a mail's HTML as what a frame may show; `links` makes them work.

    A mail follows the reader's device; `look` ("light", "dark") decides instead of it.
    """
    if links:
        html = html.replace("<head>", f"<head>{TARGET}", 1)
    if look:
        html = DEVICE.sub(ALWAYS if look == "dark" else NEVER, html)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY.format(allowed=LINKS if links else "")
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def holds_frame(view: View[P]) -> View[P]:
    """This will let a page hold such a frame, which no other page may."""
    plain: Any = view
    framing: Any = csp_update({"frame-src": [SELF]})(plain)
    return framing  # type: ignore[no-any-return]
