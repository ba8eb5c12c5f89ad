"""A snapshot looked at by a policy at a moment: what all rules ask of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from billing.calculations.dunning.hours import allowed_at, opening
from billing.calculations.dunning.situation import (
    Action,
    Attempt,
    Policy,
    Snapshot,
    Step,
)

UNDER_WAY = frozenset({"planned", "asked", "unknown"})
WRITES = frozenset({"mail", "letter"})
# Names of what reaches the customer by mail: only one of them a day.
WRITTEN = ("mail:", "letter:", "confirm:", "limit:")
# While a try is under way the rest waits; it is looked at again after so long.
PATIENCE = dt.timedelta(hours=1)

Data = tuple[tuple[str, str], ...]


@dataclass
class Part:
    """What one rule says: what is due, and the moments at which it wants to look again."""

    due: list[Action] = field(default_factory=list)
    again: list[dt.datetime] = field(default_factory=list)

    @property
    def does(self) -> bool:
        """Whether anything is done, and not only skipped."""
        return any(not action.skip for action in self.due)


@dataclass(frozen=True)
class Look:
    """All is reckoned once: a look is made for one decision."""

    snapshot: Snapshot
    policy: Policy
    now: dt.datetime

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the steps that were done or skipped before."""
        return frozenset(name for name, _at in self.snapshot.done)

    @cached_property
    def today(self) -> dt.date:
        """The customer's day."""
        return self.day_of(self.now)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """This will return the customer's day of a moment."""
        return moment.astimezone(self.snapshot.zone).date()

    @cached_property
    def began_on(self) -> dt.date:
        """The day that steps are counted from."""
        return self.day_of(self.snapshot.began_at)

    @property
    def hands_off(self) -> str:
        """Why this case is left alone until its last day; "" if it is not."""
        if self.snapshot.looks_on:
            return "looked_on"
        return "held_out" if self.snapshot.held_out else ""

    @property
    def under_way(self) -> bool:
        """Whether the outcome of a try is open."""
        return any(one.state in UNDER_WAY for one in self.snapshot.attempts)

    @cached_property
    def tried(self) -> Sequence[Attempt]:
        """The tries that reached the gateway, or may have, the oldest first."""
        return [one for one in self.snapshot.attempts if one.state != "not_made"]

    @property
    def final(self) -> Step:
        """The last day; a policy that names none has it when its days are over."""
        ends = [step for step in self.policy.steps if step.kind == "final"]
        return ends[0] if ends else Step("final", self.policy.most_days)

    @cached_property
    def left(self) -> list[Step]:
        """The steps that were neither done nor skipped, in the order of their days."""
        steps = {*self.policy.steps, self.final}
        waiting = [step for step in steps if step.name not in self.names]
        return sorted(waiting, key=lambda step: (step.day, step.kind))

    def left_of(self, *kinds: str) -> list[Step]:
        """This will return what is left of some kinds."""
        return [step for step in self.left if step.kind in kinds]

    def planned(self, step: Step) -> dt.datetime:
        """This will return from when on a step may happen: the first hour of its day."""
        if step not in self._planned:
            self._planned[step] = self._plan(step)
        return self._planned[step]

    @cached_property
    def _planned(self) -> dict[Step, dt.datetime]:
        return {}

    def _plan(self, step: Step) -> dt.datetime:
        day = self.began_on + dt.timedelta(days=step.day)
        start = opening(day, self.policy, self.snapshot.zone)
        return self.free(max(self.snapshot.began_at, start))

    def free(self, moment: dt.datetime) -> dt.datetime:
        """This will return the first allowed moment from one on, after any wait."""
        wanted = max(moment, self.snapshot.waits_until or moment)
        return allowed_at(wanted, self.policy, self.snapshot.zone)

    @property
    def soon(self) -> dt.datetime:
        """When to look again at what waits for a try that is under way."""
        return self.now + PATIENCE

    def when(self, moment: dt.datetime) -> dt.datetime:
        """This will return when what was planned for a moment happens: now, or later."""
        return self.free(max(moment, self.now))

    def has_come(self, step: Step) -> bool:
        """Whether a step's time has come, be it in the quiet hours now."""
        return self.planned(step) <= self.now

    def is_now(self, step: Step) -> bool:
        """Whether a step is to be done at this moment."""
        return self.when(self.planned(step)) == self.now

    def do(self, step: Step, reason: str, data: Data = ()) -> Action:
        """This will return the doing of a step."""
        every = (("day", str(step.day)), *data)
        return Action(step.kind, step.name, self.planned(step), reason, data=every)

    def skip(self, step: Step, reason: str) -> Action:
        """This will return the skipping of a step."""
        data = told(self, reason)
        return Action(
            step.kind, step.name, self.planned(step), reason, skip=True, data=data
        )


def told(look: Look, reason: str) -> Data:
    """This will return what the words of a skip need."""
    if reason == "hard_decline":
        return (("code", look.tried[-1].code),)
    if reason == "most_attempts":
        return (("most", str(look.policy.most_attempts)),)
    if reason == "most_days":
        return (("most", str(look.policy.most_days)),)
    return ()
