"""A list with chips, a search and pages: what both list pages share."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.templatetags import ui
from health.models.board import BoardQuerySet
from health.selectors.board import board_counts, board_page, cursor_from
from insights.forms import ListForm
from insights.rows import Row, rows_of

# Shown only while there is something behind them.
QUIET = ("snoozed", "unknown", "gone")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link with its count."""

    name: str
    label: str | Promise
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list and everything around it."""

    filter: str
    words: str
    chips: list[Chip]
    counts: dict[str, int]
    rows: list[Row]
    total: int
    position: str
    previous_url: str
    next_url: str

    @property
    def whole(self) -> int:
        """How many there are without a filter."""
        return self.counts[next(iter(self.counts))]


def listing(
    query: QueryDict,
    *,
    board: Callable[[str], BoardQuerySet],
    filters: dict[str, Q],
    labels: Mapping[str, str | Promise],
    as_of: dt.date,
) -> Listing:
    """This will read a page of the list that the address asks for.

    `board` gives the rows for the words searched. Costs three queries: counts, rows and
    their scorecards.
    """
    chosen, words, place = ListForm(query).asked(filters)
    rows = board(words)
    counts = board_counts(rows, filters)
    kept = rows.filter(filters[chosen])
    page = board_page(kept, cursor_from(place))
    if page.last > counts[chosen]:  # The list has moved under the cursor.
        page = board_page(kept, None)

    def url(name: str, at: str = "") -> str:
        first = next(iter(filters))
        parts = {"f": "" if name == first else name, "q": words, "at": at}
        asked = {key: value for key, value in parts.items() if value}
        return f"?{urlencode(asked)}"

    total = counts[chosen]
    return Listing(
        filter=chosen,
        words=words,
        chips=[
            Chip(name, label, counts[name], url(name), name == chosen)
            for name, label in labels.items()
            if counts[name] or name == chosen or name not in QUIET
        ],
        counts=counts,
        rows=rows_of(page, as_of=as_of),
        total=total,
        position=_("%(first)s to %(last)s of %(total)s")
        % {
            "first": ui.number(page.first),
            "last": ui.number(page.last),
            "total": ui.number(total),
        },
        previous_url=url(chosen, page.previous) if page.previous else "",
        next_url=url(chosen, page.following) if page.following else "",
    )
