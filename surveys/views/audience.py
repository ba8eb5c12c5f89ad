"""Who would be asked today, who would not and why, and who was not so far."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import for_leaders
from accounts.http import PersonalRequest
from surveys.audience_words import REASONS, coming_figure, reason_words
from surveys.enums import Drop, Schedule
from surveys.models import Survey
from surveys.selectors.audience_page import (
    Preview,
    audience_preview,
    audience_so_far,
    is_done,
)
from surveys.selectors.coming import next_dates
from surveys.selectors.turns import day_of
from surveys.views.one import survey_of

# In the address; those who are asked have no reason.
ASKED = "asked"
LONGEST_WORDS = 100


@require_safe
@for_leaders
def audience(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show who is asked. The number of queries is fixed."""
    survey = survey_of(pk)
    day = day_of(timezone.now(), company=request.company)
    preview = audience_preview(survey, day)
    chosen = _chosen(request)
    drop = None if not chosen else Drop.NONE if chosen == ASKED else chosen
    page = preview.page(user=request.user, drop=drop, number=_page_number(request))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    returns = survey.schedule == Schedule.EVERY
    found = returns and words
    asked, dropped = audience_so_far(survey)
    content = {
        "survey": survey,
        "preview": preview,
        "today": day.today,
        "done": is_done(survey, preview.day),
        "customers": _customers(preview),
        "chips": _chips(survey, preview, chosen),
        "chosen": chosen,
        "lines": [(one, reason_words(one)) for one in page.verdicts],
        "newer": _link(pk, chosen, page.number - 1) if page.number else "",
        "older": _link(pk, chosen, page.number + 1) if page.number < page.last else "",
        "figure": coming_figure(survey, day),
        "asked": asked,
        "dropped": [(REASONS[key], dropped[key]) for key in REASONS if key in dropped],
        "returns": returns,
        "words": words,
        "dates": next_dates(survey, day, words=words, user=request.user)
        if found
        else [],
    }
    return render(request, "surveys/audience.html", content)


def _chosen(request: PersonalRequest) -> str:
    reason = request.GET.get("reason", "")
    return reason if reason == ASKED or reason in REASONS else ""


def _page_number(request: PersonalRequest) -> int:
    """This will return which page is wanted, from 0 on; nonsense is the first."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _customers(preview: Preview) -> int:
    """This will count the customers of whom somebody is asked."""
    asked = (one for one in preview.verdicts if one.is_asked)
    return len({verdict.turn.customer_id for verdict in asked})


def _chips(survey: Survey, preview: Preview, chosen: str) -> list[dict[str, Any]]:
    counts = preview.counts
    labels: dict[str, Any] = {ASKED: _("Asked"), **REASONS}
    chips = [
        (key, label, counts["" if key == ASKED else key])
        for key, label in labels.items()
    ]
    everybody = ("", _("Everybody"), counts.total())
    return [
        {
            "url": _link(survey.pk, key),
            "label": label,
            "count": count,
            "current": key == chosen,
        }
        for key, label, count in [everybody, *chips]
        if count or key in {"", ASKED, chosen}
    ]


def _link(pk: int, reason: str, page: int = 0) -> str:
    wanted = {"reason": reason, "page": page or ""}
    query = urlencode({name: value for name, value in wanted.items() if value})
    url = reverse("survey_audience", args=[pk])
    return f"{url}?{query}" if query else url
