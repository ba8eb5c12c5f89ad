"""Lists to choose from: languages, time zones, currencies."""

import datetime as dt
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.selectors.zones import zone_names
from common.formats import locale_of

Choices = list[tuple[str, str]]
Grouped = list[tuple[str, str | Choices]]

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
# Money in use a generation ago is no choice for a company of today.
CURRENCY_DAY = dt.date(2026, 1, 1)


@cache
def zone_groups() -> Grouped:
    """This will return the time zones of the world, grouped by their area, UTC first."""
    names = zone_names()
    groups: Grouped = [("UTC", "UTC")]
    for area in AREAS:
        inside = [name for name in names if name.startswith(f"{area}/")]
        groups.append((area, [(name, name.replace("_", " ")) for name in inside]))
    return groups


def zone_choices(empty: str = "") -> Grouped:
    """This will return the time zones, after an empty choice where one is named."""
    return [("", empty), *zone_groups()] if empty else zone_groups()


def currency_choices() -> Choices:
    """This will return the money of the world in the reader's language, by code."""
    return _currencies(translation.get_language() or "en")


@cache
def _currencies(language: str) -> Choices:
    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, CURRENCY_DAY)
    }
    locale = locale_of(language)
    return [
        (code, f"{code}: {get_currency_name(code, locale=locale)}")
        for code in sorted(codes)
    ]


def language_choices() -> Choices:
    """This will return our languages after "as the browser says"."""
    return [
        ("", _("As the browser says")),
        *((code, str(name)) for code, name in settings.LANGUAGES),
    ]
