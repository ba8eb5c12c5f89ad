"""The answers of one survey in a period, counted in the ways a results page needs.

Everything is grouped by the database: the number of queries does not depend on how many
answers there are. Only what counts enters a figure; the rest is counted apart.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, DateField, ExpressionWrapper, Q
from django.db.models.functions import TruncMonth, TruncQuarter, TruncWeek

from accounts.models import User
from customers.models.scope import ScopedQuerySet
from surveys.calculations.periods import Period
from surveys.calculations.satisfaction import Tally
from surveys.models import Invitation, Response, Survey
from surveys.models.response import ResponseQuerySet

TRUNCATED: Mapping[str, Any] = {
    "week": TruncWeek,
    "month": TruncMonth,
    "quarter": TruncQuarter,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: of a survey, in a period, of customers that a person may see.

    The days are the company's, so that everybody reads the same figure.
    """

    survey: Survey
    user: User
    period: Period
    zone: ZoneInfo
    version: int = 0

    def answers(self) -> ResponseQuerySet:
        """This will keep the answers, whether they count or not."""
        rows: ResponseQuerySet = Response.objects.visible_to(self.user).filter(
            self.within("responded_at"), version__survey=self.survey
        )
        return rows.filter(version__number=self.version) if self.version else rows

    def invitations(self) -> ScopedQuerySet[Invitation]:
        """This will keep those whose turn came in the period."""
        rows: ScopedQuerySet[Invitation] = Invitation.objects.visible_to(
            self.user
        ).filter(self.within("created_at"), survey=self.survey)
        return rows.filter(version__number=self.version) if self.version else rows

    def within(self, field: str) -> Q:
        """This will hold a moment to the period."""
        start, end = self.period.moments(self.zone)
        condition = Q(**{f"{field}__lt": end})
        return condition & Q(**{f"{field}__gte": start}) if start else condition


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the answers: whose, under which name, and how they are spread."""

    key: str
    name: str
    tally: Tally


class Answers:
    """Answers counted by score and by everything that stands on answer or customer."""

    # The column of the key, and the one of the name.
    PARTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "segment": ("customer__segment_id", "customer__segment__name"),
        "owner": ("customer__owner_id", "customer__owner__name"),
        "stage": ("customer__stage", "customer__stage"),
        "language": ("language", "language"),
        "version": ("version__number", "version__number"),
    }

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        rows = list(rows)
        self._rows = [row for row in rows if row["counted"]]
        self.discounted = sum(row["n"] for row in rows if not row["counted"])
        self.flagged = sum(row["n"] for row in self._rows if row["flagged"])
        self.tally = _tally(self._rows)
        self.count = sum(self.tally.values())

    def parts(self, dimension: str) -> list[Part]:
        """This will split the answers by segment, owner, stage, language or version."""
        key, name = self.PARTS[dimension]
        found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self._rows:
            found[_text(row[key])].append(row)
        return [
            Part(key_text, _text(rows[0][name]), _tally(rows))
            for key_text, rows in sorted(found.items())
        ]


def results_answers(wanted: Wanted) -> Answers:
    """This will count the answers by all that they are broken down by. One query."""
    columns = sorted({name for pair in Answers.PARTS.values() for name in pair})
    flagged = ExpressionWrapper(~Q(flags=[]), output_field=BooleanField())
    rows = wanted.answers().annotate(flagged=flagged).order_by()
    return Answers(rows.values("score", "counted", "flagged", *columns).annotate(n=Count("id")))  # fmt: skip


def results_tally(wanted: Wanted) -> Tally:
    """This will count what counts by score alone, as for the period before. One query."""
    rows = wanted.answers().counted().order_by().values_list("score")
    return dict(rows.annotate(n=Count("id")))


def results_by_customer(wanted: Wanted) -> dict[int, Tally]:
    """This will count what counts by customer and score. One query."""
    rows = wanted.answers().counted().order_by().values_list("customer_id", "score")
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for customer, score, n in rows.annotate(n=Count("id")):
        found[customer][score] = n
    return dict(found)


def results_over_time(wanted: Wanted, step: str) -> dict[dt.date, Tally]:
    """This will count what counts by week, month or quarter (its first day). One query."""
    at = TRUNCATED[step]("responded_at", tzinfo=wanted.zone, output_field=DateField())
    rows = wanted.answers().counted().order_by().annotate(at=at)
    found: dict[dt.date, dict[int, int]] = defaultdict(dict)
    for day, score, n in rows.values_list("at", "score").annotate(n=Count("id")):
        found[day][score] = n
    return dict(found)


def results_first_day(wanted: Wanted) -> dt.date | None:
    """This will return the local day of the first answer ever. One query."""
    everything = Response.objects.visible_to(wanted.user).counted()
    rows = everything.filter(version__survey=wanted.survey)
    first = rows.order_by("responded_at", "id").values_list("responded_at", flat=True)
    moment = first.first()
    return moment.astimezone(wanted.zone).date() if moment else None


def _tally(rows: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for row in rows:
        total[row["score"]] += row["n"]
    return dict(total)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
