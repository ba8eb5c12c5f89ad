"""What a new survey says, until somebody writes it differently."""

from typing import Any

from surveys.texts import de, en, ro

# By language, then by kind.
DEFAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "en": en.TEXTS,
    "de": de.TEXTS,
    "ro": ro.TEXTS,
}
