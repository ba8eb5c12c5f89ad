"""How customers of a plan and billing interval leave as they grow older.

One shifted-beta-geometric curve for each plan and interval, in terms of its own interval:
annual customers by the year, monthly ones by the month. A plan's past is short and its
leavers few, so how unlike its customers are is told by all plans together. The measure is
the same for months and years: the squared coefficient of variation of a customer's own
chance of leaving at a renewal,

    v = (1 − φ) / (φ·(κ + 1)),    φ = α/(α+β), κ = α+β

Fitted curves in Fader & Hardie (2007; 2010, case 1) have v = 0.6, 1.0 and 0.2, so it is
thought to be near 0.5 until the customers say otherwise. Small groups are also pulled
towards all customers of their interval. A group whose likelihood-ratio test asks for it,
and that has enough to tell, gets a beta-discrete-Weibull curve instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.bdw import BDW, needs_bdw
from health.calculations.landmarks import Landmarks
from health.calculations.life_table import LifeTable, life_table
from health.calculations.posterior import MIN_KAPPA, logit_of
from health.calculations.renewal_months import (
    Bools,
    able_to_leave,
    first_renewal,
    month_gone,
    months_observed,
    renewals_made,
    term,
)
from health.calculations.sbg import SBG
from health.calculations.scoring import Floats

UNLIKENESS = 0.5
UNLIKENESS_SPREAD = 0.4  # of ln v, over companies
PLAN_SPREAD = 0.2  # of ln v, over the plans of a company
PHI_SPREAD = 0.7  # of the log odds of φ, over the plans of a company
FLAT_SPREAD = 100.0
# A curve with three parameters needs more renewals than that, and some hundred leavers.
BDW_RENEWALS = 5
BDW_LEAVERS = 200
# Of new customers, whose mean rate of leaving a textbook would take.
TEXTBOOK_MONTHS = 60
# Without any history: of customers, a year.
ASSUMED_YEARLY_CHURN = 0.2

Key = tuple[int, int]  # plan and months in a term
Curve = SBG | BDW


@dataclass(frozen=True, slots=True)
class UnlikenessPrior:
    """ln v normal around that of `unlikeness`, logit φ around that of `phi`.

    A prior for `SBG` and `BDW`, see `posterior.Prior`.
    """

    unlikeness: float = UNLIKENESS
    spread: float = UNLIKENESS_SPREAD
    phi: float = 0.5
    phi_spread: float = FLAT_SPREAD
    min_kappa: float = MIN_KAPPA

    def slope(self, place: Floats) -> tuple[float, Floats]:
        """This will return the log density at (logit φ, ln κ, …), and its derivatives.

        ln v = −logit φ − ln(κ + 1).
        """
        logit, kappa = float(place[0]), float(np.exp(place[1]))
        u = (-logit - np.log1p(kappa) - np.log(self.unlikeness)) / self.spread
        w = (logit - logit_of(self.phi)) / self.phi_spread
        turn = np.zeros(len(place))
        turn[0] = u / self.spread - w / self.phi_spread
        turn[1] = u / self.spread * kappa / (kappa + 1.0)
        return float(-0.5 * (u * u + w * w)), turn


@dataclass(frozen=True, slots=True)
class TenureCurves:
    """Curves by plan and term, by term for plans that have none, and for the rest."""

    curves: Mapping[Key, Curve]
    by_term: Mapping[int, Curve]
    unlikeness: float  # v of the company
    yearly_churn: float  # of customers whose term nobody had before
    leavers: float

    @classmethod
    def fit(cls, rows: Landmarks, *, weight: Floats | None = None) -> Self:
        """This will learn the curves from landmark rows; `weight` (n,) goes by customer.

        With nobody facing a renewal they are `assumed`. Cost: some 20 fits of 2 ms for
        every plan and term.
        """
        tables = {
            key: table
            for key, table in _tables(rows, weight).items()
            if table.exposure > 0.0
        }
        if not tables:
            return cls.assumed()
        unlikeness = _common_unlikeness(tables)
        whole = _by_term(tables)
        by_term = {
            months: SBG(prior=UnlikenessPrior(unlikeness, PLAN_SPREAD)).fit(table)
            for months, table in whole.items()
        }
        curves = {
            (plan, months): _fitted(table, unlikeness, by_term[months].phi_)
            for (plan, months), table in tables.items()
        }
        return cls(
            curves=curves,
            by_term=by_term,
            unlikeness=unlikeness,
            yearly_churn=_yearly(whole),
            leavers=sum(table.leavers for table in tables.values()),
        )

    @classmethod
    def assumed(cls, yearly_churn: float = ASSUMED_YEARLY_CHURN) -> Self:
        """This will return curves that rest on a stated share lost in the first year."""
        return cls({}, {}, UNLIKENESS, yearly_churn, 0.0)

    def leaving(
        self, rows: Landmarks, months: int, *, able: Bools | None = None
    ) -> Floats:
        """This will return the chance of leaving in month 1..months of who is there then.

        Shape (n, months), 0 where a customer cannot leave. `able` is that of
        `able_to_leave`, where it is known already. Cost: O(n · months).
        """
        able = able_to_leave(rows, months) if able is None else able
        made = renewals_made(rows)
        place, keys = _keys(rows)
        longest = int(made.max(initial=0)) + months + 1
        renewals = np.arange(1, longest + 1)
        rates = np.stack([1.0 - self.of(key).retention(renewals) for key in keys])
        turn = made[:, None] + np.cumsum(able, axis=1) - 1
        found = rates[place[:, None], np.maximum(0, turn)]
        return np.where(able, found, 0.0)

    def survival(self, rows: Landmarks, months: int) -> Floats:
        """This will return the chance of being there after month 1..months, (n, months)."""
        return np.asarray(np.cumprod(1.0 - self.leaving(rows, months), axis=1))

    def monthly_rate(self, rows: Landmarks) -> Floats:
        """This will return the mean share that leaves in a month, of five years, (n,).

        By plan and term, of new customers: what a textbook would take for all times.
        """
        place, keys = _keys(rows)
        rates = [self._rate(key) for key in keys]
        return np.array(rates, dtype=np.float64)[place]

    def _rate(self, key: Key) -> float:
        terms = max(1, TEXTBOOK_MONTHS // key[1])
        stay = self.of(key).retention(np.arange(1, terms + 1))
        return float(-np.expm1(np.log(stay).sum() / (terms * key[1])))

    def of(self, key: Key) -> Curve:
        """This will return the curve of a plan and term; the nearest there is."""
        found = self.curves.get(key) or self.by_term.get(key[1])
        return found or _assumed_curve(self.yearly_churn, self.unlikeness, key[1])


def _assumed_curve(yearly_churn: float, unlikeness: float, months: int) -> SBG:
    """This will make a curve of a share lost per year and an unlikeness."""
    curve = SBG()
    curve.phi_ = 1.0 - (1.0 - yearly_churn) ** (months / 12.0)
    spread = (1.0 - curve.phi_) / (curve.phi_ * unlikeness)
    curve.kappa_ = max(MIN_KAPPA, spread - 1.0)
    curve.alpha_ = curve.phi_ * curve.kappa_
    curve.beta_ = curve.kappa_ - curve.alpha_
    return curve


def _fitted(table: LifeTable, unlikeness: float, phi: float) -> Curve:
    prior = UnlikenessPrior(unlikeness, PLAN_SPREAD, phi, PHI_SPREAD)
    renewals = int((table.faced > 0).sum())
    tells = renewals >= BDW_RENEWALS and table.leavers >= BDW_LEAVERS
    if tells and needs_bdw(table):
        return BDW(prior=prior).fit(table)
    return SBG(prior=prior).fit(table)


def _common_unlikeness(tables: Mapping[Key, LifeTable]) -> float:
    """This will find the one v under which the tables of all plans fit best.

    By trying them, each plan with its best φ: exact to a twentieth of itself, and a
    hundred times faster than fitting.
    """
    centre = float(np.log(UNLIKENESS))
    log_v = centre + np.linspace(-3.0, 3.0, 121)
    doubt = ((log_v - centre) / UNLIKENESS_SPREAD) ** 2
    fit = sum(_best_fits(table, np.exp(log_v)) for table in tables.values())
    return float(np.exp(log_v[np.argmax(fit - 0.5 * doubt)]))


def _best_fits(table: LifeTable, unlikeness: Floats) -> Floats:
    """This will return the sBG's log likelihood with the best φ under each v, shape of v."""
    share = (table.leavers + 0.5) / (table.exposure + 1.0)
    logit = logit_of(share) + np.linspace(-2.0, 2.0, 161)
    phi = 1.0 / (1.0 + np.exp(-logit))
    kappa = np.maximum(MIN_KAPPA, (1.0 - phi) / (phi * unlikeness[:, None]) - 1.0)
    fit = table.leavers * np.log(phi * kappa)
    for before, (kept, faced) in enumerate(zip(table.kept, table.faced, strict=True)):
        stay, everybody = (1.0 - phi) * kappa + before, kappa + before
        fit += kept * np.log(stay) - faced * np.log(everybody)
    return np.asarray(fit.max(axis=1))


