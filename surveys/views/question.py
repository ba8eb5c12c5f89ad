"""What the public page shows, for a visitor and in a preview."""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.calculations.scales import group_of, scale_of
from surveys.enums import Counting
from surveys.models import Survey
from surveys.services.confirming import LONGEST_COMMENT
from surveys.wording import Wording

# As the address of a colour's stylesheet takes it.
COLOUR = re.compile(r"[0-9a-f]{6}")


def question_context(
    *,
    survey: Survey,
    wording: Wording,
    score: int | None = None,
    comment: str = "",
    no_reply: bool = False,
    preview: bool = False,
) -> dict[str, Any]:
    """This will return what surveys/public/question.html needs; no query.

    In a preview nothing can be sent.
    """
    scale = scale_of(survey.kind)
    only_sent = survey.counting == Counting.SENT
    return {
        **page_frame(wording),
        "survey": survey,
        "scale": [
            (number, group_of(survey.kind, number), _states(number == score, preview))
            for number in scale
        ],
        "low": f"{scale[0]} = {wording.texts.low}",
        "high": f"{scale[-1]} = {wording.texts.high}",
        "follow_up": _follow_up(survey, wording, score),
        "score": score,
        "comment": comment,
        "no_reply": no_reply,
        "longest": LONGEST_COMMENT,
        "only_sent": only_sent,
        "preview": preview,
        "scripted": not only_sent and not preview,
    }


def _follow_up(survey: Survey, wording: Wording, score: int | None) -> str:
    """This will return the group's question, or one that fits everybody."""
    if score is None:
        return _("What is the main reason?")
    return wording.texts.follow_up.get(group_of(survey.kind, score), "")


def _states(chosen: bool, disabled: bool) -> str:
    return " ".join(["checked"] * chosen + ["disabled"] * disabled)


def page_frame(wording: Wording) -> dict[str, Any]:
    """This will return what public/base.html needs, in the survey's name and colour."""
    accent = wording.accent.removeprefix("#").lower()
    return {
        "wording": wording,
        "company_name": wording.company_name,
        "accent": accent if COLOUR.fullmatch(accent) else "",
    }


def spoken(wording: Wording) -> str:
    """This will return the language of what we say around the survey's own words."""
    short = wording.language.partition("-")[0]
    return short if short in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
