"""Taking Stripe's objects apart by the library's attributes, and saying what is not clear."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from billing.gateways.base import UnableToRead


@contextmanager
def translating(row: Any) -> Iterator[None]:
    """This will name the object in whatever goes wrong while it is translated."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        what = f"{told(row, 'object') or 'object'} {told(row, 'id') or '?'}"
        why = " ".join(str(error).split())[:200]
        msg = f"Stripe's {what} could not be understood: {type(error).__name__} {why}"
        raise UnableToRead(msg) from error


def told(row: Any, *names: str) -> Any:
    """This will follow attributes; None where one of them is not there or empty."""
    for name in names:
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def id_of(value: Any) -> str:
    """This will return the id of what is expanded or not; "" for nothing."""
    if value is None:
        return ""
    return str(value if isinstance(value, str) else value.id)


def day(moment: dt.datetime) -> dt.date:
    """This will return the day in UTC, by which Stripe counts its periods."""
    return moment.astimezone(dt.UTC).date()
