"""What the meeting brief says in sentences."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui

HOUR = 3600


def support_words(support: dict[str, Any]) -> Iterator[str]:
    """This will tell a year of tickets; what nobody knows is not told."""
    tickets = support["tickets"]
    if not tickets:
        yield _("No ticket in the last 12 months.")
        return
    yield ngettext(
        "%(n)s ticket in the last 12 months.",
        "%(n)s tickets in the last 12 months.",
        tickets,
    ) % {"n": ui.number(tickets)}
    if support["escalated"]:
        yield ngettext(
            "%(n)s was escalated.", "%(n)s were escalated.", support["escalated"]
        ) % {"n": ui.number(support["escalated"])}
    if support["reopened"]:
        yield ngettext(
            "%(n)s had to be opened again.",
            "%(n)s had to be opened again.",
            support["reopened"],
        ) % {"n": ui.number(support["reopened"])}
    if support["response"] is not None:
        hours = max(1, round(support["response"].total_seconds() / HOUR))
        yield ngettext(
            "The first answer took %(n)s hour on average.",
            "The first answer took %(n)s hours on average.",
            hours,
        ) % {"n": ui.number(hours)}
    if support["satisfaction"] is not None:
        score = ui.number(support["satisfaction"], 1)
        yield _("Rated %(score)s of 5 on average.") % {"score": score}
