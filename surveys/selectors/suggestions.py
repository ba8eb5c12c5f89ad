"""Suggested themes as the page shows them."""

from dataclasses import dataclass

from accounts.models import User
from surveys.models import Feedback, Response, Suggestion, SuggestionRun
from surveys.selectors.theme import CommentLine, name_of

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion with some of its comments; `size` counts all of them."""

    suggestion: Suggestion
    examples: list[CommentLine]
    size: int

    @property
    def name(self) -> str:
        """A name to begin with."""
        return name_of(self.suggestion.words)


def suggestion_run() -> SuggestionRun | None:
    """This will return the newest search for groups. One query."""
    return SuggestionRun.objects.order_by("-started_at", "-pk").first()


def suggestion_run_done() -> SuggestionRun | None:
    """This will return the newest search that came to an end. One query."""
    done = SuggestionRun.objects.filter(state="done")
    return done.order_by("-started_at", "-pk").first()


def suggestion_lines(*, run: SuggestionRun | None, user: User) -> list[SuggestionLine]:
    """This will return a run's suggestions that nobody has decided on. Three queries."""
    if run is None:
        return []
    rows = list(
        run.suggestions.filter(theme=None, dismissed_at=None).order_by("position")
    )
    wanted = (
        {pk for row in rows for pk in row.responses},
        {pk for row in rows for pk in row.feedback},
    )
    said = {
        one.pk: one
        for one in Response.objects.visible_to(user)
        .filter(pk__in=wanted[0])
        .select_related("customer", "contact")
    }
    told = {
        one.pk: one
        for one in Feedback.objects.visible_to(user)
        .filter(pk__in=wanted[1])
        .select_related("customer", "contact")
    }
    made = []
    for row in rows:
        lines = [CommentLine(said[pk]) for pk in row.responses if pk in said]
        lines += [CommentLine(told[pk]) for pk in row.feedback if pk in told]
        if lines:
            made.append(SuggestionLine(row, lines[:EXAMPLES], len(lines)))
    return made
