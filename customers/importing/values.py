"""What a cell may hold. A parser turns the text of a cell into COPY's text format.

Parsers run once per cell of a file, so they take the fast way first and look closer
only when that fails. Empty cells never reach them.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from common.cards import scrub

Parser = Callable[[str], str]

EARLIEST, LATEST = 1970, 2199
INTEGER_LIMIT = 2_147_483_647
AMOUNT_LIMIT = Decimal(10) ** 12
CACHE_LIMIT = 50_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CURRENCY = re.compile(r"[A-Z]{3}")
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
SWAPPED = str.maketrans(".,", ",.")
TRUE = frozenset({"true", "t", "yes", "y", "1"})
FALSE = frozenset({"false", "f", "no", "n", "0"})


class BadValue(Exception):
    """A cell cannot be read; the text says why, in words for its owner."""


@dataclass(frozen=True)
class Reading:
    """How a file writes its values: the zone of times, the last day, the decimal sign."""

    zone: ZoneInfo
    today: dt.date
    decimal: str = "."


@dataclass(frozen=True)
class Column:
    """A column of a table's layout. `kind` is one of KINDS below.

    `past` refuses days after tomorrow (tomorrow is allowed: other people's clocks).
    """

    name: str
    kind: str = "text"
    required: bool = False
    size: int = 0
    low: int = 0
    high: int = INTEGER_LIMIT
    choices: tuple[str, ...] = ()
    past: bool = False


# What names things: left as it is, whatever it looks like.
NAMING = frozenset({"bundle", "email", "part", "plan"})


def text_parser(column: Column) -> Parser:
    """This will pass text on, escaped for COPY, without numbers of cards."""
    size = column.size
    naming = column.name.endswith("id") or column.name in NAMING

    def parse(raw: str) -> str:
        if size and len(raw) > size:
            msg = f"the text is longer than {size} characters"
            raise BadValue(msg)
        if raw.isalnum() and (naming or not raw.isdecimal()):
            return raw
        if "\0" in raw:
            msg = "the text holds a NUL character; is the file damaged or UTF-16?"
            raise BadValue(msg)
        clean = raw if naming else scrub(raw)
        return clean.translate(ESCAPES)

    return parse


def integer_parser(column: Column) -> Parser:
    """This will read a whole number; `4.0` is one."""
    low, high = column.low, column.high

    def parse(raw: str) -> str:
        try:
            number = int(raw) if raw.isdecimal() else _whole(raw)
        except (ValueError, InvalidOperation, OverflowError):
            msg = f"{raw!r} is not a whole number"
            raise BadValue(msg) from None
        if not low <= number <= high:
            msg = f"{number} is outside of {low} to {high}"
            if number < low == 0:
                msg = f"the count {number} is negative"
            raise BadValue(msg)
        return str(number)

    return parse


def _whole(raw: str) -> int:
    number = Decimal(raw)
    if number != number.to_integral_value():
        raise ValueError(raw)
    return int(number)


def amount_parser(decimal: str) -> Parser:
    """This will read an amount of money: never negative, below a trillion."""
    comma = decimal == ","

    def parse(raw: str) -> str:
        plain = raw.translate(SWAPPED) if comma else raw
        if "," in plain:
            # 1,234.50 is grouped; 1,5 is another decimal sign and must not become 15.
            if not GROUPED.fullmatch(plain):
                msg = f"{raw!r} is not an amount with the decimal sign {decimal!r}"
                raise BadValue(msg)
            plain = plain.replace(",", "")
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            msg = f"{raw!r} is not an amount"
            raise BadValue(msg) from None
        if not amount.is_finite() or amount >= AMOUNT_LIMIT:
            msg = f"{raw!r} is not an amount"
            raise BadValue(msg)
        if amount < 0:
            msg = f"the amount {raw} is negative"
            raise BadValue(msg)
        return str(amount)

    return parse


def date_parser(column: Column, reading: Reading, pattern: str = "") -> Parser:
    """This will read a day; of a moment it takes the local day."""
    seen: dict[str, str] = {}
    latest = reading.today + dt.timedelta(days=1)

    def parse(raw: str) -> str:
        known = seen.get(raw)
        if known is not None:
            return known
        try:
            if pattern:
                day = dt.datetime.strptime(raw, pattern).date()  # noqa: DTZ007
            elif len(raw) == len("2024-12-31"):
                day = dt.date.fromisoformat(raw)
            else:
                moment = dt.datetime.fromisoformat(raw)
                day = (
                    moment.astimezone(reading.zone) if moment.tzinfo else moment
                ).date()
        except (ValueError, OverflowError):
            raise BadValue(_impossible(raw, pattern or "2024-12-31")) from None
        _check_day(day, raw, latest if column.past else None)
        if len(seen) > CACHE_LIMIT:
            seen.clear()
        seen[raw] = day.isoformat()
        return seen[raw]

    return parse


def moment_parser(column: Column, reading: Reading, pattern: str = "") -> Parser:
    """This will read a moment; a day alone is its first moment in the company's zone."""
    zone = reading.zone
    latest = reading.today + dt.timedelta(days=1)

    def parse(raw: str) -> str:
        try:
            if pattern:
                moment = dt.datetime.strptime(raw, pattern)  # noqa: DTZ007
            else:
                moment = dt.datetime.fromisoformat(raw)
        except (ValueError, OverflowError):
            raise BadValue(
                _impossible(raw, pattern or "2024-12-31 23:59:00+00:00")
            ) from None
        _check_day(moment.date(), raw, latest if column.past else None)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.isoformat()

    return parse


def _impossible(raw: str, example: str) -> str:
    return f"{raw!r} is not a possible date; expected one like {example}"


def _check_day(day: dt.date, raw: str, latest: dt.date | None) -> None:
    if not EARLIEST <= day.year <= LATEST:
        msg = f"{raw!r} is not a possible date: the year {day.year} is out of reach"
        raise BadValue(msg)
    if latest is not None and day > latest:
        msg = f"{raw!r} is not a possible date: it lies in the future"
        raise BadValue(msg)


def boolean_parser() -> Parser:
    """This will read yes and no in the usual spellings."""

    def parse(raw: str) -> str:
        word = raw.lower()
        if word in TRUE:
            return "t"
        if word in FALSE:
            return "f"
        msg = f"{raw!r} is neither true nor false"
        raise BadValue(msg)

    return parse


def choice_parser(column: Column) -> Parser:
    """This will read one of a few codes, in any case."""
    choices = frozenset(column.choices)

    def parse(raw: str) -> str:
        code = raw.lower()
        if code not in choices:
            msg = f"{raw!r} is not one of {', '.join(column.choices)}"
            raise BadValue(msg)
        return code

    return parse


def list_parser(column: Column) -> Parser:
    """This will read a list separated by semicolons into an array."""

    def parse(raw: str) -> str:
        parts = [part.strip() for part in raw.split(";")]
        words = [part for part in parts if part]
        if any(len(word) > column.size or "\0" in word for word in words):
            msg = f"an entry of the list is longer than {column.size} characters"
            raise BadValue(msg)
        quoted = (
            '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words
        )
        return ("{" + ",".join(quoted) + "}").translate(ESCAPES)

    return parse


def email_parser(column: Column) -> Parser:
    """This will accept what looks like an address; only mail can tell more."""
    text = text_parser(column)

    def parse(raw: str) -> str:
        if not EMAIL.fullmatch(raw):
            msg = f"{raw!r} is not an email address"
            raise BadValue(msg)
        return text(raw)

    return parse


def currency_parser() -> Parser:
    """This will read a currency's three letters."""

    def parse(raw: str) -> str:
        code = raw.upper()
        if not CURRENCY.fullmatch(code):
            msg = f"{raw!r} is not a currency code such as EUR"
            raise BadValue(msg)
        return code

    return parse


# The type of each kind in the staging table. Ids compare by bytes: equal or not.
KINDS = {
    "text": 'text COLLATE "C"',
    "integer": "integer",
    "amount": "numeric(14, 2)",
    "date": "date",
    "moment": "timestamptz",
    "boolean": "boolean",
    "choice": 'text COLLATE "C"',
    "list": "text[]",
    "email": 'text COLLATE "C"',
    "currency": 'text COLLATE "C"',
}


def parser(column: Column, reading: Reading, pattern: str = "") -> Parser:
    """This will make the parser of a column as a file writes it."""
    makers: dict[str, Callable[[], Parser]] = {
        "text": lambda: text_parser(column),
        "integer": lambda: integer_parser(column),
        "amount": lambda: amount_parser(reading.decimal),
        "date": lambda: date_parser(column, reading, pattern),
        "moment": lambda: moment_parser(column, reading, pattern),
        "boolean": boolean_parser,
        "choice": lambda: choice_parser(column),
        "list": lambda: list_parser(column),
        "email": lambda: email_parser(column),
        "currency": currency_parser,
    }
    return makers[column.kind]()
