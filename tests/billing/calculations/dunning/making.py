"""Failed payments as the rules see them, made in one line each."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from billing.calculations.dunning.situation import (
    Action,
    Attempt,
    Decision,
    Method,
    Policy,
    Snapshot,
    Step,
)

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday, 10 o'clock in Berlin, summer time.
BEGAN = dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC)
OLD = BEGAN - dt.timedelta(days=200)

CARD = Policy(
    steps=(
        *(Step("retry", day) for day in (1, 3, 5, 7, 10, 14)),
        *(Step("mail", day) for day in (0, 3, 7, 12)),
        Step("limit", 14),
        Step("final", 21),
    ),
    most_attempts=8,
    most_days=28,
    from_hour=8,
    until_hour=20,
    working_days=None,
    task_from=None,
    final_action="pause",
)
TRANSFER = replace(CARD, steps=tuple(Step("letter", day) for day in (1, 5, 10, 20)))
SOFT = Attempt(1, "declined", BEGAN, "m1", "soft", "insufficient_funds", "gateway")
HARD = replace(SOFT, group="hard", code="stolen_card")
FAILED = Snapshot(
    invoice="open",
    collection="charge",
    owing=Decimal(100),
    owing_converted=Decimal(100),
    began_at=BEGAN,
    zone=BERLIN,
    attempts=(SOFT,),
    method=Method("m1", OLD),
    first_method="m1",
    done=(),
)
OWED = replace(
    FAILED,
    collection="transfer",
    # The last moment of Monday in Berlin.
    began_at=dt.datetime(2026, 6, 1, 21, 59, 59, tzinfo=dt.UTC),
    attempts=(),
    method=None,
    first_method="",
)


def on(day: int, hour: int = 8, minute: int = 0) -> dt.datetime:
    """This will return a moment on Berlin's clock so many days after the failure."""
    local = dt.datetime(2026, 6, 1, hour, minute, tzinfo=BERLIN)
    return (local + dt.timedelta(days=day)).astimezone(dt.UTC)


def told(decision: Decision) -> list[tuple[str, str, str]]:
    """This will return what is due: done or skipped, the step, and why."""
    return [
        ("skip" if action.skip else "do", action.step, action.reason)
        for action in decision.due
    ]


def done(snapshot: Snapshot, *names: str, at: dt.datetime = BEGAN) -> Snapshot:
    """This will note steps as done."""
    return replace(snapshot, done=snapshot.done + tuple((name, at) for name in names))


def tried(snapshot: Snapshot, **fields: Any) -> Snapshot:
    """This will add a try, the next in number, like the first unless told."""
    number = len(snapshot.attempts) + 1
    values: dict[str, Any] = {"number": number, "cause": "schedule", **fields}
    return replace(snapshot, attempts=(*snapshot.attempts, replace(SOFT, **values)))


def applied(snapshot: Snapshot, action: Action, now: dt.datetime) -> Snapshot:
    """This will do an action the way the services do: a row, and a planned try."""
    after = done(snapshot, action.step, at=now)
    if action.skip:
        return replace(after, skipped=after.skipped | {action.step})
    if action.kind in {"retry", "charge_now"}:
        cause = "schedule" if action.kind == "retry" else "method_changed"
        method = snapshot.method.id if snapshot.method else ""
        return tried(
            after,
            state="planned",
            at=now,
            method=method,
            group="",
            code="",
            cause=cause,
        )
    return after
