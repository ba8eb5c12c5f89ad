"""Why a customer's score moved between two stored days."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from health.calculations.ledger import Ledger, Line
from health.calculations.ledger import ledger as split
from health.calculations.ledger_cells import Datum, Side
from health.enums import Band, Basis
from health.measures import MEASURES
from health.models import Override, Score
from health.selectors.ledger_children import children_ledger
from health.selectors.standing import Snapshot, snapshot_of


@dataclass(frozen=True, slots=True)
class Movement:
    """Two stored days of a customer and the lines between them.

    `shown` are whole points, a line each, that add up to the shown difference. `given`
    are the scores set by hand that counted on either day, None where there was none.
    """

    first: Snapshot
    last: Snapshot
    split: Ledger
    shown: list[int]
    given: tuple[Override | None, Override | None]
    # What the lines of children say, by the line's key.
    children: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return (self.last.score.as_of - self.first.score.as_of).days

    @property
    def points(self) -> int:
        """The difference of the scores as they are shown."""
        return sum(self.shown)

    @property
    def lines(self) -> list[tuple[Line, int]]:
        return list(zip(self.split.lines, self.shown, strict=True))


def latest_snapshot(*, customer_id: int, on: dt.date | None = None) -> Snapshot | None:
    """This will return the newest stored day, at or before a day if one is named.

    One query.
    """
    score = _score_on(customer_id, on or dt.date.max)
    return None if score is None else snapshot_of(score)


def ledger(*, customer_id: int, first: dt.date, last: dt.date) -> Movement | None:
    """This will split what happened to a score between two days into lines.

    Each day is the nearest stored one at or before it; where nothing is stored before
    the first day, the oldest one. None where there are no two different days. Costs four
    queries.
    """
    end = _score_on(customer_id, last)
    start = _score_on(customer_id, first) or _oldest(customer_id)
    if end is None or start is None or start.as_of >= end.as_of:
        return None
    return movement(snapshot_of(start), snapshot_of(end))


def movement(first: Snapshot, last: Snapshot) -> Movement:
    """This will split the difference of two snapshots of one customer.

    One query where somebody set the score by hand; more for a parent that is made of its
    children on both days (health.selectors.ledger_children).
    """
    if first.score.basis == last.score.basis == Basis.ROLLUP:
        found, names = children_ledger(first, last)
        return Movement(first, last, found, found.shown(), (None, None), names)
    found = split(side_of(first), side_of(last))
    return Movement(first, last, found, found.shown(), _given(first, last))


def side_of(found: Snapshot) -> Side:
    """This will put a kept score as the ledger reads it."""
    score, readings = found.score, found.readings
    return Side(
        day=score.as_of.toordinal(),
        tenure=score.tenure,
        data={
            key: Datum(
                float(readings.value[0, place]),
                int(readings.age[0, place]),
                late_by(found, key),
            )
            for place, key in enumerate(readings.layout)
        },
        rules=found.rules,
        fixed=None if score.basis == Basis.OWN else score.score,
        unknown=score.band == Band.UNKNOWN,
    )


def late_by(found: Snapshot, key: str) -> int:
    """This will return how many days the source of a measure was late."""
    measure = MEASURES.get(key)
    return found.late.get(measure.source, 0) if measure else 0


def _score_on(customer_id: int, day: dt.date) -> Score | None:
    rows = Score.objects.filter(customer_id=customer_id, as_of__lte=day)
    return _with_run(rows.order_by("-as_of")).first()


def _oldest(customer_id: int) -> Score | None:
    rows = Score.objects.filter(customer_id=customer_id)
    return _with_run(rows.order_by("as_of")).first()


def _with_run(rows: QuerySet[Score]) -> QuerySet[Score]:
    return rows.select_related("run", "scorecard_version__scorecard")


def _given(first: Snapshot, last: Snapshot) -> tuple[Override | None, Override | None]:
    """This will find who set the score on either day. One query, none where nobody did."""
    days = first.score, last.score
    if all(score.basis != Basis.OVERRIDE for score in days):
        return None, None
    rows = list(
        Override.objects.filter(customer_id=last.score.customer_id)
        .select_related("author")
        .order_by("-created_at", "-id")
    )
    start, end = (_who_set(rows, score) for score in days)
    return start, end


def _who_set(rows: list[Override], score: Score) -> Override | None:
    """This will return the newest row that fits a stored score.

    One that the run knew goes first; the latest day is scored anew when a score is set.
    """
    if score.basis != Basis.OVERRIDE:
        return None
    fits = [
        row
        for row in rows
        if row.score == score.score and row.expires_on >= score.as_of
    ]
    known = score.run.known_before
    ran = [
        row
        for row in fits
        if row.created_at < known and (row.ended_at is None or row.ended_at >= known)
    ]
    return next(iter([*ran, *fits]), None)
