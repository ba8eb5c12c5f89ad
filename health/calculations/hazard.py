"""When customers leave, month by month ahead, from what is known of them today.

For month k after a day, of a customer that is n months old on that day, has the features x,
is still there and able to leave in that month:

    logit h(k | x, n) = f(n + k, plan, billing) + x·γ₁·e^(−k/6) + x·γ₂

f is a multiple of the log odds that the plan's tenure curve gives to an anniversary of that
age (0 where there is none), a level of its own for each plan and term, and the log age. What
is seen today counts fully next month and fades; γ₂ is what does not fade. Learnt from stacked
rows, one for every past day, customer and month ahead: a landmark supermodel (van
Houwelingen, Scandinavian Journal of Statistics 34, 2007, section 4). All of it is held back
by a ridge, for leavers are few.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.life_table import UnableToFit
from health.calculations.renewal_months import (
    Bools,
    Ints,
    able_to_leave,
    month_gone,
    months_observed,
    term,
)
from health.calculations.scoring import Floats
from health.calculations.tenure_curves import TenureCurves

HORIZON = 60
FADING = 6.0  # months after which what is seen today counts e times less
# Variance of the normal prior on each coefficient: a feature one standard deviation off is
# not expected to change the odds of leaving by more than a third or so.
PRIOR_VARIANCE = 0.02
MOST_LINES = 400_000
CLIP = 4.0  # standard deviations; what lies further off counts as so far off


@dataclass(frozen=True, slots=True)
class Stacked:
    """One line for every landmark row and month ahead in which it could have left."""

    row: NDArray[np.intp]  # of the landmarks
    month: Ints  # 1, 2, …
    left: Bools


def stacked(rows: Landmarks, months: int) -> Stacked:
    """This will list who was still there, could leave, and is known to have or not.

    Cost: n · months bytes, and a line for each month at risk.
    """
    gone = month_gone(rows)
    last = np.minimum(months_observed(rows), gone)
    known = np.arange(1, months + 1) <= last[:, None]
    row, month = np.nonzero(able_to_leave(rows, months) & known)
    return Stacked(row, month + 1, gone[row] == month + 1)


class LandmarkHazard:
    """The chance of leaving in each month ahead, of those still there.

    Settings: the tenure `curves` it starts from, the `months` it looks ahead, `fading`,
    `prior_variance`, and `most_lines` it learns from (customers are drawn, with `seed`).

    After `fit`: `coef_` and `intercept_`; `groups_`, the plans and terms that have a level;
    `events_`, the customers that left; `lines_`.
    """

    def __init__(
        self,
        curves: TenureCurves,
        *,
        months: int = HORIZON,
        fading: float = FADING,
        prior_variance: float = PRIOR_VARIANCE,
        most_lines: int = MOST_LINES,
        seed: int = 0,
    ) -> None:
        self.curves = curves
        self.months = months
        self.fading = fading
        self.prior_variance = prior_variance
        self.most_lines = most_lines
        self.seed = seed

    def fit(self, rows: Landmarks, *, weight: Floats | None = None) -> Self:
        """This will learn from landmark rows; `weight` (n,) goes by customer.

        Raises UnableToFit where nobody left, or nobody who could leave stayed. Cost: 0.3 s
        for 100,000 lines with 11 features.
        """
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - 60 MB

        weight = np.ones(len(rows)) if weight is None else weight
        kept = _drawn(rows, self.months, self.most_lines, self.seed)
        rows, weight = rows.chosen(kept), weight[kept]
        lines = stacked(rows, self.months)
        if lines.left.all() or not lines.left.any():
            msg = "A hazard needs customers that left and some that stayed."
            raise UnableToFit(msg)
        self.mean_, self.spread_ = _moments(rows)
        self.groups_ = np.unique(_group(rows))
        design = self._design(rows, lines)
        model = LogisticRegression(C=self.prior_variance, solver="newton-cholesky")
        model.fit(
            design, lines.left, sample_weight=weight[lines.row] * _repeated(rows, lines)
        )
        self.coef_ = model.coef_[0]
        self.intercept_ = float(model.intercept_[0])
        self.lines_ = len(lines.row)
        self.events_ = len(np.unique(rows.customer[lines.row[lines.left]]))
        return self

    def leaving(
        self,
        rows: Landmarks,
        months: int,
        *,
        curve: Floats | None = None,
        able: Bools | None = None,
    ) -> Floats:
        """This will return the chance of leaving in month 1..months of who is there then.

        Shape (n, months), 0 where a customer cannot leave. `curve` is that of the tenure
        curves and `able` that of `able_to_leave`, where they are known already. Cost:
        O(n · months).
        """
        able = able_to_leave(rows, months) if able is None else able
        ahead = np.arange(1, months + 1)
        curve = self.curves.leaving(rows, months) if curve is None else curve
        known = self._known(rows)
        start = len(self.coef_) - 2 * known.shape[1]
        fading, lasting = np.split(self.coef_[start:], 2)
        slope, young, old = self.coef_[:3]
        score = self.intercept_ + slope * _log_odds(curve)
        age = np.log(rows.tenure[:, None] / MONTH_DAYS + ahead)
        score += np.where(_long(rows)[:, None], young + old, young) * age
        score += (self._levels(rows) @ self.coef_[3:start] + known @ lasting)[:, None]
        score += (known @ fading)[:, None] * np.exp(-ahead / self.fading)
        return np.where(able, 1.0 / (1.0 + np.exp(-score)), 0.0)

    def survival(self, rows: Landmarks, months: int) -> Floats:
        """This will return the chance of being there after month 1..months, (n, months)."""
        return np.asarray(np.cumprod(1.0 - self.leaving(rows, months), axis=1))

    def _design(self, rows: Landmarks, lines: Stacked) -> Floats:
        known = self._known(rows)[lines.row]
        rates = self.curves.leaving(rows, self.months)
        curve = _log_odds(rates[lines.row, lines.month - 1])
        age = np.log(rows.tenure[lines.row] / MONTH_DAYS + lines.month)
        fresh = known * np.exp(-lines.month / self.fading)[:, None]
        own = np.column_stack([curve, age, age * _long(rows)[lines.row]])
        return np.hstack([own, self._levels(rows)[lines.row], fresh, known])

    def _levels(self, rows: Landmarks) -> Floats:
        """This will return columns of plan and term: each pair, each plan, a long term."""
        pairs = _group(rows)[:, None] == self.groups_
        plans = rows.plan[:, None] == np.unique(self.groups_ // 2)
        return np.hstack([pairs, plans, _long(rows)[:, None]]).astype(np.float64)

    def _known(self, rows: Landmarks) -> Floats:
        """This will put features on one scale; what is not known lies at the mean."""
        scaled = (rows.features - self.mean_) / self.spread_
        return np.clip(np.nan_to_num(scaled), -CLIP, CLIP)


def _moments(rows: Landmarks) -> tuple[Floats, Floats]:
    values = rows.features.astype(np.float64)
    count = np.maximum(1, (~np.isnan(values)).sum(axis=0))
    mean = np.nansum(values, axis=0) / count
    spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / count)
    return mean, np.where(spread > 0.0, spread, 1.0)


def _log_odds(rate: Floats) -> Floats:
    held = np.clip(rate, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(held) - np.log1p(-held))


def _long(rows: Landmarks) -> Bools:
    return np.asarray(rows.interval > 1)


def _group(rows: Landmarks) -> Ints:
    return np.asarray(rows.plan * 2 + _long(rows))


def _drawn(rows: Landmarks, months: int, most: int, seed: int) -> Bools:
    """This will draw customers so that about `most` lines are left, the same each time."""
    last = np.minimum(np.minimum(months_observed(rows), month_gone(rows)), months)
    lines = float((last / term(rows)).sum())
    who, place = np.unique(rows.customer, return_inverse=True)
    lots = np.random.default_rng(seed).random(len(who))
    return np.asarray(lots[place] * lines <= most)


def _repeated(rows: Landmarks, lines: Stacked) -> float:
    """This will return how much a line counts: the month of a customer counts once.

    It stands in a line for every landmark before it; counting each would tell the ridge
    of many times the leavers there are.
    """
    age = np.round(rows.tenure[lines.row] / MONTH_DAYS).astype(np.int64) + lines.month
    _, place = np.unique(rows.customer[lines.row], return_inverse=True)
    once = np.unique(place * (age.max() + 1) + age)
    return len(once) / len(age)
