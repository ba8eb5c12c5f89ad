"""Groups of failed payments as lines of tables: shares in words, with their ranges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from billing.calculations.dunning.declines import reason_of
from billing.calculations.dunning.recovery import (
    FEW,
    Amounts,
    rate_by_amount,
    rate_by_count,
)
from billing.calculations.rates import Rate
from billing.dunning_rows import REASON_LABELS
from billing.enums import RecoveryCause
from billing.selectors.dunning.recovery import Group
from common.templatetags import ui


@dataclass(frozen=True)
class Line:
    """A group with its name and the addresses of the cases behind its figures."""

    name: str
    group: Group
    url: str
    # By state; empty where the list cannot be asked for them.
    urls: dict[str, str]
    more: str = ""

    @property
    def rate(self) -> Rate | None:
        """The share of the payments that came back."""
        return rate_by_count(self.group.recovered, self.group.counted)

    @property
    def money(self) -> Rate | None:
        """The share of the amount that came back."""
        return rate_by_amount(self.group.amounts)

    @property
    def few(self) -> bool:
        return self.group.counted < FEW

    @property
    def share(self) -> str:
        return ui.percent(self.money.share) if self.money else ui.NOTHING

    @property
    def range(self) -> str:
        return range_words(self.money)


def range_words(rate: Rate | None) -> str:
    """This will write a range: "68 – 79%"; "" where there is none."""
    if rate is None or rate.low is None:
        return ""
    return ui.percent_range(rate.low, rate.high)


def cause_name(cause: str) -> str:
    """This will name what brought the money."""
    return str(RecoveryCause(cause).label) if cause else _("Not told")


def by_reason(codes: Iterable[Group]) -> list[tuple[str, Group]]:
    """This will sum groups by code into groups by reason, the largest first."""

    def reason(group: Group) -> str:
        return reason_of(group.key) if group.key else ""

    ordered = sorted(codes, key=reason)
    found = [(key, added(list(some))) for key, some in groupby(ordered, key=reason)]
    return sorted(found, key=lambda pair: (-pair[1].cases, pair[0]))


def reason_name(reason: str) -> str:
    """This will name why a payment failed; "" is where no gateway said a word."""
    return str(REASON_LABELS[reason]) if reason else _("No refusal told")


def added(groups: Sequence[Group]) -> Group:
    """This will sum groups up."""

    def total(name: str) -> Any:
        return sum(getattr(group, name) for group in groups)

    def amount(name: str) -> Any:
        return sum(getattr(group.amounts, name) for group in groups)

    return Group(
        key="",
        cases=total("cases"),
        open=total("open"),
        recovered=total("recovered"),
        lost=total("lost"),
        stopped=total("stopped"),
        unrated=total("unrated"),
        failed=total("failed"),
        back=total("back"),
        open_amount=total("open_amount"),
        lost_amount=total("lost_amount"),
        amounts=Amounts(
            amount("cases"),
            amount("failed"),
            amount("recovered"),
            amount("failed_squared"),
            amount("recovered_squared"),
            amount("product"),
        ),
    )
