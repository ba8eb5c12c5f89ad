"""The texts of a survey and its groups of answers, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.calculations.scales import HIGH, LOW, MIDDLE
from surveys.enums import SurveyKind

# What the three groups of each kind are called.
GROUP_WORDS: dict[str, dict[str, Any]] = {
    SurveyKind.NPS: {
        LOW: _("Detractors (0–6)"),
        MIDDLE: _("Passives (7–8)"),
        HIGH: _("Promoters (9–10)"),
    },
    SurveyKind.CSAT: {
        LOW: _("Unhappy (1–2)"),
        MIDDLE: _("Neither (3)"),
        HIGH: _("Happy (4–5)"),
    },
    SurveyKind.CES: {
        LOW: _("Hard (1–3)"),
        MIDDLE: _("Neither (4–5)"),
        HIGH: _("Easy (6–7)"),
    },
}
# The words at the ends stand beside these numbers.
PLAIN_WORDS: dict[str, Any] = {
    "default_language": _("Default language"),
    "accent": _("Accent colour"),
    "company_name": _("Company name"),
    "subject": _("Subject"),
    "intro": _("Introduction"),
    "question": _("Question"),
    "low": _("Words at the low end"),
    "high": _("Words at the high end"),
}
GROUPED_WORDS: dict[str, Any] = {
    "follow_up": _("Follow-up question"),
    "thanks": _("Thank-you"),
}


def part_names(kind: str) -> dict[str, str]:
    """This will return what each text is called, "Thank-you: Promoters (9–10)"."""
    names = {part: str(words) for part, words in PLAIN_WORDS.items()}
    for name, words in GROUPED_WORDS.items():
        for group, label in GROUP_WORDS[kind].items():
            names[f"{name}_{group}"] = f"{words}: {label}"
    return names
