"""Languages in words."""

from babel import Locale, UnknownLocaleError
from django.utils import translation


def language_name(code: str) -> str:
    """This will say a language in the reader's: "de" is "German"; nonsense stays."""
    try:
        locale = Locale.parse(code, sep="-")
        name = locale.get_display_name(translation.get_language() or "en")
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:] if name else code
