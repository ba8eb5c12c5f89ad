"""What a line of the timeline is, and the order the lines stand in.

Newest first; at the same moment by source, then by the newer row. A source reads only
what lies behind a `Place`, so pages meet without a gap or a line shown twice.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone

FALLBACK = "customers/events/fallback.html"
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """Something that happened. The template gets the line as `line`."""

    source: str
    pk: int
    happened_at: dt.datetime
    template: str
    data: dict[str, Any] = field(default_factory=dict)
    # The day alone where no time is known.
    day: dt.date | None = None

    @property
    def when(self) -> dt.date:
        """The day, or the moment where it is known."""
        return self.day or self.happened_at

    @property
    def place(self) -> "Place":
        return Place(self.happened_at, self.source, self.pk)

    @property
    def order(self) -> tuple[float, str, int]:
        return (-self.happened_at.timestamp(), self.source, -self.pk)


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which line a page begins."""

    moment: dt.datetime
    source: str
    pk: int

    def encode(self) -> str:
        """This will return the place as it stands in an address."""
        text = SEPARATOR.join((self.moment.isoformat(), self.source, str(self.pk)))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def behind(self, source: str, field: str) -> Q:
        """This will keep what a source has behind this place."""
        if source < self.source:
            return Q(**{f"{field}__lt": self.moment})
        reached = Q(**{f"{field}__lte": self.moment})
        if source > self.source:
            return reached
        return reached & (Q(**{f"{field}__lt": self.moment}) | Q(pk__lt=self.pk))

    def behind_day(self, source: str, field: str) -> Q:
        """This will do the same for a source that knows only days."""
        local = timezone.localtime(self.moment)
        day, sharp = local.date(), local.time() == dt.time()
        if not sharp or source > self.source:
            return Q(**{f"{field}__lte": day})
        earlier = Q(**{f"{field}__lt": day})
        if source < self.source:
            return earlier
        return earlier | Q(**{field: day, "pk__lt": self.pk})


def place_from(text: str) -> Place | None:
    """This will read a place; None (the newest) for anything that is not one."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, source, pk = raw.split(SEPARATOR)
        place = Place(dt.datetime.fromisoformat(moment), source, int(pk))
    except (ValueError, binascii.Error):
        return None
    sound = (
        place.moment.tzinfo is not None
        and 1900 <= place.moment.year < 2200
        and 0 <= place.pk < 2**63
    )
    return place if sound else None


def day_start(day: dt.date) -> dt.datetime:
    """This will return where a day without a time stands: at its beginning."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def merged(sources: Iterable[Sequence[TimelineLine]], limit: int) -> list[TimelineLine]:
    """This will put all sources' lines in order and keep the first ones."""
    lines = [line for source in sources for line in source]
    return sorted(lines, key=lambda line: line.order)[:limit]


def event_template(kind: str) -> str:
    """This will name an event's template: `<app>/events/<name>.html`, or the fallback."""
    app, _, name = kind.partition(".")
    path = f"{app}/events/{name}.html"
    if not (app.isidentifier() and name.isidentifier()):
        return FALLBACK
    try:
        get_template(path)
    except TemplateDoesNotExist:
        return FALLBACK
    return path
