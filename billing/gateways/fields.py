"""Reading a provider's JSON: what is missing or of another kind is UnableToRead."""

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision

from billing.gateways.base import UnableToRead

Fields = dict[str, Any]
ID_LENGTH = 255
CENT = Decimal("0.01")


def _not(name: str, what: str) -> UnableToRead:
    return UnableToRead(f"{name} is not {what}.")


def body_read(body: bytes) -> Fields:
    """This will read the body of a webhook, which is an object."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise _not(name="The body", what="JSON") from None
    return section(told)


def section(value: Any) -> Fields:
    """This will return a part that must be an object."""
    if not isinstance(value, dict):
        raise _not(name="A part", what="an object")
    return value


def part(fields: Fields, name: str) -> Fields:
    """This will return an object inside; an empty one where there is none."""
    found = fields.get(name)
    return section(found) if found is not None else {}


def rows(fields: Fields, name: str) -> list[Fields]:
    """This will return a list of objects inside; an empty one where there is none."""
    found = fields.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _not(name, "a list")
    return [section(one) for one in found]


def text(fields: Fields, name: str) -> str:
    """This will return a text, "" where there is none. Numbers count as texts."""
    found = fields.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise _not(name, "a text")
    if "\0" in (plain := str(found)):
        raise _not(name, "a text that can be kept")
    return plain


def identity(fields: Fields, name: str = "id") -> str:
    """This will return an id, which must be there."""
    found = text(fields, name)
    if not 1 <= len(found) <= ID_LENGTH:
        raise _not(name, "an id")
    return found


def number(fields: Fields, name: str, default: int = 0) -> int:
    """This will return a whole number."""
    found = fields.get(name)
    if found is None:
        return default
    if isinstance(found, str) and found.removeprefix("-").isdecimal():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise _not(name, "a whole number")
    return found


def minor(fields: Fields, name: str, currency: str) -> Decimal:
    """This will return an amount that is told in the smallest unit of its currency."""
    return major(number(fields, name), currency)


def major(amount: int, currency: str) -> Decimal:
    """This will turn cents into euros; yen stay as they are."""
    digits = get_currency_precision(currency or "EUR")
    return Decimal(amount).scaleb(-digits)


def decimal(fields: Fields, name: str) -> Decimal:
    """This will return an amount told in the main unit, to the cent."""
    found = fields.get(name)
    if found is None:
        return Decimal(0)
    try:
        return Decimal(str(found)).quantize(CENT)
    except InvalidOperation:
        raise _not(name, "an amount") from None


def seconds(fields: Fields, name: str) -> dt.datetime | None:
    """This will return a moment that is told in seconds since 1970."""
    found = fields.get(name)
    if found is None:
        return None
    try:
        return dt.datetime.fromtimestamp(number(fields, name), dt.UTC)
    except (OverflowError, OSError, ValueError):
        raise _not(name, "a moment") from None


def moment(fields: Fields, name: str) -> dt.datetime | None:
    """This will return a moment that is told as in RFC 3339."""
    found = text(fields, name)
    if not found:
        return None
    try:
        read = dt.datetime.fromisoformat(found)
    except ValueError:
        raise _not(name, "a moment") from None
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def known(value: dt.datetime | None, name: str = "created_at") -> dt.datetime:
    """This will insist on a moment."""
    if value is None:
        raise _not(name, "a moment")
    return value


def last4(fields: Fields, name: str) -> str:
    """This will return four digits; whatever else stands there is nobody's business."""
    found = text(fields, name)[-4:]
    return found if len(found) == 4 and found.isalnum() and found.isascii() else ""


def expiry(fields: Fields, month: str, year: str) -> dt.date | None:
    """This will return the last day of a card's last month."""
    m, y = number(fields, month), number(fields, year)
    if not (1 <= m <= 12 and 2000 <= y <= 2999):
        return None
    first_after = dt.date(y + m // 12, m % 12 + 1, 1)
    return first_after - dt.timedelta(days=1)


def per_month(amount: Decimal, every: int, unit: str) -> Decimal:
    """This will spread an amount over its months: 365.25 days are twelve of them."""
    days = {"day": Decimal(1), "week": Decimal(7)}
    if unit in days:
        months = days[unit] * every * 12 / Decimal("365.25")
    else:
        months = Decimal(every * (12 if unit == "year" else 1))
    return (amount / months).quantize(CENT) if months else Decimal(0)


def whole_months(every: int, unit: str) -> int:
    """This will return an interval in months, at least one (weeks and days are shorter)."""
    if unit in {"day", "week"}:
        return 1
    return max(1, every * (12 if unit == "year" else 1))
