"""Why a score moved, in sentences with figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from health.calculations.ledger import (
    BY_HAND,
    CHILD,
    DATA,
    FRESHNESS,
    KNOWN,
    SCORECARD,
    Line,
)
from health.ledger_lines import line_words
from health.selectors.ledger import Movement

ORDER = (DATA, CHILD, FRESHNESS, SCORECARD, KNOWN, BY_HAND)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line in words. `key` names the measure whose rows are behind it, if any.

    `change` is exact, `points` whole so that all of them add up.
    """

    step: str
    key: str
    icon: str
    text: str
    more: str
    points: int
    change: float

    @property
    def weak(self) -> bool:
        """Whether it moved the score by less than a whole point."""
        return not self.points and self.step not in (KNOWN, BY_HAND)


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one step; `small` are those too weak to show a whole point."""

    step: str
    title: str
    points: int
    sentences: list[Sentence]
    small: list[Sentence]


def titles() -> Mapping[str, str]:
    """This will return what the steps are called."""
    return {
        DATA: _("Data"),
        CHILD: _("Its children"),
        FRESHNESS: _("Freshness"),
        SCORECARD: _("Scorecard"),
        KNOWN: _("How much is known"),
        BY_HAND: _("By hand"),
    }


def sentences(found: Movement) -> list[Sentence]:
    """This will put every line into words, in the ledger's order."""
    return [_sentence(found, line, points) for line, points in found.lines]


def grouped(lines: Iterable[Sentence]) -> list[Group]:
    """This will put sentences under their steps, the strongest first in each."""
    told, groups = titles(), []
    every = list(lines)
    for step in ORDER:
        inside = [line for line in every if line.step == step]
        inside.sort(key=lambda line: (-abs(line.change), line.key))
        if inside:
            weak = [line for line in inside if line.weak]
            strong = [line for line in inside if not line.weak]
            total = sum(line.points for line in inside)
            groups.append(Group(step, told[step], total, strong, weak))
    return groups


def _sentence(found: Movement, line: Line, points: int) -> Sentence:
    icon, text, more = line_words(found, line)
    key = line.key if line.step in (DATA, FRESHNESS, SCORECARD) else ""
    return Sentence(line.step, key, icon, text, more, points, line.change)


def moved_words(found: Movement) -> str:
    """This will say in one sentence how far the score moved."""
    words = {"points": abs(found.points), "day": ui.day_long(found.first.score.as_of)}
    if found.points < 0:
        return (
            ngettext(
                "Down %(points)d point since %(day)s",
                "Down %(points)d points since %(day)s",
                abs(found.points),
            )
            % words
        )
    if found.points > 0:
        return (
            ngettext(
                "Up %(points)d point since %(day)s",
                "Up %(points)d points since %(day)s",
                found.points,
            )
            % words
        )
    return _("No change since %(day)s") % words
