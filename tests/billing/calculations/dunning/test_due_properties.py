"""What holds for every failed payment, whatever happens to it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.reasons import REASONS
from billing.calculations.dunning.situation import (
    Action,
    Attempt,
    Method,
    Policy,
    Snapshot,
    Step,
)
from tests.billing.calculations.dunning.making import FAILED, OLD, applied

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo")]
DAYS = st.frozensets(st.integers(0, 25), max_size=5)
CHARGES = {"retry", "charge_now"}
HOUR = dt.timedelta(hours=1)
ANSWERS = [
    ("succeeded", "", ""),
    ("declined", "soft", "insufficient_funds"),
    ("declined", "hard", "stolen_card"),
    ("declined", "action", "authentication_required"),
    ("needs_action", "action", ""),
    ("not_made", "", ""),
]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    kinds = ("retry", "mail", "letter", "task", "limit")
    steps = [Step(kind, day) for kind in kinds for day in sorted(draw(DAYS))]
    if draw(st.booleans()):
        steps.append(Step("final", draw(st.integers(10, 30))))
    first = draw(st.integers(0, 22))
    return Policy(
        steps=tuple(steps),
        most_attempts=draw(st.integers(1, 8)),
        most_days=draw(st.integers(1, 30)),
        from_hour=first,
        until_hour=draw(st.integers(first + 1, 24)),
        working_days=draw(st.sampled_from([None, frozenset(range(5))])),
        task_from=draw(st.sampled_from([None, Decimal(50)])),
        final_action=draw(st.sampled_from(["pause", "cancel", "keep"])),
    )


@st.composite
def beginnings(draw: st.DrawFn) -> Snapshot:
    # Around the changes of the clocks, where days have 23 and 25 hours.
    first = draw(st.sampled_from([dt.datetime(2026, 3, 25), dt.datetime(2026, 10, 20)]))
    began = first.replace(tzinfo=dt.UTC) + draw(st.integers(0, 150)) * HOUR
    state, group, code = draw(st.sampled_from(ANSWERS[1:5]))
    first_try = Attempt(1, state, began, "m1", group, code, "gateway")
    charge = draw(st.booleans())
    return replace(
        FAILED,
        collection="charge" if charge else "transfer",
        began_at=began,
        zone=draw(st.sampled_from(ZONES)),
        attempts=(first_try,) if charge else (),
        method=Method("m1", OLD) if charge else None,
        held_out=draw(st.booleans()),
        looks_on=draw(st.sampled_from([False, False, True])),
        has_address=draw(st.booleans()),
        has_subscription=draw(st.booleans()),
        may_charge=draw(st.sampled_from([True, True, False])),
    )


@dataclass
class Run:
    """A case that is looked at, again and again, until it closes."""

    snapshot: Snapshot
    policy: Policy
    now: dt.datetime
    closed: str = ""

    def look(self) -> list[Action]:
        """This will decide and do it, and check what must hold of every decision."""
        found = due_actions(self.snapshot, self.policy, self.now)
        assert found == due_actions(self.snapshot, self.policy, self.now)
        assert found.next_at is None or found.next_at > self.now
        for action in found.due:
            self.check(action)
            self.snapshot = applied(self.snapshot, action, self.now)
            if action.kind == "close":
                self.closed = dict(action.data)["state"]
        if not self.closed:
            self.check_the_rest(found.next_at)
        return list(found.due)

    def check(self, action: Action) -> None:
        snapshot, policy = self.snapshot, self.policy
        assert not self.closed
        assert action.step not in dict(snapshot.done)
        assert set(REASONS[action.reason]) <= dict(action.data).keys()
        assert len(action.step) <= 80
        if action.kind not in CHARGES or action.skip:
            return
        assert snapshot.invoice == "open"
        assert snapshot.collection == "charge"
        assert snapshot.may_charge
        assert not snapshot.held_out
        assert not snapshot.looks_on
        tries = [one for one in snapshot.attempts if one.state != "not_made"]
        assert len(tries) < policy.most_attempts
        assert not {one.state for one in tries} & {
            "planned",
            "asked",
            "unknown",
            "succeeded",
        }
        local = self.now.astimezone(snapshot.zone)
        began = snapshot.began_at.astimezone(snapshot.zone)
        assert (local.date() - began.date()).days <= policy.most_days
        if action.kind == "charge_now":
            return
        assert policy.from_hour <= local.hour < policy.until_hour
        assert policy.working_days is None or local.weekday() in policy.working_days
        if action.step.startswith("retry:"):
            assert (
                tries[-1].group != "hard" or snapshot.method.changed_at > tries[-1].at
            )
            assert all(
                one.at.astimezone(snapshot.zone).date() != local.date() for one in tries
            )

    def check_the_rest(self, next_at: dt.datetime | None) -> None:
        """Asked again at the same moment nothing is due, and every step is accounted for."""
        found = due_actions(self.snapshot, self.policy, self.now)
        assert found.due == ()
        assert found.next_at == next_at
        names = [
            *dict(self.snapshot.done),
            *(step.name for step, _at in found.ahead),
            *(step.name for step, _at, _why in found.passing),
        ]
        assert max(Counter(names).values(), default=1) == 1
        assert {step.name for step in self.policy.steps} <= set(names)
        assert all(at >= self.now for _step, at in found.ahead)
        assert all(why in REASONS for _step, _at, why in found.passing)

    def answer(self, given: tuple[str, str, str]) -> None:
        """This will let the gateway answer what is under way."""
        *before, last = self.snapshot.attempts
        state, group, code = given
        known = replace(last, state=state, group=group, code=code)
        self.snapshot = replace(self.snapshot, attempts=(*before, known))
        if state == "succeeded":
            self.snapshot = replace(self.snapshot, invoice="paid")

    @property
    def under_way(self) -> bool:
        tries = self.snapshot.attempts
        return bool(tries) and tries[-1].state == "planned"


HAPPENINGS = [
    "look",
    "look",
    "look",
    "answer",
    "method",
    "renew",
    "remove",
    "pass",
    "wait",
]


@settings(max_examples=250, deadline=None)
@given(beginnings(), policies(), st.data())
def test_whatever_happens(begun: Snapshot, policy: Policy, data: st.DataObject) -> None:
    run = Run(begun, policy, begun.began_at)
    for number in range(data.draw(st.integers(5, 40), label="steps")):
        what = data.draw(st.sampled_from(HAPPENINGS), label="what")
        run.now += HOUR * data.draw(st.integers(0, 60), label="hours")
        if what == "answer" and run.under_way:
            run.answer(data.draw(st.sampled_from(ANSWERS), label="answer"))
        if what == "method":
            run.snapshot = replace(run.snapshot, method=Method(f"n{number}", run.now))
        if what == "renew" and run.snapshot.method:
            method = replace(run.snapshot.method, changed_at=run.now)
            run.snapshot = replace(run.snapshot, method=method)
        if what == "remove":
            run.snapshot = replace(run.snapshot, method=None)
        if what == "wait":
            run.snapshot = replace(run.snapshot, waits_until=run.now + 30 * HOUR)
        if what == "pass":
            later = due_actions(run.snapshot, policy, run.now).next_at
            run.now = later or run.now
        run.look()
        if run.closed:
            break


@settings(max_examples=150, deadline=None)
@given(beginnings(), policies(), st.sampled_from(ANSWERS[1:]))
def test_by_itself_every_case_ends(
    begun: Snapshot, policy: Policy, given_: tuple[str, str, str]
) -> None:
    """Looked at when it asks to be, and refused each time, it ends and explains itself."""
    run, looks = Run(begun, policy, begun.began_at), 0
    while not run.closed:
        run.look()
        if run.under_way:
            run.answer(given_)
            continue
        later = due_actions(run.snapshot, policy, run.now).next_at
        looks += 1
        assert looks < 200
        if not run.closed:
            assert later is not None
            run.now = later
    assert run.closed == "lost"


@settings(max_examples=150, deadline=None)
@given(beginnings(), policies(), st.sampled_from(ANSWERS[1:]), st.floats(0.01, 0.99))
def test_nothing_comes_due_before_the_next_look(
    begun: Snapshot, policy: Policy, given_: tuple[str, str, str], part: float
) -> None:
    """Between two looks nothing is due, and the next look stays where it was."""
    run = Run(begun, policy, begun.began_at)
    while not run.closed:
        run.look()
        if run.under_way:
            run.answer(given_)
            continue
        if run.closed:
            break
        later = due_actions(run.snapshot, policy, run.now).next_at
        assert later is not None
        between = due_actions(run.snapshot, policy, run.now + (later - run.now) * part)
        assert (between.due, between.next_at) == ((), later)
        run.now = later
