"""Each language has its trap; all of them were met on real pages."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from common import formats

NBSP = "\N{NO-BREAK SPACE}"
TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "text"),
    [
        ("en", 18240, "EUR", "€18,240"),
        ("en", "12.5", "EUR", "€12.50"),
        ("en", "99.99", "EUR", "€99.99"),
        ("en", "100.4", "EUR", "€100"),
        ("en", 12.0, "EUR", "€12"),
        ("en", "-0.3", "EUR", "−€0.30"),
        ("en", "-1234567.89", "EUR", "−€1,234,568"),
        ("en", 1200, "RON", f"RON{NBSP}1,200"),
        ("en", 1500, "JPY", "¥1,500"),
        ("de", 18240, "EUR", f"18.240{NBSP}€"),
        ("de", "12.5", "EUR", f"12,50{NBSP}€"),
        ("ro", 18240, "EUR", f"18.240{NBSP}EUR"),
        ("ro", "12.5", "RON", f"12,50{NBSP}RON"),
    ],
)
def test_money_has_no_needless_cents(
    locale: str, amount: str, currency: str, text: str
) -> None:
    assert formats.money(Decimal(str(amount)), currency, locale) == text


def test_money_never_shows_a_negative_nothing() -> None:
    assert formats.money(Decimal("-0.00"), "EUR", "en") == "€0"


@pytest.mark.parametrize(
    ("locale", "amount", "text"),
    [
        ("en", 500, "€500"),
        ("en", 8400, "€8.4K"),
        ("en", 48000, "€48K"),
        ("en", 999_400, "€999K"),
        ("en", 999_950, "€1M"),
        ("en", 1_216_800, "€1.2M"),
        ("en", 48_000_000, "€48M"),
        # Compact German loses its grouping, compact Romanian mixes words and codes.
        ("de", 142_000, f"142.000{NBSP}€"),
        ("ro", 142_000, f"142.000{NBSP}EUR"),
    ],
)
def test_short_money_is_short_only_where_that_reads_well(
    locale: str, amount: int, text: str
) -> None:
    assert formats.money_short(amount, "EUR", locale) == text


@pytest.mark.parametrize(
    ("locale", "share", "digits", "text"),
    [
        ("en", 0.38, 0, "38%"),
        ("en", 1.034, 1, "103.4%"),
        ("en", 0, 0, "0%"),
        ("en", 1, 0, "100%"),
        ("en", -0.0001, 0, "0%"),
        # Not nothing and not certain.
        ("en", 0.001, 0, "<1%"),
        ("en", 0.9999, 0, ">99%"),
        ("en", 0.0001, 1, "<0.1%"),
        # A pattern of one's own would lose the space.
        ("de", 0.38, 0, f"38{NBSP}%"),
        ("ro", 0.911, 1, f"91,1{NBSP}%"),
    ],
)
def test_percent_keeps_the_spacing_and_never_claims_certainty(
    locale: str, share: float, digits: int, text: str
) -> None:
    assert formats.percent(share, locale, digits) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "29 to 47%"),
        ("de", f"29 bis 47{NBSP}%"),
        ("ro", f"29–47{NBSP}%"),
    ],
)
def test_percent_range_is_in_words(locale: str, text: str) -> None:
    assert formats.percent_range(0.29, 0.47, locale) == text


def test_percent_range_below_nothing_has_a_true_minus() -> None:
    assert formats.percent_range(-0.08, 0.38, "en") == "−8 to 38%"
    assert formats.percent_range(-0.08, -0.02, "de") == "−8 bis −2\N{NO-BREAK SPACE}%"


def test_percent_range_of_one_figure_is_that_figure() -> None:
    assert formats.percent_range(0.381, 0.384, "en") == "38%"


def test_points_keep_their_decimal() -> None:
    told = [formats.points(value, "en") for value in (3, -3.04, 1234.56, 0, -0.02)]
    assert told == ["+3.0", "\N{MINUS SIGN}3.0", "+1,234.6", "0.0", "0.0"]
    assert formats.points(12.34, "de") == "+12,3"


def test_numbers_are_grouped_and_signed() -> None:
    assert formats.number(1_216_800, "de") == "1.216.800"
    assert formats.number(Decimal("12.345"), "en", 1) == "12.3"
    assert formats.number(-0.2, "en") == "0"
    assert [formats.signed(value, "en") for value in (14, -6, 0.2)] == [
        "+14",
        "−6",
        "0",
    ]


@pytest.mark.parametrize(
    ("locale", "near", "far", "long", "weekday"),
    [
        (
            "en",
            "18 Dec",
            "18 Dec 2028",
            "18 December 2026",
            "Friday, 18 December",
        ),
        (
            "de",
            "18. Dez.",
            "18. Dez. 2028",
            "18. Dezember 2026",
            "Freitag, 18. Dezember",
        ),
        ("ro", "18 dec.", "18 dec. 2028", "18 decembrie 2026", "vineri, 18 decembrie"),
        (
            "en-US",
            "Dec 18",
            "Dec 18, 2028",
            "December 18, 2026",
            "Friday, December 18,",
        ),
    ],
)
def test_days(locale: str, near: str, far: str, long: str, weekday: str) -> None:
    renewal = dt.date(2026, 12, 18)
    assert formats.day(renewal, locale, TODAY) == near
    assert formats.day(dt.date(2028, 12, 18), locale, TODAY) == far
    assert formats.day_long(renewal, locale) == long
    assert formats.weekday(renewal, locale) == weekday


def test_moment_is_told_in_the_zone_of_the_person() -> None:
    late = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)
    bucharest = ZoneInfo("Europe/Bucharest")
    assert formats.moment(late, "en", bucharest, TODAY) == "24 Nov, 00:30"


# Romanian has three forms, and says "de" from 20 on and again from 120 on.
@pytest.mark.parametrize(
    ("locale", "days", "text"),
    [
        ("en", 0, "today"),
        ("en", 1, "tomorrow"),
        ("en", 24, "in 24 days"),
        ("en", -1, "yesterday"),
        ("en", -41, "41 days ago"),
        ("de", 24, "in 24 Tagen"),
        ("de", -41, "vor 41 Tagen"),
        ("ro", 1, "mâine"),
        ("ro", 2, "peste 2 zile"),
        ("ro", 19, "peste 19 zile"),
        ("ro", 20, "peste 20 de zile"),
        ("ro", 101, "peste 101 zile"),
        ("ro", 120, "peste 120 de zile"),
        ("ro", -41, "acum 41 de zile"),
    ],
)
def test_distance_in_days(locale: str, days: int, text: str) -> None:
    there = TODAY + dt.timedelta(days=days)
    assert formats.days_until(there, locale, TODAY) == text
    assert formats.ago(there, locale, TODAY) == text


def test_an_unknown_language_reads_english() -> None:
    assert formats.money(5, "EUR", "tlh") == "€5"
    assert formats.money(5, "EUR", "???") == "€5"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Maria Popescu", "AP"),
        ("ștefan", "Ș"),
        ("  ", ""),
        ("Jan de Wit", "JW"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters
