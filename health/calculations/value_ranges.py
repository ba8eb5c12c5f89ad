"""What customers will bring, with P10, P50 and P90, from how long they may last.

Two things make what a customer brings uncertain. How long it lasts is the larger one: the
P10 is what it has brought by the month that nine of ten such customers reach, on a straight
line between months. What it brings until then is the other: revenue drifts as a random
walk, and tickets come by chance. Independent doubts add up like squares, so both are joined
by the root of theirs, above the P50 and below it. Last, P10 and P90 are moved by what a
forecast of a year ago has missed (`conformal`), which also holds what is left out here:
that the curves themselves are learnt.

Closed forms, so that a million customers cost seconds, and the same every time.
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.clv import MONTHS_IN_FORECAST, discounts
from health.calculations.conformal import NONE, Groups, Ranges, Widening
from health.calculations.contribution import Contribution
from health.calculations.draws import Z90
from health.calculations.lifetime_value import YEARLY_DISCOUNT, Values
from health.calculations.scoring import Floats

# Customers that are gone through together, so that their curves stay near the processor.
CHUNK = 1_024
# Who exceeds the P10, the P50 and the P90.
LOW, MID, HIGH = 0.9, 0.5, 0.1
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Worth:
    """Values and ranges of n customers: of the margin to come, discounted to the day.

    `own` (n,) is the variance of what each brings, `lever` (n,) what it would bring less
    if its chances of leaving rose by 1 in logarithms (`sum_ranges`).
    """

    values: Values
    ranges: Ranges
    own: Floats
    lever: Floats


@dataclass(frozen=True, slots=True)
class _Months:
    """What 1 in every month of the horizon is worth today; sums are from 0 months on."""

    grown: Floats  # (months,)
    plain: Floats
    grown_sum: Floats  # (months + 1,)
    plain_sum: Floats
    squares: Floats  # (months, 3): by which the square of what was brought rises

    @classmethod
    def of(cls, months: int, discount_rate: float, growth: float) -> "_Months":
        grown = discounts(discount_rate, months, growth=growth)
        plain = discounts(discount_rate, months)
        sums = _summed(grown), _summed(plain)
        pairs = (sums[0] ** 2, -2.0 * sums[0] * sums[1], sums[1] ** 2)
        squares = np.diff(np.stack(pairs, axis=1), axis=0)
        return cls(grown, plain, *sums, squares)


def value_ranges(
    alive: Floats,
    contribution: Contribution,
    p90: Floats,
    *,
    plan: Groups,
    widening: Widening = NONE,
    involuntary: Floats | None = None,
    discount_rate: float = YEARLY_DISCOUNT,
) -> Worth:
    """This will value n customers by their survival curves S(1..months), (n, months).

    `p90` (n,) is the published chance of leaving within 90 days, 1 − S(3), `involuntary`
    (n,) the part of it that is failed payments, none if missing; what is at risk by
    either adds up to the last bit. `widening` is by `plan` (n,). Cost: some 10 ns a
    customer and month; nothing of the size of `alive` is kept.
    """
    months = _Months.of(alive.shape[1], discount_rate, contribution.growth.mean)
    found = np.empty((len(alive), 2))
    own, lever, stay = np.empty((3, len(alive)))
    ends = np.empty((3, len(alive)))
    columns = _columns(months)
    gross, support = contribution.gross, contribution.support
    for start in range(0, len(alive), CHUNK):
        part = slice(start, start + CHUNK)
        here, earned, spent = alive[part], gross[part], support[part]
        found[part] = _expected(here, earned, spent, columns)
        own[part] = _variance(here, earned, spent, months, found[part, 0])
        lever[part] = _lever(here, earned, spent, columns)
        stay[part] = here.sum(axis=1)
        for share, end in zip((LOW, MID, HIGH), ends, strict=True):
            end[part] = lasting(alive[part], share)
    failed = np.zeros_like(p90) if involuntary is None else involuntary
    by_failure, by_choice = failed * found[:, 1], (p90 - failed) * found[:, 1]
    staying = gross * months.grown_sum[-1] - support * months.plain_sum[-1]
    values = Values(
        expected=found[:, 0],
        staying=staying,
        at_risk=by_choice + by_failure,
        at_risk_voluntary=by_choice,
        at_risk_involuntary=by_failure,
    )
    raw = _ranges(ends, contribution, months)
    own += _swing(stay, contribution, months, 1.0) ** 2
    return Worth(values, widening.applied(raw, staying, plan), own, lever)


def lasting(alive: Floats, share: float) -> Floats:
    """This will return for how many months so large a share of customers stays, (n,).

    From survival curves (n, months): on a straight line within the month, and never more
    than the months there are.
    """
    size, months = alive.shape
    whole = np.count_nonzero(alive >= share, axis=1)
    rows, within = np.arange(size), whole < months
    after = alive[rows, np.minimum(whole, months - 1)]
    before = np.where(whole > 0, alive[rows, np.maximum(whole, 1) - 1], 1.0)
    part = np.divide(before - share, before - after, out=np.zeros(size), where=within)
    return np.asarray(whole + part)


def _columns(months: _Months) -> Floats:
    """This will put discounts side by side: all months, and those after the third."""
    later = np.arange(len(months.grown)) >= MONTHS_IN_FORECAST
    return np.stack(
        [months.grown, months.plain, months.grown * later, months.plain * later], axis=1
    )


def _expected(alive: Floats, gross: Floats, support: Floats, columns: Floats) -> Floats:
    """This will return what is expected, and what leaving in 90 days would lose, (n, 2)."""
    worth = alive @ columns
    whole = gross * worth[:, 0] - support * worth[:, 1]
    after = gross * worth[:, 2] - support * worth[:, 3]
    there = alive[:, MONTHS_IN_FORECAST - 1]
    lost = np.divide(after, there, out=np.zeros_like(after), where=there > 0.0)
    return np.stack([whole, lost], axis=1)


def _variance(
    alive: Floats, gross: Floats, support: Floats, months: _Months, expected: Floats
) -> Floats:
    """This will return the variance of what lasting so long or so long brings, (n,).

    E(X²) is the sum over months of S(t) times by how much reaching month t raises X².
    """
    raised = alive @ months.squares
    square = (
        gross**2 * raised[:, 0]
        + gross * support * raised[:, 1]
        + support**2 * raised[:, 2]
    )
    return np.asarray(np.maximum(square - expected**2, 0.0))


def _lever(alive: Floats, gross: Floats, support: Floats, columns: Floats) -> Floats:
    """This will return −Σ S ln S · contribution, (n,)."""
    moved = alive * np.log(np.maximum(alive, TINY))
    worth = moved @ columns[:, :2]
    return np.asarray(support * worth[:, 1] - gross * worth[:, 0])


def _ranges(ends: Floats, contribution: Contribution, months: _Months) -> Ranges:
    """This will join how long customers last, (3, n), with what they bring meanwhile."""
    least, middle, most = (_brought(end, contribution, months) for end in ends)
    below = _swing(ends[0], contribution, months, -Z90)
    above = _swing(ends[2], contribution, months, Z90)
    return Ranges(
        middle - np.hypot(middle - least, below),
        middle,
        middle + np.hypot(most - middle, above),
    )


def _brought(lasts: Floats, contribution: Contribution, months: _Months) -> Floats:
    """This will return the margin of customers that last so many months, (n,)."""
    at = np.arange(len(months.grown_sum))
    gross = contribution.gross * np.interp(lasts, at, months.grown_sum)
    return np.asarray(
        gross - contribution.support * np.interp(lasts, at, months.plain_sum)
    )


def _swing(
    lasts: Floats, contribution: Contribution, months: _Months, deviations: float
) -> Floats:
    """This will return how far revenue and tickets may swing that margin, (n,).

    The mean of a random walk over L months has a third of the variance of its end; the
    number of tickets is Poisson distributed.
    """
    at = np.arange(len(months.grown_sum))
    gross = contribution.gross * np.interp(lasts, at, months.grown_sum)
    drift = np.expm1(contribution.growth.spread * deviations * np.sqrt(lasts / 3.0))
    each = contribution.ticket_cost * np.interp(lasts, at, months.plain_sum)
    tickets = np.sqrt(contribution.tickets / np.maximum(lasts, 1.0)) * each
    return np.hypot(gross * drift, deviations * tickets)


def _summed(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])
