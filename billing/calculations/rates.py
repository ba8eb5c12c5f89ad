"""Rates of recurring revenue and of churn, each with its interval where there is one.

All amounts of a month are in one currency; what leaks is handed in as it stands in the
ledger, below zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Amount = float
Z = 1.959963984540054
# Below so many customers a share of them is not worth the ink: their number is told.
FEW_CUSTOMERS = 20
# A cohort of fewer is shown as people, not as shares.
FEW_IN_COHORT = 10
# With fewer months their spread says too little.
FEW_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of 1 with its 95 % interval; both ends are None where none can be told."""

    share: float
    low: float | None = None
    high: float | None = None

    @property
    def ranged(self) -> bool:
        return self.low is not None


def wilson(events: int, of: int) -> tuple[float, float]:
    """This will return the 95 % interval of `events` among `of`, which is above zero.

    (e + z²/2 ± z·√(e(n − e)/n + z²/4)) / (n + z²). Source: E. B. Wilson, "Probable
    Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927).
    """
    middle = events + Z * Z / 2
    half = Z * sqrt(events * (of - events) / of + Z * Z / 4)
    return max(0.0, (middle - half) / (of + Z * Z)), min(
        1.0, (middle + half) / (of + Z * Z)
    )


def customers_lost(lost: int, opening: int) -> Rate | None:
    """This will return the share of customers lost a month, of those there at its start.

    Both are summed over the months. None under 20 customers, for whom a count says more;
    no interval where more left than were there, as happens in a first month.
    """
    if opening < FEW_CUSTOMERS:
        return None
    if lost > opening:
        return Rate(lost / opening)
    return Rate(lost / opening, *wilson(lost, opening))


def revenue_lost(lost: Sequence[Amount], opening: Sequence[Amount]) -> Rate | None:
    """This will return the share of revenue lost a month, from the months' sums.

    r = Σlost / Σopening; its interval comes from how the months differ, as a ratio of
    means: s² = Σ(lost − r·opening)² / (n(n − 1)·mean(opening)²), with Student's t of
    n − 1. There is none under six months or where nothing was lost. None where there was
    nothing to lose. Source: W. G. Cochran, "Sampling Techniques", 3rd ed., 2.11.
    """
    whole, months = sum(opening), len(opening)
    if whole <= 0:
        return None
    share = -sum(lost) / whole
    if months < FEW_MONTHS or not share:
        return Rate(share)
    off = sum((-x - share * o) ** 2 for x, o in zip(lost, opening, strict=True))
    half = student(months - 1) * sqrt(off / (months * (months - 1))) / (whole / months)
    return Rate(share, max(0.0, share - half), share + half)


def student(freedom: int) -> float:
    """This will return the 97.5 % point of Student's t, right to 0.01 from 5 on.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5.
    """
    third = (Z**3 + Z) / 4
    fifth = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    seventh = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + third / freedom + fifth / freedom**2 + seventh / freedom**3


def within(rate: Rate, months: int) -> Rate:
    """This will turn a monthly rate into that of some months, its ends as well."""

    def grown(share: float) -> float:
        return float(1 - (1 - min(share, 1.0)) ** months)

    if rate.low is None or rate.high is None:
        return Rate(grown(rate.share))
    return Rate(grown(rate.share), grown(rate.low), grown(rate.high))


def kept(left: Amount, year_ago: Amount) -> float | None:
    """This will return what is left of the revenue of a year ago, as a share of 1.

    With expansion counted it is the net (NRR), without it the gross retention (GRR).
    """
    return left / year_ago if year_ago > 0 else None


def quick_ratio(came: Amount, leaked: Amount) -> float | None:
    """This will return how much came in for each unit that leaked; None if none did.

    (new + came back + expansion) / (contraction + churn); `leaked` is below zero.
    """
    return came / -leaked if leaked < 0 else None
