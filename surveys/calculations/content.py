"""The wording of a survey: what a frozen version holds, read and chosen by language.

A version's `content` is JSON:

    {"default_language": "en", "accent": "#0e6b62", "company_name": "",
     "texts": {"en": {"subject": …, "intro": …, "question": …, "low": …, "high": …,
                      "follow_up": {"low": …, "middle": …, "high": …},
                      "thanks": {"low": …, "middle": …, "high": …}}, …}}

An empty accent or name is the company's. All texts may hold merge fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.calculations.scales import GROUPS


@dataclass(frozen=True, slots=True)
class Texts:
    """The words in one language; `low` and `high` are the words at the scale's ends."""

    subject: str = ""
    intro: str = ""
    question: str = ""
    low: str = ""
    high: str = ""
    follow_up: Mapping[str, str] = field(default_factory=dict)
    thanks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a version says."""

    default_language: str = "en"
    accent: str = ""
    company_name: str = ""
    texts: Mapping[str, Texts] = field(default_factory=dict)

    def chosen(self, language: str) -> tuple[str, Texts]:
        """This will return the language that is used and its words.

        As asked, else the same language of another country (de for de-AT), else the
        survey's own language, else the first there is. A text that is missing there is
        the survey's own language's; an introduction may be left out.
        """
        short = language.partition("-")[0]
        for code in (language, short, self.default_language, *self.texts):
            if code in self.texts:
                own = self.texts.get(self.default_language, Texts())
                return code, _completed(self.texts[code], own)
        return self.default_language, Texts()


def content_read(raw: Mapping[str, Any]) -> Content:
    """This will read a version's content; what is missing is empty."""
    return Content(
        default_language=str(raw.get("default_language", "en")),
        accent=str(raw.get("accent", "")),
        company_name=str(raw.get("company_name", "")),
        texts={
            code: _texts_read(texts) for code, texts in raw.get("texts", {}).items()
        },
    )


def content_write(content: Content) -> dict[str, Any]:
    """This will return the JSON of a content; reading it gives the same again."""
    return {
        "default_language": content.default_language,
        "accent": content.accent,
        "company_name": content.company_name,
        "texts": {
            code: {
                "subject": texts.subject,
                "intro": texts.intro,
                "question": texts.question,
                "low": texts.low,
                "high": texts.high,
                "follow_up": dict(texts.follow_up),
                "thanks": dict(texts.thanks),
            }
            for code, texts in content.texts.items()
        },
    }


def _completed(texts: Texts, own: Texts) -> Texts:
    """This will fill what is missing with the survey's own language's words."""
    return Texts(
        subject=texts.subject or own.subject,
        intro=texts.intro,
        question=texts.question or own.question,
        low=texts.low or own.low,
        high=texts.high or own.high,
        follow_up=_filled(texts.follow_up, own.follow_up),
        thanks=_filled(texts.thanks, own.thanks),
    )


def _filled(texts: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    return {group: texts.get(group) or own.get(group, "") for group in GROUPS}


def _texts_read(raw: Mapping[str, Any]) -> Texts:
    plain = ("subject", "intro", "question", "low", "high")
    return Texts(
        **{name: str(raw.get(name, "")) for name in plain},
        follow_up=_by_group(raw.get("follow_up", {})),
        thanks=_by_group(raw.get("thanks", {})),
    )


def _by_group(raw: Mapping[str, Any]) -> dict[str, str]:
    return {group: str(raw.get(group, "")) for group in GROUPS}
