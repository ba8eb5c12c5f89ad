"""What a preview is asked to show: a language, a look, a width."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mail.views.reading import LOOKS
from surveys.calculations.content import Content
from surveys.calculations.parts import GROUPED
from surveys.calculations.scales import GROUPS

WIDTHS = ("phone", "desk")
# Which page: before a number is chosen, with one of a group, and after sending it.
STEPS = ("question", *(f"{name}_{group}" for name in GROUPED for group in GROUPS))


@dataclass(frozen=True, slots=True)
class Preview:
    """What is chosen, and the languages to choose from with whether each is written."""

    language: str
    look: str
    width: str
    step: str
    languages: list[tuple[str, bool]]
    falls_back: str


def preview_asked(request: HttpRequest, content: Content) -> Preview:
    """This will read what is wanted; nonsense becomes the first there is.

    The languages are all that the survey has, and those that our own pages speak.
    """
    asked: Any = request.POST if request.method == "POST" else request.GET
    written = list(content.texts)
    ours = [code for code, _name in settings.LANGUAGES if code not in written]
    first = [content.default_language] if content.default_language in written else []
    offered = list(dict.fromkeys([*first, *written, *ours]))
    language = _one(asked.get("language"), offered)
    used, _texts = content.chosen(language)
    return Preview(
        language=language,
        look=_one(asked.get("look"), LOOKS),
        width=_one(asked.get("width"), WIDTHS),
        step=_one(asked.get("step"), STEPS),
        languages=[(code, code in written) for code in offered],
        falls_back=used if used != language else "",
    )


def _one(asked: str | None, offered: Iterable[str]) -> str:
    known = list(offered)
    return asked if asked in known else known[0]
