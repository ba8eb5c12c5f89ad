"""By which conventions recurring revenue is reckoned, and presets that speak like others.

The vendors' own documents disagree; docs/revenue.md tells which preset stands for which
reading of them and works an example by hand.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

ChurnOn = Literal["period_end", "cancellation"]
SameMonth = Literal["counted", "ignored"]
Discounts = Literal["subtracted", "lasting_only", "ignored"]
Paused = Literal["zero", "unchanged"]


class UnknownConvention(ValueError):
    """A switch that does not exist, or a position that it does not have."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """The switches.

    `churn_on`: an end counts on the day it takes effect, or on the day it was asked for.
    `same_month`: a customer that comes and goes within a calendar month is counted as new
    and as churn, or not at all.
    `reactivation_days`: who comes back after more days than this is new again; None: never.
    `discounts`: what is taken off the list price: every discount, only those without an
    end, or none.
    `paused`: what a pause is worth.
    `past_due_days`: an invoice unpaid for so many days after it was due takes its
    subscription's revenue out until it is paid; None: only an end does.
    `group_minutes`: changes of a customer made within so many minutes of each other are one
    movement though midnight lies between them; those of one day are one in any case.
    """

    churn_on: ChurnOn = "period_end"
    same_month: SameMonth = "counted"
    reactivation_days: int | None = None
    discounts: Discounts = "subtracted"
    paused: Paused = "zero"
    past_due_days: int | None = None
    group_minutes: int = 60

    def as_json(self) -> dict[str, Any]:
        """This will return the switches as they are kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Conventions":
        """This will read kept switches; those not told stand at their default.

        Raises UnknownConvention.
        """
        strange = set(told) - {field.name for field in fields(cls)}
        if strange:
            raise UnknownConvention(", ".join(sorted(strange)))
        made = cls(**told)
        wrong = [
            f"{name}: {value!r}"
            for name, value in made.as_json().items()
            if not _possible(name, value)
        ]
        if wrong:
            raise UnknownConvention(", ".join(wrong))
        return made


def _possible(name: str, value: Any) -> bool:
    if name in POSITIONS:
        return value in POSITIONS[name]
    if value is None:
        return name != "group_minutes"
    return type(value) is int and 0 <= value <= NUMBERS[name]


POSITIONS: dict[str, tuple[str, ...]] = {
    "churn_on": get_args(ChurnOn),
    "same_month": get_args(SameMonth),
    "discounts": get_args(Discounts),
    "paused": get_args(Paused),
}
# The greatest they may be: ten years, and a day.
NUMBERS = {"reactivation_days": 3650, "past_due_days": 3650, "group_minutes": 1440}
PRESETS: dict[str, Conventions] = {
    "keepwell": Conventions(),
    "chartmogul": Conventions(churn_on="cancellation"),
    "profitwell": Conventions(same_month="ignored", past_due_days=15),
    "stripe": Conventions(
        churn_on="cancellation", discounts="lasting_only", paused="unchanged"
    ),
}
