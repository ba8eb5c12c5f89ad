"""Customer lifetime values of a simulated company, as they could be forecast on a past day.

What a benchmark needs around the calculations: the rows known on the day, a churn model for
the first three months, ranges of customers and of sums, and the simple methods to beat.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.company_tables import (
    GROSS_MARGIN,
    TICKET_COST,
    YEARLY_DISCOUNT,
    Company,
    landmarks,
    realised,
)
from health.calculations.conformal import Ranges, Widening, learn_widening
from health.calculations.contribution import (
    Contribution,
    revenue_growth,
    ticket_rates,
)
from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.lifetime import Lifetimes, joined
from health.calculations.lifetime_value import valued
from health.calculations.renewal_months import able_to_leave
from health.calculations.scoring import Floats
from health.calculations.sum_ranges import Spread, ends, factor_of, learn_doubt
from health.calculations.value_ranges import Worth, value_ranges

HORIZON, YEAR = 60, 12
MANY = 2_000  # customers from which on every other month end suffices


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at the end of a month."""

    past: Landmarks
    now: Landmarks
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class YearAhead:
    """The margin of the months ahead, and what came in (n,).

    `worth` is what the application says of each customer, `spread` what sums are told with.
    """

    now: Landmarks
    worth: Worth
    spread: Spread
    realised: Floats


def known_at(company: Company, at: int) -> Known:
    """This will collect what was known at the end of month `at`."""
    step = 1 if len(company.plan) <= MANY else 2
    past = landmarks(company, list(range(at, -1, -step))[::-1], known_to=at)
    now = past.chosen(past.day == past.day.max())
    seen = company.tickets[now.customer, : at + 1]
    rates = ticket_rates(
        np.nansum(seen, axis=1), (~np.isnan(seen)).sum(axis=1).astype(float), now.plan
    )
    growth = revenue_growth(past)
    return Known(
        past, now, Contribution(GROSS_MARGIN * now.mrr, rates, TICKET_COST, growth)
    )


def churn_probability(known: Known) -> Floats:
    """This will stand in for the published churn model: leaving within 90 days, (n,).

    A ridge logistic regression on the same rows; 0 for who cannot leave by then.
    """
    from sklearn.linear_model import LogisticRegression

    labelled = known.past.known_for(90)
    rows = known.past.chosen(labelled)
    mean, spread = (
        np.nanmean(rows.features, axis=0),
        np.nanstd(rows.features, axis=0),
    )

    def columns(of: Landmarks) -> Floats:
        scaled = np.nan_to_num((of.features - mean) / spread).clip(-4.0, 4.0)
        plans = of.plan[:, None] == np.arange(1, 4)
        annual = of.interval > 1
        soon = annual & able_to_leave(of, 3).any(axis=1)
        return np.column_stack([scaled, plans, annual, soon])

    model = LogisticRegression(C=0.3, solver="newton-cholesky")
    model.fit(columns(rows), rows.left_within(90))
    chance = model.predict_proba(columns(known.now))[:, 1]
    return np.where(able_to_leave(known.now, 3).any(axis=1), chance, 0.0)


def year_ahead(company: Company, at: int, *, months: int = YEAR) -> YearAhead:
    """This will forecast the margin of the months ahead as known at the end of a month."""
    known = known_at(company, at)
    p90 = churn_probability(known)
    worth = value_ranges(
        Lifetimes().fit(known.past).survival(known.now, p90, months),
        known.contribution,
        p90,
        plan=known.now.plan,
        discount_rate=YEARLY_DISCOUNT,
    )
    doubt = learn_doubt(known.past)
    spread = Spread(known.now.plan, worth.own, worth.lever, doubt)
    return YearAhead(known.now, worth, spread, realised(company, at, months)[1])


def widened(before: YearAhead, today: YearAhead) -> tuple[Ranges, Widening]:
    """This will adjust today's ranges by what those of a year before missed."""
    learnt = learn_widening(
        before.worth.ranges,
        before.realised,
        before.worth.values.staying,
        before.now.plan,
        customers_now=len(today.now),
    )
    staying = today.worth.values.staying
    return learnt.applied(today.worth.ranges, staying, today.now.plan), learnt


def sum_ranges(before: YearAhead | None, today: YearAhead) -> dict[str, bool]:
    """This will say which sums held what came in: of the whole, and of each plan.

    With what was learnt of sums a year before, or without.
    """
    factor = 1.0 if before is None else _factor(before)
    plan = today.now.plan
    parts = {"whole": np.ones(len(plan), dtype=bool)}
    parts |= {f"plan{number - 1}": plan == number for number in np.unique(plan)}
    doubt = replace(today.spread.doubt, factor=factor)
    spread = replace(today.spread, doubt=doubt)
    return {name: _holds(today, spread, part) for name, part in parts.items()}


def _holds(today: YearAhead, spread: Spread, part: NDArray[np.bool_]) -> bool:
    expected = float(today.worth.values.expected[part].sum())
    low, high = ends(expected, spread.chosen(part).deviation)
    return bool(low <= today.realised[part].sum() <= high)


def _factor(before: YearAhead) -> float:
    plan = before.now.plan
    parts = [plan == number for number in np.unique(plan)]
    parts.append(np.ones(len(plan), dtype=bool))
    missed = before.realised - before.worth.values.expected
    return factor_of(
        np.array([missed[part].sum() for part in parts]),
        np.array([before.spread.chosen(part).deviation for part in parts]),
    )


def methods(known: Known) -> dict[str, Floats]:
    """This will value the customers of the day over 60 months by every method, (n,) each."""
    p90 = churn_probability(known)
    model = Lifetimes().fit(known.past)
    now = known.now
    rate = _monthly_rate(known.past)
    months = np.arange(1, HORIZON + 1)
    curves: dict[str, Floats] = {
        "blend": model.survival(now, p90),
        "global_churn": np.broadcast_to((1.0 - rate) ** months, (len(now), HORIZON)),
        "constant_probability": (1.0 - p90[:, None]) ** (months / 3.0),
        "curve_alone": joined(p90, model.curves_.leaving(now, HORIZON)),
    }
    if model.hazard_ is not None:
        curves["hazard_alone"] = joined(p90, model.hazard_.leaving(now, HORIZON))
    found = {
        name: valued(alive, known.contribution, p90).expected
        for name, alive in curves.items()
    }
    margin = known.contribution.gross - known.contribution.support
    return found | {"textbook": margin / rate}


def _monthly_rate(past: Landmarks) -> float:
    """This will return leavers by customer-months, of everybody."""
    leavers = np.unique(past.customer[past.left_after <= past.observed])
    last = np.minimum(past.left_after, past.observed) / MONTH_DAYS
    _, first = np.unique(past.customer, return_index=True)
    return float(len(leavers) / last[first].sum())
