"""The course of a failed payment, drawn: a lane per kind of thing, day by day."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.dunning_rows import CaseRow
from billing.enums import AttemptState, CaseState
from billing.models import DunningAction, PaymentAttempt
from common.charts import Lane, course

DAY = dt.timedelta(days=1)
# What a try shows better than the action that led to it.
TOLD_BY_TRIES = {"retry", "charge_now"}
LANES: dict[str, tuple[str, ...]] = {
    "try": ("retry", "charge_now"),
    "write": ("mail", "letter", "confirm"),
    "service": ("limit", "final"),
    "person": ("task",),
}
# Tone, icon and mark of what became of a try.
OUTCOMES = {
    AttemptState.SUCCEEDED: ("ok", "circle-check", "done"),
    AttemptState.DECLINED: ("crit", "circle-x", "failed"),
    AttemptState.NEEDS_ACTION: ("warn", "hand", "failed"),
    AttemptState.UNKNOWN: ("unknown", "circle-question-mark", "skipped"),
    AttemptState.NOT_MADE: ("unknown", "circle-slash", "skipped"),
}
UNDER_WAY = ("", "rotate-cw", "ahead")
# A longer course is marked by weeks.
SHORT = 10
Marks = dict[str, list[tuple[float, str]]]


def course_drawn(
    row: CaseRow,
    attempts: Sequence[PaymentAttempt],
    actions: Sequence[DunningAction],
    *,
    now: dt.datetime,
    width: int,
    left: int,
) -> str:
    """This will draw what was done, what was left out and what is to come."""
    names = {
        "try": _("Try again"),
        "write": _("Write"),
        "service": _("Service"),
        "person": _("Person"),
    }
    marks = _marks(row, attempts, actions)
    last = _last(marks)
    still = row.case.state == CaseState.OPEN
    return course(
        [Lane(names[key], marks[key]) for key in LANES if marks[key]],
        last=last,
        now=_day(row, now) if still else None,
        words=_("today"),
        days=[
            (day, _("day %(n)d") % {"n": day})
            for day in range(0, last + 1, 7 if last > SHORT else 2)
        ],
        width=width,
        left=left,
    )


def _day(row: CaseRow, at: dt.datetime) -> float:
    """The time since the failure, in days."""
    return max(0.0, (at - row.case.began_at) / DAY)


def _marks(
    row: CaseRow,
    attempts: Sequence[PaymentAttempt],
    actions: Sequence[DunningAction],
) -> Marks:
    lane_of = {kind: key for key, kinds in LANES.items() for kind in kinds}
    found: Marks = {key: [] for key in LANES}
    for one in attempts:
        at = one.answered_at or one.asked_at or one.planned_at
        outcome = OUTCOMES.get(AttemptState(one.state), UNDER_WAY)
        found["try"].append((_day(row, at), outcome[2]))
    for act in actions:
        key = lane_of.get(act.kind)
        if key and (act.skipped or act.kind not in TOLD_BY_TRIES):
            css = "skipped" if act.skipped else "done"
            found[key].append((_day(row, act.due_at), css))
    if row.decision is not None:
        for step, at in row.decision.ahead:
            found[lane_of[step.kind]].append((_day(row, at), "ahead"))
        for step, at, _why in row.decision.passing:
            found[lane_of[step.kind]].append((_day(row, at), "skipped"))
    return found


def _last(marks: Marks) -> int:
    days = [int(day) + 1 for lane in marks.values() for day, _css in lane]
    return max([1, *days])
