"""How long each customer will stay: the method the data allow, and its survival curves.

    few leavers     a stated churn            an assumption, and called one
    some            the plan's tenure curve
    many            the tenure curve and the landmark hazard together

The first three months belong to the published churn model: S(3) = 1 − p90, split over the
months by who can leave when, so that no two figures on a page contradict each other. From
month 4 on ln S(t) is the mean of the two. The hazard sees the customer but
stretches a short past; the curve knows only plan and age but how fast churn fades with it:
on simulated companies their errors partly cancel, and weights near a half do alike.
"""

from enum import StrEnum
from typing import Self

import numpy as np

from health.calculations.clv import MONTHS_IN_FORECAST
from health.calculations.hazard import HORIZON, LandmarkHazard
from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.life_table import UnableToFit
from health.calculations.renewal_months import able_to_leave
from health.calculations.scoring import Floats
from health.calculations.tenure_curves import ASSUMED_YEARLY_CHURN, TenureCurves

SOME_LEAVERS = 30
MANY_LEAVERS = 100
MANY_MONTHS = 12
HAZARD_WEIGHT = 0.5
# Customers whose curves are worked out together.
CHUNK = 4_096
# S(3) of a certain departure: what is lost by it is S(t)/S(3), which 0/0 would hide.
LEAST_STAYING = 1e-9


class Method(StrEnum):
    """Where the survival after month 3 comes from."""

    ASSUMED = "assumed"  # a stated churn: not measured
    CURVES = "curves"  # the tenure curve of the plan and billing interval
    BLEND = "blend"  # that and the landmark hazard


def choose_method(leavers: float, months: float) -> Method:
    """This will choose by how many customers left in so many months of history."""
    if leavers < SOME_LEAVERS:
        return Method.ASSUMED
    if leavers < MANY_LEAVERS or months < MANY_MONTHS:
        return Method.CURVES
    return Method.BLEND


class Lifetimes:
    """Survival curves of customers, by the method the data allow.

    Settings: `assumed_churn`, the share of customers lost in a year that is taken where
    under 30 have left; `method`, to use one whatever the data; `most_lines` and `seed` of
    the hazard.

    After `fit`: `method_`, `leavers_`, `months_` of history, `curves_`, and `hazard_`
    where the method uses one.
    """

    def __init__(
        self,
        *,
        assumed_churn: float = ASSUMED_YEARLY_CHURN,
        method: Method | None = None,
        most_lines: int | None = None,
        seed: int = 0,
    ) -> None:
        self.assumed_churn = assumed_churn
        self.method = method
        self.most_lines = most_lines
        self.seed = seed

    def fit(self, rows: Landmarks, *, weight: Floats | None = None) -> Self:
        """This will learn from landmark rows; `weight` (n,) goes by customer.

        Where nobody left at a moment at which it could, curves alone are used. Cost: see `TenureCurves` and `LandmarkHazard`.
        """
        self.leavers_ = len(np.unique(rows.customer[rows.left_after <= rows.observed]))
        self.months_ = float(rows.observed.max(initial=0) / MONTH_DAYS)
        self.method_ = self.method or choose_method(self.leavers_, self.months_)
        self.hazard_: LandmarkHazard | None = None
        if self.method_ is Method.ASSUMED:
            self.curves_ = TenureCurves.assumed(self.assumed_churn)
            return self
        self.curves_ = TenureCurves.fit(rows, weight=weight)
        if self.method_ is Method.BLEND:
            self._blend(rows, weight)
        return self

    def _blend(self, rows: Landmarks, weight: Floats | None) -> None:
        lines = {} if self.most_lines is None else {"most_lines": self.most_lines}
        hazard = LandmarkHazard(self.curves_, seed=self.seed, **lines)
        try:
            self.hazard_ = hazard.fit(rows, weight=weight)
        except UnableToFit:
            self.method_ = Method.CURVES

    def leaving(self, rows: Landmarks, months: int = HORIZON) -> Floats:
        """This will return the method's own chance of leaving in each month, (n, months).

        Cost: some ten arrays of n · months numbers at a time; hand in some 50,000
        customers at once.
        """
        able = able_to_leave(rows, months)
        curve = self.curves_.leaving(rows, months, able=able)
        if self.hazard_ is None:
            return curve
        hazard = self.hazard_.leaving(rows, months, curve=curve, able=able)
        stay = HAZARD_WEIGHT * np.log1p(-hazard) + (1.0 - HAZARD_WEIGHT) * np.log1p(
            -curve
        )
        return np.asarray(-np.expm1(stay))

    def survival(self, rows: Landmarks, p90: Floats, months: int = HORIZON) -> Floats:
        """This will return S(1..months), shape (n, months); 1 − S(3) is `p90` (n,).

        Cost: 3 µs a customer for 60 months; customers go through in parts that stay near
        the processor, so that beside what is returned little memory is needed.
        """
        found = np.empty((len(rows), months))
        for start in range(0, len(rows), CHUNK):
            part = slice(start, start + CHUNK)
            leaving = self.leaving(rows.chosen(part), months)
            found[part] = joined(p90[part], leaving)
        return found


def joined(p90: Floats, leaving: Floats) -> Floats:
    """This will join the published chance of leaving to monthly chances (n, months).

    The published one is spread over months 1 to 3 as the monthly chances are, evenly where
    these are 0; later months keep their own.
    """
    near = np.cumsum(-np.log1p(-leaving[:, :MONTHS_IN_FORECAST]), axis=1)
    even = np.arange(1, MONTHS_IN_FORECAST + 1) / MONTHS_IN_FORECAST
    whole = near[:, -1:]
    part = np.divide(near, whole, out=np.tile(even, (len(near), 1)), where=whole > 0.0)
    stays = np.maximum(1.0 - p90[:, None], LEAST_STAYING)
    first = np.power(stays, part)
    later = np.cumprod(1.0 - leaving[:, MONTHS_IN_FORECAST:], axis=1)
    return np.hstack([first, first[:, -1:] * later])
