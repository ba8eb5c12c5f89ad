"""How the sources stand against their rhythms."""

import datetime as dt
from dataclasses import asdict, dataclass

from health.calculations.sources import RHYTHMS, SourceState
from health.models import Board, Run, SourceRhythm
from health.selectors.frame import Moment, SourceAges, source_ages


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


def customers_on_late_data() -> int:
    """This will count the customers whose score rests on late data. One index is read."""
    return Board.objects.filter(late=True).count()
