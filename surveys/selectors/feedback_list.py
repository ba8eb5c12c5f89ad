"""The list of what customers said without being asked."""

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from customers.selectors.search import customers_named
from customers.timeline import Place
from surveys.models import Feedback

SHOWN = 50
SOURCE = "feedback"
FOUND = 20


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Feedback, newest first; `older` is the place to go on from, "" for none."""

    rows: list[Feedback]
    older: str


def feedback_counts(user: User, *, words: str = "") -> dict[str, int]:
    """This will count what a person may see by source; one query."""
    counted = _found(user, words).order_by().values("source").annotate(n=Count("id"))
    return dict(counted.values_list("source", "n"))


def feedback_page(
    user: User, *, source: str = "", words: str = "", behind: Place | None = None
) -> FeedbackPage:
    """This will return 50 comments behind a place. Two queries, the themes' included."""
    rows = _found(user, words)
    if source:
        rows = rows.filter(source=source)
    if behind:
        rows = rows.filter(behind.behind(SOURCE, "said_at"))
    related = ("customer__owner", "contact", "ticket", "author")
    rows = rows.select_related(*related).prefetch_related("mentions__theme")
    shown = list(rows.order_by("-said_at", "-id")[: SHOWN + 1])
    last = shown[:SHOWN][-1] if len(shown) > SHOWN else None
    older = Place(last.said_at, SOURCE, last.pk).encode() if last else ""
    return FeedbackPage(shown[:SHOWN], older)


def customers_to_speak_of(user: User, words: str) -> list[Customer]:
    """This will find customers that the person may write about, by name or external id."""
    if not words:
        return []
    named = customers_named(words).editable_by(user).order_by("name", "id")[:FOUND]
    known = Customer.objects.editable_by(user).filter(external_id=words)
    return list({row.pk: row for row in [*known, *named]}.values())


def _found(user: User, words: str) -> ScopedQuerySet[Feedback]:
    found = Feedback.objects.visible_to(user)
    return found.filter(text__icontains=words) if words else found
