"""A message that can be taken back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

# The empty form of templates/common/act.html: it carries the token for every button
# on the page, so that a message can hold a button too.
FORM = "act"


def message_with_undo(request: HttpRequest, text: str, *, url: str, back: str) -> None:
    """This will say what was done and offer a button that posts to `url`.

    `back` is where the undoing returns to. The page shown next must include
    common/act.html.
    """
    target = f"{url}?{urlencode({'next': back})}"
    messages.success(
        request,
        format_html(
            '{} <button type="submit" class="btn quiet" form="{}" formaction="{}">{}</button>',
            text,
            FORM,
            target,
            _("Undo"),
        ),
    )


def way_back(request: HttpRequest, otherwise: str) -> str:
    """This will return the page to go back to, if it is one of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else otherwise
