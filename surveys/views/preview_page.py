"""The public page as somebody would see it, made of words that need not be saved."""

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Company
from surveys.calculations.content import Content, content_write
from surveys.calculations.scales import BORDERS, LOW, MIDDLE
from surveys.models import Response, Survey, SurveyVersion
from surveys.views.previewing import Preview
from surveys.views.question import question_context, spoken
from surveys.wording import Wording, wording_of

# The page's own stylesheets and nothing else; `sandbox` gives it an origin of its own.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
# The page follows the reader's device; this decides instead of it.
LOOK = "<style>:root{{color-scheme:{look}}}</style></head>"


def page_preview(
    survey: Survey, content: Content, asked: Preview, *, company: Company
) -> str:
    """This will make the page. Nothing is saved, and nothing on it can be sent."""
    version = SurveyVersion(content=content_write(content))
    wording = wording_of(version, language=asked.language, company=company)
    name, _line, group = asked.step.rpartition("_")
    score = score_of(survey.kind, group) if name else None
    with translation.override(spoken(wording)):
        made = question_context(
            survey=survey, wording=wording, score=score, preview=True
        )
        if name != "thanks":
            return render_to_string("surveys/public/question.html", made)
        made |= _thanked(survey, wording, group, score)
        return render_to_string("surveys/public/thanks.html", made)


def score_of(kind: str, group: str) -> int:
    """This will return a score of a group."""
    last_low, first_high = BORDERS[kind]
    return {LOW: last_low, MIDDLE: last_low + 1}.get(group, first_high)


def page_frame(html: str, *, look: str) -> HttpResponse:
    """This will return a page as what a frame may show."""
    response = HttpResponse(html.replace("</head>", LOOK.format(look=look), 1))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _thanked(
    survey: Survey, wording: Wording, group: str, score: int | None
) -> dict[str, Any]:
    return {
        "given": Response(kind=survey.kind, score=score or 0),
        "thanks": wording.texts.thanks.get(group, ""),
        "again_url": "#",
    }
