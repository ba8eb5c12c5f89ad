"""Why two conventions say different things of a customer's month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from billing.calculations.conventions import Conventions
from billing.calculations.ledger.grouping import first_of
from billing.calculations.ledger.kinds import timeline_movements
from billing.calculations.ledger.levels import sums
from billing.calculations.ledger.log import Array, Columns, Gaps, Log
from billing.calculations.ledger.timeline import timeline

# What a difference that comes of a switch is called, in the order in which the switches
# are turned: amounts first, then days, then what is left out and what things are called.
CODES = {
    "discounts": "discount_for_a_while",
    "paused": "paused",
    "past_due_days": "past_due",
    "churn_on": "cancelled_before_end",
    "group_minutes": "within_the_hour",
    "same_month": "same_month",
    "reactivation_days": "back_after_long",
}
EVERY_DISCOUNT = "discounted"
# Beside the kinds of movements: what is paid at the end of the last day.
CLOSING = 0


@dataclass(frozen=True, slots=True)
class Reasons(Columns):
    """What each reason moves, in the order of `CODES`; amounts are never 0.

    The amounts of a customer, currency and kind add up to the whole difference.
    """

    code: Array  # text
    customer: Array
    currency: Array
    kind: Array  # CLOSING or a kind of movement
    amount: Array  # cents, the other conventions' less those compared with


def differences_explained(
    log: Log,
    a: Conventions,
    b: Conventions,
    *,
    gaps: Gaps | None,
    first: int,
    last: int,
    until: int,
) -> dict[int, list[str]]:
    """This will return the codes of `CODES` for each customer for whom a and b differ.

    Compares movements from the day `first` to `last` and the closing of `last`; customers
    of whom both say the same are not in it. The log may hold any number of customers.
    """
    found = reasons(log, a, b, gaps=gaps, first=first, last=last, until=until)
    whole = _summed(found, "")
    told: dict[int, list[str]] = {customer: [] for customer in whole.customer.tolist()}
    for customer, code in zip(
        found.customer.tolist(), found.code.tolist(), strict=True
    ):
        if customer in told and code not in told[customer]:
            told[customer].append(code)
    return told


def reasons(
    log: Log,
    a: Conventions,
    b: Conventions,
    *,
    gaps: Gaps | None,
    first: int,
    last: int,
    until: int,
) -> Reasons:
    """This will turn a's switches into b's one by one and note what each one moves.

    A ledger is made for each switch in which they differ, and one more.
    """

    def figures(conventions: Conventions) -> Reasons:
        return _figures(log, conventions, gaps, first, last, until)

    before = figures(a)
    parts = [before.take(before.amount == 0)]  # none: so that there is one part
    for code, conventions in _steps(a, b):
        after = figures(conventions)
        minus = replace(before, amount=-before.amount)
        parts.append(_summed(Reasons.joined((after, minus)), code))
        before = after
    return Reasons.joined(parts)


def _steps(a: Conventions, b: Conventions) -> Iterator[tuple[str, Conventions]]:
    """This will yield the way from a to b, a switch at a time, with the reasons' codes."""
    now = a
    for name, code in CODES.items():
        was, to = getattr(now, name), getattr(b, name)
        if was == to:
            continue
        now = replace(now, **{name: to})
        every = name == "discounts" and "ignored" in (was, to)
        yield EVERY_DISCOUNT if every else code, now


def _figures(
    log: Log,
    conventions: Conventions,
    gaps: Gaps | None,
    first: int,
    last: int,
    until: int,
) -> Reasons:
    """This will return a month's movements and closings by customer, with no code."""
    told = timeline(log, conventions, gaps, until=until)
    lines = timeline_movements(told, conventions)
    lines = lines.take(lines.day <= last)
    inside = lines.take(lines.day >= first)
    both = Reasons(
        np.full(len(lines) + len(inside), "", "U1"),
        np.concatenate((lines.customer, inside.customer)),
        np.concatenate((lines.currency, inside.currency)),
        np.concatenate((np.full(len(lines), CLOSING, np.int8), inside.kind)),
        np.concatenate((lines.amount, inside.amount)),
    )
    return _summed(both, "")


def _summed(lines: Reasons, code: str) -> Reasons:
    """This will add up by customer, currency and kind, leave out zeros and name the rest."""
    lines = lines.take(np.lexsort((lines.kind, lines.currency, lines.customer)))
    fresh = first_of(lines.customer, lines.currency, lines.kind)
    amount = sums(lines.amount, fresh)
    lines = replace(
        lines.take(fresh), amount=amount, code=np.full(len(amount), code, "U24")
    )
    return lines.take(amount != 0)
