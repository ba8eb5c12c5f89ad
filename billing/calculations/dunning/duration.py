"""How long it takes until a failed payment comes in, with those that have not yet.

Kaplan and Meier's estimate on whole days: S(t) = Π (1 − dᵢ/nᵢ) over the days up to t on
which dᵢ of the nᵢ still waited for were paid. Who has not paid so far, given up or not, is
waited for until today; what was stopped, until then. Source: E. L. Kaplan and P. Meier,
"Nonparametric Estimation from Incomplete Observations", JASA 53 (1958).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from billing.calculations.rates import Z


@dataclass(frozen=True, slots=True)
class Day:
    """The share still unpaid after a day, with its 95 % range, and how many were in it."""

    day: int
    at_risk: int
    paid: int
    unpaid: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Median:
    """The day by which half was paid; None where it is not reached (yet)."""

    day: int | None
    low: int | None
    high: int | None


def curve(paid: Mapping[int, int], waiting: Mapping[int, int]) -> list[Day]:
    """This will return the share still unpaid, a row per day on which something was paid.

    `paid` and `waiting` are numbers of cases by day: paid on it, and last seen unpaid on
    it; who is seen unpaid on a day still counts for what was paid that day. The variance
    is Greenwood's, S²·Σ d/(n(n − d)); the range log(−log S), which stays within 0 and 1
    (J. D. Kalbfleisch and R. L. Prentice, 2nd ed. 2002, section 1.4). No range where none
    or all have paid: there it is what is seen.
    """
    left = sum(paid.values()) + sum(waiting.values())
    share, spread, days = 1.0, 0.0, []
    for day in sorted({*paid, *waiting}):
        came = paid.get(day, 0)
        if came:
            share *= 1 - came / left
            spread += came / (left * (left - came)) if left > came else 0.0
            days.append(Day(day, left, came, share, *_range(share, spread)))
        left -= came + waiting.get(day, 0)
    return days


def median(days: Sequence[Day]) -> Median:
    """This will return when half was paid, with the days its range allows.

    The first day on which the share unpaid is at most a half; its ends are the same of
    the curve's range. Source: R. Brookmeyer and J. Crowley, "A Confidence Interval for
    the Median Survival Time", Biometrics 38 (1982).
    """
    return Median(
        _first(days, [day.unpaid for day in days]),
        _first(days, [day.low for day in days]),
        _first(days, [day.high for day in days]),
    )


def paid_by(days: Sequence[Day], day: int) -> Day | None:
    """This will return how it stood at the end of a day; None before the first payment."""
    before = [one for one in days if one.day <= day]
    return before[-1] if before else None


def _range(share: float, spread: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    reach = Z * sqrt(spread) / abs(log(share))
    return share ** exp(reach), share ** exp(-reach)


def _first(days: Sequence[Day], shares: Sequence[float]) -> int | None:
    under = (
        day.day for day, share in zip(days, shares, strict=True) if share <= 0.5 + 1e-12
    )
    return next(under, None)