def _by_term(tables: Mapping[Key, LifeTable]) -> dict[int, LifeTable]:
    whole: dict[int, LifeTable] = {}
    for (_, months), table in tables.items():
        whole[months] = whole[months].plus(table) if months in whole else table
    return whole


def _yearly(whole: Mapping[int, LifeTable]) -> float:
    """This will return the share lost in a year over all terms; never 0, never 1."""
    leavers = 0.5 + sum(table.leavers for table in whole.values())
    years = sum(months * table.exposure / 12.0 for months, table in whole.items())
    return float(-np.expm1(-leavers / max(years, 1.0)))


def _keys(rows: Landmarks) -> tuple[NDArray[np.intp], list[Key]]:
    """This will return which plan and term each row has, and what these are."""
    months = term(rows)
    width = int(months.max(initial=0)) + 1
    # As one number each, which is sorted much faster than pairs are.
    different, place = np.unique(rows.plan * width + months, return_inverse=True)
    pairs = np.divmod(different, width)
    return place, list(zip(*(column.tolist() for column in pairs), strict=True))


def _tables(rows: Landmarks, weight: Floats | None) -> dict[Key, LifeTable]:
    """This will count who faced which renewal, each customer once.

    A customer counts from the first day it was seen on a plan and term to the last one
    known; before that day nobody knows who left (left truncation).
    """
    order = np.lexsort((rows.day, rows.customer))
    sorted_rows = rows.chosen(order)
    place, keys = _keys(sorted_rows)
    changed = (np.diff(sorted_rows.customer) != 0) | (np.diff(place) != 0)
    last = np.append(changed, True)
    first = np.insert(changed, 0, True)
    end = sorted_rows.chosen(last)
    of_customer = np.append(np.diff(end.customer) != 0, True)
    gone, known = month_gone(end), months_observed(end)
    left = of_customer & (gone <= known)
    ahead = np.where(left, gone - 1, np.where(of_customer, known, 0))
    passed = np.maximum(0, (ahead - first_renewal(end)) // term(end) + 1)
    survived = renewals_made(end) + passed
    entered = np.minimum(renewals_made(sorted_rows)[first], survived)
    weights = None if weight is None else weight[order][last]
    group = place[last]
    return {
        key: life_table(
            survived[group == number],
            left[group == number],
            entered=entered[group == number],
            weights=None if weights is None else weights[group == number],
        )
        for number, key in enumerate(keys)
    }
