"""What a subscription is on a day, and what that is worth a month."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

State = Literal["active", "trial", "paused"]
CENT = Decimal("0.01")
ONE = Decimal(1)
# What belongs together: a change of one of a group takes the place of booked changes of
# the same group, and of no other.
GROUPS: dict[str, tuple[str, ...]] = {
    "plan": ("plan", "price", "amount", "interval_months", "anchored_on"),
    "quantity": ("quantity",),
    "discount": ("discount", "discount_until"),
    "state": ("state",),
    "ended": ("ended",),
}


def cents(amount: Decimal) -> Decimal:
    """This will round to the cent, half away from zero: as PostgreSQL's round does."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed. `amount` is the list price of one unit for an interval.

    `plan` and `price` are ids. `discount` is a share of the list price and
    `discount_until` the first day without it. Terms of the subscription are counted from
    `anchored_on`. An end lies over the rest, which stays to be found beneath it.
    """

    plan: int | None
    price: int | None
    amount: Decimal
    interval_months: int
    anchored_on: dt.date
    quantity: int
    discount: Decimal | None = None
    discount_until: dt.date | None = None
    state: State = "active"
    ended: bool = False

    @property
    def paying(self) -> bool:
        return not self.ended and self.state == "active"

    @property
    def charge(self) -> Decimal:
        """What an interval costs net of discount, to the cent."""
        return cents(self._list * self._share)

    @property
    def list_mrr(self) -> Decimal:
        """What a month costs before the discount, also in trials and pauses; 0 after the end."""
        return Decimal(0) if self.ended else self.list_rate

    @property
    def list_rate(self) -> Decimal:
        """What a month costs before the discount, whatever the state."""
        return cents(self._list / self.interval_months)

    @property
    def rate(self) -> Decimal:
        """What a month costs net of discount, whatever the state.

        Price x quantity, less the discount, divided by the months of the interval and
        rounded once: 2,000.00 a year are 166.67 a month.
        """
        if self.price is None:
            # Imported: what was told is a monthly amount in cents, and so stays one.
            return cents(self.list_rate * self._share)
        return cents(self._list * self._share / self.interval_months)

    @property
    def mrr(self) -> Decimal:
        """What the subscription brings a month: nothing in trials, pauses, after the end."""
        return self.rate if self.paying else Decimal(0)

    @property
    def _list(self) -> Decimal:
        # Whoever was imported without a number of seats pays for one subscription.
        return self.amount * (self.quantity or 1)

    @property
    def _share(self) -> Decimal:
        return ONE - (self.discount or 0)

    def differs(self, other: "Terms") -> set[str]:
        """This will name the groups in which two terms differ."""
        names = [field.name for field in fields(self)]
        changed = {
            name for name in names if getattr(self, name) != getattr(other, name)
        }
        return {group for group, parts in GROUPS.items() if changed.intersection(parts)}
