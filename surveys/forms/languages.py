"""Codes of languages, as people type them."""

import re

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A language, perhaps a script, perhaps a country (BCP 47), as far as we can store it.
CODE = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE
)
LONGEST = 10


def language_code(typed: str) -> str:
    """This will return a language's code as it is written usually: pt-BR, zh-Hant."""
    match = CODE.fullmatch(typed.strip().replace("_", "-"))
    if match is None or len(match[0]) > LONGEST:
        msg = _("Write the code of a language, such as fr or pt-BR.")
        raise ValidationError(msg)
    language, script, country = (part or "" for part in match.groups())
    if language.lower() not in Locale("en").languages:
        msg = _("There is no language “%(code)s”.") % {"code": language}
        raise ValidationError(msg)
    parts = (language.lower(), script.title(), country.upper())
    return "-".join(part for part in parts if part)
