"""Which months a page about what came back shows, and where its figures lead."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from common.dates import months_before

SPANS: dict[int, Any] = {
    3: gettext_lazy("3 months"),
    6: gettext_lazy("6 months"),
    12: gettext_lazy("12 months"),
    24: gettext_lazy("24 months"),
    0: gettext_lazy("All the time"),
}
USUAL = 12


@dataclass(frozen=True, slots=True)
class Span:
    """So many months, the present one among them; 0 is all of them."""

    months: int
    today: dt.date

    @property
    def first(self) -> dt.date | None:
        """The first day on which a payment failed that is shown; None for the first of all."""
        if not self.months:
            return None
        return months_before(self.today.replace(day=1), self.months - 1)

    def url(self, months: int) -> str:
        """This will return the address of the same page for other months."""
        return f"?months={months}" if months != USUAL else "?"

    def cases(self, **asked: str) -> str:
        """This will return the address of the failed payments behind a figure."""
        if self.first and "cohort" not in asked:
            asked["since"] = f"{self.first:%Y-%m}"
        # The list shows open ones unless it is told otherwise.
        asked.setdefault("state", "all")
        return f"{reverse('failed_payments')}?{urlencode(asked)}"


def span_of(asked: QueryDict, today: dt.date) -> Span:
    """This will read the address; what makes no sense is the usual."""
    months = asked.get("months", "")
    known = months in map(str, SPANS)
    return Span(int(months) if known else USUAL, today)
