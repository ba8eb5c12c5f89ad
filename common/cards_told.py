"""Telling somebody that a number of theirs was not kept, and keeping it out of reports."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.debug import SafeExceptionReporterFilter

from common.cards import scrub_all, taken_since


class CardsToldMiddleware:
    """Tells whoever is signed in that a number of a card was taken out of what they wrote.

    Whoever is not (somebody who answers a survey) is told nothing; it is not kept either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        taken_since()
        response = self.get_response(request)
        if taken_since() and request.user.is_authenticated:
            text = _(
                "A number that looks like a card’s was taken out of what you wrote. "
                "Keepwell keeps no numbers of cards."
            )
            messages.warning(request, text)
        return response


class CardReportFilter(SafeExceptionReporterFilter):
    """Keeps numbers of cards out of the reports that Django makes of an error."""

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """This will scrub what Django leaves of a value."""
        return scrub_all(super().cleanse_setting(key, value))

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """This will scrub what was posted."""
        given = super().get_post_parameters(request)
        return {key: scrub_all(str(given[key])) for key in given}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> Any:
        """This will scrub the values that stood in an error's frames."""
        rows = super().get_traceback_frame_variables(request, tb_frame)
        return [
            (name, scrub_all(value) if isinstance(value, str) else value)
            for name, value in rows
        ]
