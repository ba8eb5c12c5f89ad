"""What a trigger is."""

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is a customer's turn. `round` is the same however often it is looked at."""

    customer_id: int
    # Whom it is about, where that is known.
    contact_id: int | None
    round: str
    at: dt.datetime


class Trigger(ABC):
    """Something after which a survey may ask. A subclass and a line in TRIGGERS."""

    key: ClassVar[str]
    label: ClassVar[Any]

    @abstractmethod
    def causes(self, *, since: dt.datetime, until: dt.datetime) -> list[Cause]:
        """This will return what happened after `since` and up to `until`, oldest first.

        One query, by an index on the time: it is asked every minute.
        """
