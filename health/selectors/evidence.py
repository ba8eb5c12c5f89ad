"""The rows behind a measure on a day, as they were known that day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Company
from health.measures import MEASURES
from health.models import Score
from health.selectors.evidence_rows import Asked, Behind, billed, people, said, used

# As many rows as are read; the rest is counted.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest rows behind a measure, and how many there are in all.

    `first` and `last` are the ends of the window, both included; without a first day
    everything up to the last one counts. `kind` names the template of a row.
    """

    kind: str
    rows: list[Any]
    total: int
    first: dt.date | None
    last: dt.date

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


READERS: dict[str, Callable[[Asked], Behind]] = {
    "usage": used.usage,
    "tickets": said.tickets,
    "answers": said.answers,
    "invoices": billed.invoices,
    "payments": billed.payments,
    "subscriptions": billed.subscriptions,
    "interactions": people.interactions,
    "contacts": people.contacts,
    "tasks": people.tasks,
    "profile": people.profile,
}


def evidence(*, score: Score, key: str, company: Company) -> Evidence:
    """This will return the rows behind a measure of a stored score.

    `score.run` must be there: it says what was known. The window ends with the source's
    last day on time. Costs two queries at most.
    """
    source = MEASURES[key].source
    late = score.run.parameters.get("late", {}).get(source, 0)
    asked = Asked(
        customer_id=score.customer_id,
        key=key,
        as_of=score.as_of,
        last=score.as_of - dt.timedelta(days=late),
        known=score.run.known_before,
        zone=ZoneInfo(company.time_zone),
        limit=SHOWN,
    )
    found = READERS[source](asked)
    return Evidence(found.kind, found.rows, found.total, found.first, asked.last)
