"""How the sources stand against their rhythms."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import connection

from health.calculations.sources import RHYTHMS, SourceState, usual_silence
from health.models import Board, Run, SourceRhythm
from health.selectors.frame import Moment, SourceAges, source_ages

# Raw SQL: it hops over an index from one day with a ticket to the next, 366 times at most,
# where grouping would read all the tickets of a year.
TICKET_DAYS = """
WITH RECURSIVE spoken AS (
  SELECT (min(opened_at) AT TIME ZONE %(zone)s)::date AS day FROM customers_supportticket
  WHERE opened_at >= %(since)s AND opened_at < %(known)s AND recorded_at < %(known)s
  UNION ALL
  SELECT (
    SELECT (min(opened_at) AT TIME ZONE %(zone)s)::date FROM customers_supportticket
    WHERE opened_at >= (spoken.day + 1)::timestamp AT TIME ZONE %(zone)s
      AND opened_at < %(known)s AND recorded_at < %(known)s
  )
  FROM spoken WHERE spoken.day IS NOT NULL
)
SELECT day FROM spoken WHERE day IS NOT NULL ORDER BY day
"""
LOOKED_BACK = dt.timedelta(days=366)


def rhythms() -> dict[str, int | None]:
    """This will return every source's expected rhythm in days. One query."""
    return RHYTHMS | dict(SourceRhythm.objects.values_list("source", "days"))


def source_states(ages: SourceAges) -> dict[str, SourceState]:
    """This will put ages beside rhythms. One query."""
    expected = rhythms()
    return {key: SourceState(age, expected[key]) for key, age in asdict(ages).items()}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A source as seen on a day."""

    state: SourceState
    seen_from: dt.date

    @property
    def last(self) -> dt.date | None:
        """The day of its last row; None where nothing ever came."""
        if self.state.age < 0:
            return None
        return self.seen_from - dt.timedelta(days=self.state.age)

    @property
    def late_since(self) -> dt.date | None:
        """The first day of lateness; None while it is on time."""
        if not self.state.late:
            return None
        return self.seen_from - dt.timedelta(days=self.state.late - 1)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the latest run, and now; None where that is not known."""

    key: str
    rhythm: int | None
    run: Sighting | None
    now: Sighting | None

    @property
    def shown(self) -> Sighting | None:
        """The newer of the two."""
        return self.now or self.run


def source_lines(*, run: Run | None, moment: Moment | None) -> list[SourceLine]:
    """This will list all sources as the run saw them, and as they stand at a moment.

    Without a moment only what the run kept is looked at: one query. With one, the tables
    of facts are asked for their newest days, see `source_ages`.
    """
    expected = rhythms()
    now = asdict(source_ages(moment)) if moment else {}
    kept = (run.parameters if run else {}).get("sources", {})
    lines = []
    for key in RHYTHMS:
        then, age = kept.get(key), now.get(key)
        lines.append(
            SourceLine(
                key,
                expected[key],
                Sighting(SourceState(**then), run.as_of) if run and then else None,
                Sighting(SourceState(age, expected[key]), moment.as_of)
                if moment and age is not None
                else None,
            )
        )
    return lines


def usual_silences(moment: Moment) -> dict[str, int]:
    """This will say how long a source was usually silent at most, in the last year.

    Only tickets are asked: usage and invoices keep the company's own rhythm, tickets that
    of its customers. One query, milliseconds at any size; nothing where too little is known.
    """
    parameters: dict[str, str | dt.datetime] = {
        "zone": moment.time_zone,
        "known": moment.known_before,
        "since": moment.known_before - LOOKED_BACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(TICKET_DAYS, parameters)
        days = usual_silence([row[0] for row in cursor.fetchall()])
    return {} if days is None else {"tickets": days}


def customers_on_late_data() -> int:
    """This will count the customers whose score rests on late data. One index is read."""
    return Board.objects.filter(late=True).count()
