"""Dunning policies in words and as a picture of their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.enums import Collection, FinalAction
from billing.services.dunning.policy_values import PolicyValues
from common.charts import Lane, course
from common.templatetags import ui

WIDE, NARROW = 720, 300
LANES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Tries"), ("retry",)),
    (gettext_lazy("Mails"), ("mail", "letter")),
    (gettext_lazy("Tasks"), ("task",)),
    (gettext_lazy("Service"), ("limit", "final")),
)
# So far apart that the names of two days do not touch.
APART = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The days of a policy, drawn for wide and narrow places."""

    wide: str
    narrow: str


def whom_words(values: PolicyValues, currency: str) -> str:
    """This will say whom a policy is for: "Enterprise, from €1,000"."""
    amount = ""
    if values.from_amount is not None:
        words = {"amount": ui.money(values.from_amount, currency)}
        amount = _("from %(amount)s") % words
    segment = values.segment.name if values.segment else ""
    found = ", ".join(part for part in (segment, amount) if part)
    return found or _("All others")


def policy_words(values: PolicyValues) -> list[str]:
    """This will say what a policy does, a sentence each without a full stop."""
    days = {
        kind: [step.day for step in values.steps if step.kind == kind]
        for kind in ("retry", "mail", "letter", "task", "limit", "final")
    }
    told = [
        _days(days["retry"], _("tries again on day %s"), _("tries again on days %s")),
        _days(days["mail"], _("writes on day %s"), _("writes on days %s")),
        _days(days["letter"], _("reminds on day %s"), _("reminds on days %s")),
        _days(days["task"], _("gives a task on day %s"), _("gives a task on days %s")),
        _days(days["limit"], _("limits access on day %s"), ""),
        _final(values, days["final"]),
    ]
    return [words for words in told if words]


def _final(values: PolicyValues, days: Sequence[int]) -> str:
    day = days[0] if days else values.most_days
    words = {
        FinalAction.PAUSE: _("pauses the subscription on day %(day)s"),
        FinalAction.CANCEL: _("cancels the subscription on day %(day)s"),
        FinalAction.KEEP: _("leaves it to a person on day %(day)s"),
    }
    return words[values.final_action] % {"day": day}


def _days(days: Sequence[int], one: str, several: str) -> str:
    if not days:
        return ""
    if len(days) == 1:
        return one % days[0]
    listed = ", ".join(str(day) for day in days[:-1])
    both = _("%(some)s and %(last)s") % {"some": listed, "last": days[-1]}
    return several % both


def bounds_words(values: PolicyValues, currency: str) -> list[str]:
    """This will say within what bounds, and what else: hours, tasks, the hold-out."""
    hours = _("between %(first)s and %(last)s o’clock") % {
        "first": values.from_hour,
        "last": values.until_hour,
    }
    told = [hours + (_(", on working days") if values.working_days_only else "")]
    if values.collection == Collection.CHARGE:
        most = values.most_attempts
        told.append(
            ngettext("at most %(n)s try", "at most %(n)s tries", most) % {"n": most}
        )
    if values.task_from is not None:
        amount = ui.money(values.task_from, currency)
        told.append(_("a task at once from %(amount)s") % {"amount": amount})
    if values.hold_out:
        share = ui.percent(values.hold_out)
        told.append(_("%(share)s left alone for a comparison") % {"share": share})
    return told


def picture_of(values: PolicyValues) -> Picture:
    """This will draw on which day what is done."""
    lanes = [
        Lane(
            str(name),
            [(step.day, "done") for step in values.steps if step.kind in kinds],
        )
        for name, kinds in LANES
    ]
    shown = [lane for lane in lanes if lane.marks]
    days = sorted({step.day for step in values.steps})
    last = max([*days, values.most_days if not _ends(values) else 0])

    def draw(width: int, apart: int) -> str:
        return course(
            shown,
            last=last,
            now=None,
            words="",
            days=_named(days, apart),
            width=width,
            left=80,
        )

    return Picture(draw(WIDE, 1), draw(NARROW, APART))


def _ends(values: PolicyValues) -> bool:
    return any(step.kind == "final" for step in values.steps)


def _named(days: Sequence[int], apart: int) -> list[tuple[float, str]]:
    """This will name days that are far enough from the one named before."""
    found: list[tuple[float, str]] = []
    for day in days:
        if not found or day - found[-1][0] >= apart:
            found.append((day, str(day)))
    return found
