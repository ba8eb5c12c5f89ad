"""What a new survey of a kind begins with: its schedule and its words."""

from collections.abc import Mapping
from typing import Any

from surveys.calculations.content import Content, Texts
from surveys.texts import DEFAULTS

# An answer about one event is asked for soon after it; the relationship twice a year.
SETTINGS: dict[str, dict[str, Any]] = {
    "nps": {"schedule": "every", "every_days": 182},
    "csat": {
        "schedule": "event",
        "trigger": "ticket_resolved",
        "delay_hours": 24,
        "expires_days": 14,
        "reminders": 0,
    },
    "ces": {
        "schedule": "event",
        "trigger": "onboarding_finished",
        "delay_hours": 48,
        "expires_days": 21,
    },
}


def content_default(kind: str, *, default_language: str) -> Content:
    """This will return the first words of a survey in every language we write."""
    return Content(
        default_language=default_language if default_language in DEFAULTS else "en",
        texts={code: _texts(kinds[kind]) for code, kinds in DEFAULTS.items()},
    )


def _texts(raw: Mapping[str, Any]) -> Texts:
    return Texts(**raw)
