"""What an app above subclasses to take part in customers' mechanisms.

Named by dotted paths in settings (IMPORTERS, CUSTOMER_PANELS), resolved when they are
needed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from accounts.models import Company, User
from customers.importing.importer import Importer
from customers.models import Customer
from customers.timeline import Place, TimelineLine

__all__ = ["CustomerPanel", "Fact", "Importer", "Tag"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the few figures under a customer's name, in words ready to show."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """How a customer stands, beside its name."""

    tone: str
    icon: str
    text: str


class CustomerPanel:
    """A part of the customer's page: a card, facts under the name, lines of the timeline.

    One is made per request. What `facts`, `context` and `tag` share belongs in a
    cached_property, so that a panel reads its rows once.
    """

    title: ClassVar[Any]
    anchor: ClassVar[str]
    zone: ClassVar[Literal["main", "rail"]] = "rail"
    template: ClassVar[str]
    # Kinds of events that the panel's own lines tell of, so that none is told twice.
    tells: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, *, customer: Customer, user: User, company: Company, now: dt.datetime
    ) -> None:
        self.customer, self.user, self.company, self.now = customer, user, company, now

    def context(self) -> dict[str, Any]:
        """This will return what the template needs; it gets the panel as `panel`."""
        return {}

    def count(self) -> int | None:
        """This will return the number beside the panel's name in the page's menu."""
        return None

    def tag(self) -> Tag | None:
        """This will say how the customer stands; the first panel that knows is shown."""
        return None

    def marks(self) -> Sequence[Tag]:
        """This will return what else stands beside the name: it is shown in any case."""
        return ()

    def facts(self) -> Sequence[Fact]:
        """This will return figures for the top of the page."""
        return ()

    def timeline(
        self, *, behind: Place | None, limit: int
    ) -> Sequence[Sequence[TimelineLine]]:
        """This will return, per source, the next lines behind a place, newest first."""
        del behind, limit
        return ()
