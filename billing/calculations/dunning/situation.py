"""What dunning decides about: an invoice as it stands, its policy, and what may be done.

Moments are aware and in UTC; `zone` is the customer's. Amounts are Decimals in the
invoice's currency, except where it says otherwise.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["retry", "mail", "letter", "task", "limit", "final"]
Group = Literal["soft", "hard", "action", ""]
# What an invoice is, as it was read last: only what is owed on an open one is asked for.
InvoiceState = Literal["open", "paid", "void", "written_off"]


@dataclass(frozen=True, slots=True)
class Step:
    """`day` 0 is the day of the first failure; for transfers the day it was due."""

    kind: Kind
    day: int

    @property
    def name(self) -> str:
        """This will return what makes the step happen once in a case."""
        return f"{self.kind}:{self.day}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done when. `task_from` is in the company's currency."""

    steps: tuple[Step, ...]
    most_attempts: int
    most_days: int
    from_hour: int
    until_hour: int
    working_days: frozenset[int] | None  # 0 is Monday; None: every day
    task_from: Decimal | None
    final_action: Literal["pause", "cancel", "keep"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that is over or under way: `method` is what it was tried with, `at` when it was
    asked for, not when it was answered."""

    number: int
    state: Literal[
        "planned",
        "asked",
        "unknown",
        "succeeded",
        "declined",
        "needs_action",
        "not_made",
    ]
    at: dt.datetime
    method: str
    group: Group = ""
    code: str = ""
    cause: str = "schedule"


@dataclass(frozen=True, slots=True)
class Method:
    """What we would charge now, with when it was added or renewed."""

    id: str
    changed_at: dt.datetime
    expires_on: dt.date | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An invoice and its case, read at one moment under the lock of the invoice."""

    invoice: InvoiceState
    collection: Literal["charge", "transfer"]
    owing: Decimal
    # In the company's currency; None where no rate is known.
    owing_converted: Decimal | None
    began_at: dt.datetime
    zone: ZoneInfo
    # Every try, the oldest first, the gateway's own among them.
    attempts: tuple[Attempt, ...]
    method: Method | None
    # The method that failed first: what changed since was changed by the customer.
    first_method: str
    # Names of steps that were done or skipped, with when.
    done: tuple[tuple[str, dt.datetime], ...]
    subscription_ended: bool = False
    held_out: bool = False
    waits_until: dt.datetime | None = None
    # We may charge: the gateway is ours to use, and leaves the trying again to us.
    may_charge: bool = True
    has_address: bool = True
    has_subscription: bool = True
    # Of `done`, the names of the steps that were skipped.
    skipped: frozenset[str] = frozenset()
    # Somebody else collects (the gateway by its own rules, or nobody): nothing is charged
    # or written, and on the last day a person is told.
    looks_on: bool = False
    # The subscription ended because this was not paid: that is lost, not stopped.
    ended_unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What is due now. `step` makes it happen once; `reason` is a code of `reasons`.

    `kind` is that of a step, or "charge_now" (a new method, once at once), "close"
    (`data["state"]` is recovered, lost or stopped). `skip`: it is not done, and why is told.
    """

    kind: str
    step: str
    due_at: dt.datetime
    reason: str
    skip: bool = False
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """All that is due at a moment, in the order in which to do it, and when to look again.

    `next_at` is None when nothing is due by itself any more: then only what happens (a
    payment, another method, a person) changes anything. `ahead` are the steps to come with
    their moments, as a person may expect them if nothing changes; `passing` those that
    will be passed over then, with their moments and the codes of why. So every step of a
    policy is done, skipped, due, ahead or passing, until the case closes.
    """

    due: tuple[Action, ...]
    next_at: dt.datetime | None
    ahead: tuple[tuple[Step, dt.datetime], ...] = ()
    passing: tuple[tuple[Step, dt.datetime, str], ...] = ()
