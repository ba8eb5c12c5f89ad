"""What the page "What if" shows: today, then, and the difference, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from numpy.typing import NDArray

from common.templatetags import ui
from health.calculations.economics import MOST_RETENTION
from health.calculations.levers import STEP, Lever, Pull, pulls
from health.calculations.what_if import (
    Assumptions,
    Change,
    Outcome,
    Paths,
    Worth,
    changed,
    moved,
    worth,
)
from health.change_words import change_words, whole
from health.selectors.value_paths import Kept, Names
from health.value_forms import Choices
from health.what_if_charts import paths_figure
from health.what_if_words import (
    break_even,
    elasticity,
    gain_money,
    gain_percent,
    headline,
    span_words,
    sum_range,
)

SEGMENT, PLAN = "s", "p"
LEVERS = {
    Lever.RETENTION: gettext_lazy("Keep more customers"),
    Lever.PRICE: gettext_lazy("Raise prices"),
    Lever.MARGIN: gettext_lazy("Raise the margin"),
    Lever.SERVICE: gettext_lazy("Serve at less cost"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure today and then; `way` is 1 where it rises, −1 where it falls."""

    name: str
    now: str
    then: str
    change: str
    way: int
    share: str = ""  # of what it was
    now_range: str = ""
    then_range: str = ""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A segment or a plan."""

    name: str
    customers: float
    now: float
    then: float
    each: float  # of a customer, now
    change: str
    now_range: str = ""
    then_range: str = ""


def whom_choices(kept: Kept, names: Names) -> Choices:
    """This will offer all customers, a segment, or a plan, as far as there are some."""
    segments = _known({row.segment_id for row in kept.rows}, names.segments, SEGMENT)
    plans = _known({row.plan_id for row in kept.rows}, names.plans, PLAN)
    choices: Choices = [("", _("All customers"))]
    if len(segments) > 1:
        choices.append((_("Segment"), segments))
    if len(plans) > 1:
        choices.append((_("Plan"), plans))
    return choices


def _known(ids: set[int], names: Mapping[int, str], kind: str) -> Choices:
    found = [(f"{kind}{pk}", _name(names, pk, kind)) for pk in ids]
    return sorted(found, key=lambda choice: (choice[0] == f"{kind}0", choice[1]))


def _name(names: Mapping[int, str], pk: int, kind: str) -> str:
    none = _("No segment") if kind == SEGMENT else _("No plan")
    return names.get(pk, none)


def _keys(kept: Kept, kind: str) -> list[int]:
    return [row.plan_id if kind == PLAN else row.segment_id for row in kept.rows]


def what_if_content(
    kept: Kept,
    *,
    whom: str,
    now: Assumptions,
    change: Change,
    names: Names,
    currency: str,
) -> dict[str, Any]:
    """This will put a change to some of the customers into words and pictures."""
    kind, pk = whom[:1], int(whom[1:] or 0)
    mask = np.array([not whom or key == pk for key in _keys(kept, kind)])
    paths = kept.paths.chosen(mask)
    then_paths, then_settings = moved(paths, change), changed(now, change)
    was, will = worth(paths, now), worth(then_paths, then_settings)
    words = change_words(change, now)
    # Within a segment its plans are told apart, else the segments.
    apart = PLAN if kind == SEGMENT else SEGMENT
    place = [key for key, here in zip(_keys(kept, apart), mask, strict=True) if here]
    by_name = names.plans if apart == PLAN else names.segments
    return {
        "headline": headline(was.whole, will.whole, words, currency=currency),
        "parts": words,
        "lines": list(_lines(was.whole, will.whole, kept.off(mask), currency)),
        "notes": _notes(paths, now, change),
        "figure": paths_figure(
            paths, then_paths if words else None, then_settings.horizon, currency
        ),
        "levers": _lever_lines(pulls(paths, now), was.whole),
        "step": STEP,
        "apart": _("Plan") if apart == PLAN else _("Segment"),
        "groups": _group_lines(
            was, will, place, by_name, apart, _offs(kept, mask, apart), currency
        ),
        "horizon": span_words(then_settings.horizon),
    }


def _offs(kept: Kept, mask: NDArray[np.bool_], kind: str) -> dict[int, float | None]:
    """This will say how far the sum of each segment or plan among them may be off."""
    keys = np.array(_keys(kept, kind))
    return {pk: kept.off(mask & (keys == pk)) for pk in np.unique(keys[mask]).tolist()}


def _lines(was: Outcome, will: Outcome, off: float | None, currency: str) -> list[Line]:
    def amount(
        name: str, before: float, after: float, off: float | None = None
    ) -> Line:
        gain = after - before
        return Line(
            name,
            ui.money(round(before), currency),
            ui.money(round(after), currency),
            "" if was == will else gain_money(gain, currency),
            _way(gain, 0.5),
            gain_percent(gain, before),
            sum_range(before, off, currency),
            sum_range(after, off, currency),
        )

    kept = (will.kept - was.kept) * 100
    longer = will.lifetime - was.lifetime
    unchanged = was == will
    return [
        amount(_("Margin still to come, of all"), was.total, will.total, off),
        amount(_("Margin still to come, by customer"), was.each, will.each, off),
        amount(_("Margin of the coming 12 months"), was.year, will.year),
        Line(
            _("Customers"),
            ui.number(was.customers),
            ui.number(will.customers),
            "" if unchanged else ui.signed(will.customers - was.customers),
            _way(will.customers - was.customers, 0.5),
        ),
        Line(
            _("Still there after a year"),
            ui.percent(was.kept, 1),
            ui.percent(will.kept, 1),
            ""
            if unchanged
            else ngettext("%(points)s point", "%(points)s points", whole(kept))
            % {"points": ui.signed(kept, 1)},
            _way(kept, 0.05),
        ),
        Line(
            _("Expected lifetime, within the horizon"),
            span_words(was.lifetime),
            span_words(will.lifetime),
            ""
            if unchanged
            else ngettext("%(count)s month", "%(count)s months", whole(longer))
            % {"count": ui.signed(longer, 1)},
            _way(longer, 0.05),
        ),
    ]


def _way(gain: float, least: float) -> int:
    return 0 if abs(gain) < least else 1 if gain > 0 else -1


def _notes(paths: Paths, now: Assumptions, change: Change) -> list[str]:
    was = worth(paths, now).whole.kept
    notes = [break_even(paths, now, change), elasticity(paths, now)]
    if change.retention > 0 and was + change.retention > MOST_RETENTION:
        share = ui.percent(max(was, MOST_RETENTION), 1)
        notes.append(
            _("More than %(share)s of the customers cannot be kept over a year.")
            % {"share": share}
        )
    return [note for note in notes if note]


def _lever_lines(found: list[Pull], was: Outcome) -> list[dict[str, Any]]:
    most = max((pull.gain for pull in found), default=0.0)
    return [
        {
            "name": LEVERS[pull.lever],
            "step": _step(pull),
            "gain": pull.gain,
            "share": gain_percent(pull.gain, was.total),
            "width": round(100 * pull.gain / most) if most > 0 < pull.gain else 0,
        }
        for pull in found
    ]


def _step(pull: Pull) -> str:
    """This will say what 1 % of a lever is."""
    if pull.before is None or pull.after is None:
        words = {"share": ui.percent(STEP)}
        more = pull.lever == Lever.PRICE
        return (_("%(share)s more") if more else _("%(share)s less")) % words
    words = {"now": ui.percent(pull.before, 1), "then": ui.percent(pull.after, 1)}
    return _("from %(now)s to %(then)s") % words


def _group_lines(
    was: Worth,
    will: Worth,
    place: list[int],
    names: Mapping[int, str],
    kind: str,
    offs: Mapping[int, float | None],
    currency: str,
) -> list[GroupLine]:
    """This will add up by segment or plan, what is worth most first; none of only one."""
    keys = np.array(place)
    found = []
    for pk in sorted(set(place)):
        mine = keys == pk
        before, after = was.chosen(mine).whole, will.chosen(mine).whole
        found.append(
            GroupLine(
                _name(names, pk, kind),
                before.customers,
                before.total,
                after.total,
                before.each,
                gain_percent(after.total - before.total, before.total),
                sum_range(before.total, offs[pk], currency),
                sum_range(after.total, offs[pk], currency),
            )
        )
    return sorted(found, key=lambda line: -line.now) if len(found) > 1 else []
