"""What the address of a page about revenue asks for."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from common.dates import months_before

SPANS = (12, 24, 0)  # months; 0 is all of them
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Choice:
    """Months, a currency ("" is everything converted), one month of them, a grouping."""

    span: int = 12
    currency: str = ""
    month: dt.date | None = None
    by: str = ""

    def url(self, **other: Any) -> str:
        """This will return the address of the same page with something else chosen."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        wanted = {
            "months": self.span,
            "currency": self.currency,
            "month": month,
            "by": self.by,
            **other,
        }
        parts = {
            key: value
            for key, value in wanted.items()
            if value not in ("", None) and (key, value) != ("months", 12)
        }
        return f"?{urlencode(parts)}"

    def first(self, last: dt.date, earliest: dt.date) -> dt.date:
        """This will return the first month shown; no span begins before the ledger."""
        begin = last.replace(day=1)
        if not self.span:
            return earliest
        return max(months_before(begin, self.span - 1), earliest)

    def period(self, last: dt.date, earliest: dt.date) -> tuple[dt.date, dt.date]:
        """This will return the first days of the first and last month that are summed."""
        if self.month:
            return self.month, self.month
        return self.first(last, earliest), last.replace(day=1)


def choice_of(asked: QueryDict, *, by: tuple[str, ...] = ("",)) -> Choice:
    """This will read the address; whatever makes no sense is the usual."""
    span, currency = asked.get("months", ""), asked.get("currency", "")
    wanted = asked.get("by", "")
    return Choice(
        span=int(span) if span in map(str, SPANS) else SPANS[0],
        currency=currency if CURRENCY.match(currency) else "",
        month=month_of(asked.get("month", "")),
        by=wanted if wanted in by else by[0],
    )


def month_of(text: str) -> dt.date | None:
    """This will read "2026-10" as the first day of that month; None for anything else."""
    found = MONTH.match(text)
    if not found or int(found[1]) < 1970:
        return None
    return dt.date(int(found[1]), int(found[2]), 1)


def month_end(month: dt.date) -> dt.date:
    """This will return the last day of a month, told by its first."""
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
