"""Numbers, money and days as a reader of a language expects them, by Babel.

Every function takes the locale and, where one is needed, today: nothing here looks at a
clock or at who is signed in. The template tags in `ui` say both.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import ParamSpec, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal
from django.utils import translation
from django.utils.translation import gettext, ngettext

Number = int | float | Decimal
P = ParamSpec("P")

# From this amount on nobody looks at the cents.
CENTS_BELOW = 100
# A day further away than this needs its year.
YEAR_NEEDED_AFTER = 300
MILLION = 1_000_000
# So many decimals the languages' own patterns have.
PATTERN_DIGITS = 3
CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z]{2})(?=\d)")
# A list shows five hundred figures, most of them small and shown everywhere; babel takes
# a twentieth of a millisecond to write one. So many are kept, a few megabytes.
KEPT = 8_192


def _remembered(function: Callable[P, str]) -> Callable[P, str]:
    """This will keep what a pure function wrote for equal values lately."""
    # The stub of lru_cache forgets the arguments' types.
    return cast("Callable[P, str]", lru_cache(maxsize=KEPT)(function))


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """This will return Babel's locale of a language code, English when unknown."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _day_locale(language: str) -> Locale:
    """This will prefer "18 Dec" to "Dec 18": our English is read all over Europe."""
    locale = locale_of(language)
    if locale.language == "en" and locale.territory is None:
        return Locale("en", "GB")
    return locale


def _without_negative_zero(amount: Decimal, digits: int) -> Decimal:
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return abs(rounded) if rounded == 0 else amount


@_remembered
def money(amount: Number, currency: str, locale: str) -> str:
    """This will write an amount; without cents when it is whole or from 100 on."""
    exact = Decimal(str(amount))
    if exact != exact.to_integral_value() and abs(exact) < CENTS_BELOW:
        return _spaced(format_currency(exact, currency, locale=locale_of(locale)))
    # Babel's currency_digits=False alone would still print the pattern's ".00".
    pattern = locale_of(locale).currency_formats["standard"].pattern.replace(".00", "")
    return _spaced(
        format_currency(
            _without_negative_zero(exact, 0),
            currency,
            format=pattern,
            currency_digits=False,
            locale=locale_of(locale),
        )
    )


def _spaced(text: str) -> str:
    """This will part a currency's letters from the digits that follow, and write a true
    minus, as everywhere: −RON 1,200."""
    parted = CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", text)
    return parted.replace("-", "\N{MINUS SIGN}")


@_remembered
def money_exact(amount: Number, currency: str, locale: str) -> str:
    """This will write an amount to the cent, as on a document."""
    exact = Decimal(str(amount))
    return _spaced(format_currency(exact, currency, locale=locale_of(locale)))


@_remembered
def money_short(amount: Number, currency: str, locale: str) -> str:
    """This will write "€48K" in English and the full amount elsewhere.

    Compact German has no grouping ("142000 €") and compact Romanian mixes words and
    codes ("142 mii EUR"), so both get the whole number.
    """
    found = locale_of(locale)
    exact = Decimal(str(amount))
    if found.language != "en" or abs(exact) < 1000:
        return money(exact, currency, locale)
    # 1.2M needs its tenth; 48K does not, but 8.4K does.
    size = abs(exact) / (MILLION if abs(exact) >= MILLION else 1000)
    digits = 1 if size < 10 else 0
    if size >= Decimal("999.5"):  # would be rounded up to 1000K
        exact, digits = exact.quantize(Decimal("1E6"), ROUND_HALF_EVEN), 1
    return _spaced(
        format_compact_currency(exact, currency, locale=found, fraction_digits=digits)
    )


@_remembered
def number(value: Number, locale: str, digits: int = 0) -> str:
    """This will write a number with grouping and at most so many decimals."""
    exact = _without_negative_zero(_rounded(value, digits), digits)
    if digits <= PATTERN_DIGITS:
        return str(format_decimal(exact, locale=locale_of(locale)))
    bare = exact if exact == exact.to_integral_value() else exact.normalize()
    return str(
        format_decimal(bare, locale=locale_of(locale), decimal_quantization=False)
    )


@_remembered
def month(value: dt.date, locale: str) -> str:
    """This will name a month as it stands inside a sentence: September, septembrie."""
    return str(format_date(value, "LLLL", locale=locale_of(locale)))


@_remembered
def month_year(value: dt.date, locale: str) -> str:
    """This will write "October 2026"."""
    return str(format_skeleton("yMMMM", value, locale=_day_locale(locale)))


