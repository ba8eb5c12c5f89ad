"""The lines of the ledger in words: which icon, what happened, and what was before."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from health.calculations.ledger import CHILD, DATA, FRESHNESS, KNOWN, SCORECARD, Line
from health.calculations.scorecard import ScoredMeasure
from health.enums import Basis
from health.models import Override
from health.reading_words import applies, icon_of, label_of, place_of, reading_words
from health.selectors.ledger import Movement
from health.selectors.standing import Snapshot

# An icon, a sentence, and a second one beneath it, perhaps empty.
Words = tuple[str, str, str]


def line_words(found: Movement, line: Line) -> Words:
    """This will say what a line of the ledger is about."""
    if line.step == DATA:
        return _data(found, line.key)
    if line.step == FRESHNESS:
        return _aged(found, line.key)
    if line.step == SCORECARD:
        return _weighed(found, line.key)
    if line.step == KNOWN:
        return _known(found)
    if line.step == CHILD:
        return "building-2", _child(found, line.key), ""
    return _by_hand(found)


def _data(found: Movement, key: str) -> Words:
    now, was = reading_words(found.last, key), reading_words(found.first, key)
    label = {"signal": label_of(key)}
    if now is None:
        gone = applies(found.last, key)
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
            if applies(found.first, key)
            else _("Did not apply before")
        )
    elif was == now:
        more = _read_again(found, key)
    else:
        more = _("Before: %(found)s") % {"found": was}
    return icon_of(key), text, more


def _read_again(found: Movement, key: str) -> str:
    """This will say why the same words count for something else."""
    first, last = _age(found.first, key), _age(found.last, key)
    if last < first + found.days and _fades(found.last, key):
        return _("Heard of anew, so it counts in full again")
    return _("Measured by what is good for a customer of this age")


def _age(found: Snapshot, key: str) -> int:
    place = place_of(found, key)
    return 0 if place is None else int(found.readings.age[0, place])


def _fades(found: Snapshot, key: str) -> bool:
    line = found.rules.line(key)
    return line is not None and _age(found, key) < line.freshness.maximum


def _fresh(found: Snapshot, key: str) -> float:
    place = place_of(found, key)
    value = 0.0 if place is None else float(found.frame.freshness[0, place])
    return 0.0 if math.isnan(value) else value


def _aged(found: Movement, key: str) -> Words:
    days = _age(found.last, key)
    place = place_of(found.first, key)
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


def _weighed(found: Movement, key: str) -> Words:
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


def _known(found: Movement) -> Words:
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


def _by_hand(found: Movement) -> Words:
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
