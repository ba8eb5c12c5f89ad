"""The single texts of a wording: their names, what is missing, and what has changed."""

from collections.abc import Mapping

from surveys.calculations.content import Content, Texts
from surveys.calculations.scales import GROUPS

PLAIN = ("subject", "intro", "question", "low", "high")
GROUPED = ("follow_up", "thanks")
# "follow_up_low" is the follow-up question for the low group.
PARTS = (*PLAIN, *(f"{name}_{group}" for name in GROUPED for group in GROUPS))
# A mail without a greeting is one nevertheless.
NEEDED = tuple(part for part in PARTS if part != "intro")


def part_of(texts: Texts, part: str) -> str:
    """This will return one text."""
    if part in PLAIN:
        text: str = getattr(texts, part)
        return text
    name, _line, group = part.rpartition("_")
    grouped: Mapping[str, str] = getattr(texts, name)
    return grouped.get(group, "")


def texts_of(parts: Mapping[str, str]) -> Texts:
    """This will put single texts together again; the rest is empty."""
    return Texts(
        subject=parts.get("subject", ""),
        intro=parts.get("intro", ""),
        question=parts.get("question", ""),
        low=parts.get("low", ""),
        high=parts.get("high", ""),
        follow_up=_by_group(parts, "follow_up"),
        thanks=_by_group(parts, "thanks"),
    )


def _by_group(parts: Mapping[str, str], name: str) -> dict[str, str]:
    return {group: parts.get(f"{name}_{group}", "") for group in GROUPS}


def missing(texts: Texts) -> list[str]:
    """This will name the texts that a person would look for in vain."""
    return [part for part in NEEDED if not part_of(texts, part).strip()]


def flat(content: Content) -> dict[str, str]:
    """This will lay everything a content says side by side: "de:question" and so on."""
    laid = {
        "default_language": content.default_language,
        "accent": content.accent,
        "company_name": content.company_name,
    }
    for code, texts in content.texts.items():
        laid |= {f"{code}:{part}": part_of(texts, part) for part in PARTS}
    return laid


def changes(before: Content, after: Content) -> dict[str, list[str]]:
    """This will name what differs, by language; "" holds what is of no language.

    A language that came or went is named as a whole: ["+"] or ["-"].
    """
    whole = sorted({*before.texts} ^ {*after.texts})
    found = {code: ["+" if code in after.texts else "-"] for code in whole}
    was, becomes = flat(before), flat(after)
    for name in dict.fromkeys([*was, *becomes]):
        code, _colon, part = name.rpartition(":")
        if code not in whole and was.get(name) != becomes.get(name):
            found.setdefault(code, []).append(part)
    return found