@_remembered
def month_short(value: dt.date, locale: str) -> str:
    """This will write "Oct 2026"."""
    return str(format_skeleton("yMMM", value, locale=_day_locale(locale)))


@_remembered
def signed(value: Number, locale: str, digits: int = 0) -> str:
    """This will write a change with its sign, a true minus included: +14, −6, 0."""
    exact = _rounded(value, digits)
    text = number(abs(exact), locale, digits)
    return f"+{text}" if exact > 0 else f"\N{MINUS SIGN}{text}" if exact < 0 else text


@_remembered
def points(value: Number, locale: str) -> str:
    """This will write percentage points with their sign and always one decimal: +3.0."""
    pattern = "+#,##0.0;\N{MINUS SIGN}#,##0.0"
    exact = _without_negative_zero(_rounded(value, 1), 1)
    return str(
        format_decimal(
            exact, format=pattern if exact else "0.0", locale=locale_of(locale)
        )
    )


def _rounded(value: Number, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)


@_remembered
def percent(share: Number, locale: str, digits: int = 0) -> str:
    """This will write a share of 1 as a percentage, keeping the language's spacing.

    What is more than nothing never reads "0%", and what is less than all never "100%".
    """
    exact = Decimal(str(share))
    step = Decimal(1).scaleb(-digits - 2)
    if 0 < exact < step / 2:
        return f"<{_percent(step, locale, digits)}"
    if 1 - step / 2 < exact < 1:
        return f">{_percent(1 - step, locale, digits)}"
    return _percent(_without_negative_zero(exact, digits + 2), locale, digits)


def _percent(share: Decimal, locale: str, digits: int) -> str:
    found = locale_of(locale)
    # A pattern of our own would lose the German space before the sign.
    pattern = copy.copy(found.percent_formats[None])
    pattern.frac_prec = (digits, digits)
    return str(pattern.apply(share, found))


@_remembered
def percent_range(low: Number, high: Number, locale: str) -> str:
    """This will write "29 to 47%", or one figure when both ends read the same."""
    ends = percent(low, locale), percent(high, locale)
    if ends[0] == ends[1]:
        return ends[1]
    bare = number(Decimal(str(low)) * 100, locale).replace("-", "\N{MINUS SIGN}")
    ends = ends[0], ends[1].replace("-", "\N{MINUS SIGN}")
    with translation.override(locale):
        return gettext("%(low)s to %(high)s") % {"low": bare, "high": ends[1]}


@_remembered
def day(value: dt.date, locale: str, today: dt.date) -> str:
    """This will write "18 Dec", with the year when it is far from today."""
    far = abs((value - today).days) > YEAR_NEEDED_AFTER
    return str(
        format_skeleton("yMMMd" if far else "MMMd", value, locale=_day_locale(locale))
    )


@_remembered
def day_long(value: dt.date, locale: str) -> str:
    """This will write "18 December 2026"."""
    return str(format_date(value, "long", locale=_day_locale(locale)))


@_remembered
def weekday(value: dt.date, locale: str) -> str:
    """This will write "Tuesday 24 November"."""
    found = _day_locale(locale)
    pattern = found.date_formats["full"].pattern.replace(" y", "")
    return str(format_date(value, pattern, locale=found))


def moment(value: dt.datetime, locale: str, zone: ZoneInfo, today: dt.date) -> str:
    """This will write "24 Nov, 05:10" in a person's time zone."""
    local = value.astimezone(zone)
    clock = format_time(local, "short", locale=_day_locale(locale))
    return f"{day(local.date(), locale, today)}, {clock}"


@_remembered
def days_until(value: dt.date, locale: str, today: dt.date) -> str:
    """This will write "today", "tomorrow", "in 24 days" or how long ago it was.

    Babel's own words turn 41 days into "1 month", so the counting is ours.
    """
    left = (value - today).days
    with translation.override(locale):
        if left < 0:
            return ago(value, locale, today)
        if left < 2:
            return gettext("tomorrow") if left else gettext("today")
        words = ngettext("in %(days)s day", "in %(days)s days", left)
        return words % {"days": number(left, locale)}


@_remembered
def ago(value: dt.date, locale: str, today: dt.date) -> str:
    """This will write "today", "yesterday", "41 days ago", or when it will be."""
    passed = (today - value).days
    with translation.override(locale):
        if passed < 0:
            return days_until(value, locale, today)
        if passed < 2:
            return gettext("yesterday") if passed else gettext("today")
        words = ngettext("%(days)s day ago", "%(days)s days ago", passed)
        return words % {"days": number(passed, locale)}


def initials(name: str) -> str:
    """This will return the first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()
