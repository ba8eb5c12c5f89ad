"""Reading exchange rates from a CSV file, line by line."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from common.csvfile import CsvFile, CsvLine, UnableToReadCsv, csv_read
from common.numbers import UnableToReadNumber, decimal_read

COLUMNS = ("currency", "valid_on", "rate")
MOST_LINES = 50_000
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
PLACES = Decimal("0.00000001")
MOST = Decimal(10) ** 10
# No sign at all, so that what could be two numbers is refused.
UNSURE = "?"

# Old currencies too: their rates are history.
KNOWN = frozenset(list_currencies())

Key = tuple[str, dt.date]


class UnableToReadRate(ValueError):
    """A rate makes no sense; the text says why."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line."""

    line: int
    text: str


@dataclass(slots=True)
class RatesRead:
    """The good lines of a file and what is wrong with the others."""

    rates: dict[Key, Decimal] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


def rates_read(data: bytes, *, ours: str) -> RatesRead:
    """This will read a file with the columns currency, valid_on (2026-01-31) and rate.

    A line that repeats another is passed over; one that contradicts another is trouble.
    """
    file = csv_read(data, columns=COLUMNS)
    if len(file.lines) > MOST_LINES:
        msg = _("The file has more than %(most)s lines. Cut it into parts.")
        raise UnableToReadCsv(msg % {"most": MOST_LINES})
    result, sign, where = RatesRead(), _sign(file), dict[Key, int]()
    for line in file.lines:
        try:
            key, rate = _rate(line, sign)
            if key[0] == ours and rate == 1:
                continue
            rate_check(key[0], key[1], rate, ours=ours)
        except UnableToReadRate as error:
            result.troubles.append(Trouble(line.number, str(error)))
            continue
        where.setdefault(key, line.number)
        if result.rates.setdefault(key, rate) != rate:
            msg = _("It says something else than line %(line)s.")
            text = msg % {"line": where[key]}
            result.troubles.append(Trouble(line.number, text))
    return result


def rate_check(currency: str, valid_on: dt.date, rate: Decimal, *, ours: str) -> None:
    """This will refuse a rate that cannot be one."""
    if currency not in KNOWN:
        msg = _("“%(code)s” is not a currency code such as USD.")
        raise UnableToReadRate(msg % {"code": currency[:20]})
    if currency == ours:
        msg = _("%(code)s is the company's own currency: its rate is always 1.")
        raise UnableToReadRate(msg % {"code": currency})
    if not EARLIEST <= valid_on <= LATEST:
        raise UnableToReadRate(_("The day is out of reach."))
    if rate <= 0:
        raise UnableToReadRate(_("A rate is greater than zero."))
    if rate >= MOST:
        raise UnableToReadRate(_("The rate is too large."))


def _rate(line: CsvLine, sign: str) -> tuple[Key, Decimal]:
    code, day, figure = line.cells
    if not (code and day and figure):
        raise UnableToReadRate(_("Currency, day and rate must all be there."))
    try:
        valid_on = dt.date.fromisoformat(day)
    except ValueError:
        msg = _("“%(text)s” is not a day such as 2026-01-31.")
        raise UnableToReadRate(msg % {"text": day[:20]}) from None
    try:
        rate = decimal_read(figure, sign=sign)
    except UnableToReadNumber:
        msg = _("“%(text)s” is not a rate such as 0.9134.")
        raise UnableToReadRate(msg % {"text": figure[:20]}) from None
    if rate >= MOST or rate <= 0:
        return (code.upper(), valid_on), rate
    rounded = rate.quantize(PLACES)
    if not rounded:
        raise UnableToReadRate(_("The rate is too small."))
    return (code.upper(), valid_on), rounded


def _sign(file: CsvFile) -> str:
    """This will find the file's decimal sign; UNSURE where it does not tell."""
    figures = [line.cells[2] for line in file.lines]
    for figure in figures:
        if "," in figure and "." in figure:
            return max(",.", key=figure.rindex)
    if any("," in figure for figure in figures):
        # Between quotes in a file that is parted by commas it may be anything.
        return UNSURE if file.separator == "," else ","
    return "."
