"""All answers a person may see, newest first."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from customers.timeline import place_from
from surveys.answer_words import AnswerRow
from surveys.enums import SurveyKind
from surveys.models import Survey
from surveys.selectors.answer_list import (
    UNSENT,
    Asked,
    answer_counts,
    answer_page,
    unsent_page,
)
from surveys.selectors.closing import closing_pace

LONGEST_WORDS = 100
LABELS = {
    "all": _("All"),
    "waiting": _("Waiting for a reply"),
    "low": _("Low scores"),
    "middle": _("In the middle"),
    "high": _("High scores"),
    "comment": _("With a comment"),
    "review": _("To be judged"),
    "flagged": _("Flagged"),
    "resolved": _("Resolved"),
    UNSENT: _("Opened with a score, not sent"),
}
# Shown only while there is something behind them.
QUIET = {"review", "flagged", UNSENT}


@require_safe
def answers(request: PersonalRequest) -> HttpResponse:
    """This will list answers with filters, a search and how quickly we reply."""
    user, now, asked = request.user, timezone.now(), _asked(request)
    counts = answer_counts(user, asked, now=now)
    content: dict[str, Any] = {
        "asked": asked,
        "chips": _chips(counts, asked),
        "any": any(counts.values()) or asked != Asked(),
        "kinds": SurveyKind.choices,
        "surveys": Survey.objects.order_by("name", "id").values_list("id", "name"),
        "newest_url": _url(asked, asked.filter) if asked.behind else "",
        "pace": closing_pace(user=user, now=now),
    }
    if asked.filter == UNSENT:
        unsent = unsent_page(user, asked)
        content["unsent"] = unsent.rows
        older = unsent.older
    else:
        page = answer_page(user, asked, now=now)
        content["rows"] = [AnswerRow(row, now) for row in page.rows]
        older = page.older
    content["older_url"] = _url(asked, asked.filter, older) if older else ""
    return render(request, "surveys/answers.html", content)


def _asked(request: PersonalRequest) -> Asked:
    """This will read the address; what is not known is left out."""
    query = request.GET
    kind, survey = query.get("kind", ""), query.get("survey", "")
    known = survey.isascii() and survey.isdigit() and len(survey) < 19
    chosen = query.get("f", "")
    return Asked(
        filter=chosen if chosen in LABELS else "all",
        kind=kind if kind in SurveyKind.values else "",
        survey=int(survey) if known else 0,
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        behind=place_from(query.get("at", "")),
    )


def _chips(counts: dict[str, int], asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": counts[name],
            "url": _url(asked, name),
            "current": name == asked.filter,
        }
        for name, label in LABELS.items()
        if counts[name] or name == asked.filter or name not in QUIET
    ]


def _url(asked: Asked, name: str, at: str = "") -> str:
    parts = {
        "f": "" if name == "all" else name,
        "kind": asked.kind,
        "survey": asked.survey,
        "q": asked.words,
        "at": at,
    }
    query = urlencode({key: value for key, value in parts.items() if value})
    return f"{reverse('answers')}?{query}" if query else reverse("answers")
