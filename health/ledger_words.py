"""Why a score moved, in sentences with figures."""

import math
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
from health.calculations.scorecard import ScoredMeasure
from health.enums import Basis
from health.measures import MEASURES
from health.models import Override
from health.readings import NOT_APPLICABLE
from health.selectors.ledger import Movement
from health.selectors.standing import Snapshot

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
    if line.step == DATA:
        icon, text, more = _data(found, line.key)
    elif line.step == FRESHNESS:
        icon, text, more = _aged(found, line.key)
    elif line.step == SCORECARD:
        icon, text, more = _weighed(found, line.key)
    elif line.step == KNOWN:
        icon, text, more = _known(found)
    elif line.step == CHILD:
        icon, text, more = "building-2", _child(found, line.key), ""
    else:
        icon, text, more = _by_hand(found)
    key = line.key if line.step in (DATA, FRESHNESS, SCORECARD) else ""
    return Sentence(line.step, key, icon, text, more, points, line.change)


def reading_words(found: Snapshot, key: str) -> str | None:
    """This will say what a measure read on a day; None where there is no value."""
    measure, place = MEASURES.get(key), _place(found, key)
    if measure is None or place is None:
        return None
    value = float(found.readings.value[0, place])
    if math.isnan(value):
        return None
    before = float(found.readings.before[0, place])
    return measure.sentence(value, before, found.score.as_of)


def label_of(key: str) -> str:
    """This will name a measure, also one that is no longer taken."""
    return str(MEASURES[key].label) if key in MEASURES else key


def _place(found: Snapshot, key: str) -> int | None:
    layout = found.readings.layout
    return layout.index(key) if key in layout else None


def _icon(key: str) -> str:
    return MEASURES[key].icon if key in MEASURES else "circle-question-mark"


def _data(found: Movement, key: str) -> tuple[str, str, str]:
    now, was = reading_words(found.last, key), reading_words(found.first, key)
    label = {"signal": label_of(key)}
    if now is None:
        gone = _applies(found.last, key)
        text = (
            _("%(signal)s: not known any more") % label
            if gone
            else _("%(signal)s: does not apply any more") % label
        )
    else:
        text = now
    if was is None:
        more = (
            _("Not known before")
            if _applies(found.first, key)
            else _("Did not apply before")
        )
    elif was == now:
        more = _read_again(found, key)
    else:
        more = _("Before: %(found)s") % {"found": was}
    return _icon(key), text, more


def _applies(found: Snapshot, key: str) -> bool:
    place = _place(found, key)
    return place is not None and found.readings.age[0, place] != NOT_APPLICABLE


def _read_again(found: Movement, key: str) -> str:
    """This will say why the same words count for something else."""
    first, last = _age(found.first, key), _age(found.last, key)
    if last < first + found.days and _fades(found.last, key):
        return _("Heard of anew, so it counts in full again")
    return _("Measured by what is good for a customer of this age")


def _age(found: Snapshot, key: str) -> int:
    place = _place(found, key)
    return 0 if place is None else int(found.readings.age[0, place])


def _fades(found: Snapshot, key: str) -> bool:
    line = found.rules.line(key)
    return line is not None and _age(found, key) < line.freshness.maximum


def _fresh(found: Snapshot, key: str) -> float:
    place = _place(found, key)
    value = 0.0 if place is None else float(found.frame.freshness[0, place])
    return 0.0 if math.isnan(value) else value


def _aged(found: Movement, key: str) -> tuple[str, str, str]:
    days = _age(found.last, key)
    place = _place(found.first, key)
    then = 0.0 if place is None else _fresh(found.first, key)
    now = _fresh(found.last, key)
    said = reading_words(found.last, key) or label_of(key)
    words = {"found": said, "now": ui.percent(now), "then": ui.percent(then)}
    text = (
        _("%(found)s: too old to count") % words
        if not now
        else _("%(found)s: counts %(now)s, before %(then)s") % words
    )
    more = ngettext("%(days)d day old", "%(days)d days old", days) % {"days": days}
    return "hourglass", text, more


def _weighed(found: Movement, key: str) -> tuple[str, str, str]:
    first, last = found.first.rules.line(key), found.last.rules.line(key)
    words = {"signal": label_of(key)}
    text = _("%(signal)s: looked at in another way") % words
    if not key:
        text = _("The score is made of its children in another way")
    elif last is None or not last.weight:
        text = _("%(signal)s: no longer on the scorecard") % words
    elif first is None or not first.weight:
        text = _("%(signal)s: new on the scorecard") % words
    return "sliders-horizontal", text, "; ".join(_differences(first, last))


def _differences(first: ScoredMeasure | None, last: ScoredMeasure | None) -> list[str]:
    then = first.weight if first else 0.0
    now = last.weight if last else 0.0
    words = {"now": ui.percent(now, 1), "then": ui.percent(then, 1)}
    told = [_("weight %(now)s, before %(then)s") % words] if now != then else []
    if first and last:
        if (first.anchors, first.by_age) != (last.anchors, last.by_age):
            told.append(_("other borders of good and bad"))
        if first.freshness != last.freshness:
            told.append(_("fades in another way"))
    return told


def _child(found: Movement, key: str) -> str:
    """This will name a child; without one it is what they weigh, or one is gone."""
    return found.children.get(key) or _("Their share, or a child that is gone")


def _known(found: Movement) -> tuple[str, str, str]:
    words = {
        "now": ui.percent(found.last.score.coverage),
        "then": ui.percent(found.first.score.coverage),
    }
    if found.split.first is None:
        text = _("Scored for the first time")
    elif found.split.last is None:
        text = _("Nothing is known any more that could be scored")
    elif found.last.score.band:
        text = _("Enough is known for a verdict again")
    else:
        text = _("Too little is known for a verdict")
    more = _("%(now)s of what counts is known, before %(then)s") % words
    return "circle-question-mark", text, more


def _by_hand(found: Movement) -> tuple[str, str, str]:
    then, now = found.given
    if now is not None and (then is None or then.pk != now.pk):
        return "hand", given_words(now), now.reason
    if now is not None:
        text = _("Set by hand: %(score)d, whatever the data says")
        return "hand", text % {"score": now.score}, now.reason
    if then is not None:
        return "hand", _("No longer set by hand"), ""
    if found.last.score.basis == Basis.ROLLUP:
        return "network", _("The score of its children counts"), ""
    if found.first.score.basis == Basis.ROLLUP:
        return "network", _("Its own data counts, no longer its children"), ""
    return "hand", _("Set by hand"), ""


def given_words(override: Override) -> str:
    """This will say who set which score until when."""
    words = {
        "name": override.author.name if override.author else _("Somebody"),
        "score": override.score,
        "day": ui.day_long(override.expires_on),
    }
    return _("%(name)s set the score to %(score)d until %(day)s") % words


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
