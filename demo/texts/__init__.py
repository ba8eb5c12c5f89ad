"""The words of the demo: what people write, by language, and what they are called."""

from demo.texts import de, en, ro
from demo.texts.shape import Texts

TEXTS: dict[str, Texts] = {"en": en.TEXTS, "de": de.TEXTS, "ro": ro.TEXTS}

__all__ = ["TEXTS", "Texts"]
