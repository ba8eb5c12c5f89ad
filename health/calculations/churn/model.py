"""The churn model as it is stored: numbers alone, scored with numpy alone.

Its log-odds are those of a regression, or of boosted trees where these were clearly better
(`challenger`); all that follows is the same for both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from health.calculations.accuracy.drift import Reference
from health.calculations.accuracy.probability import probability
from health.calculations.churn.calibration import Calibration
from health.calculations.churn.causes import Causes
from health.calculations.churn.choosing import Method
from health.calculations.churn.comparables import Comparables
from health.calculations.churn.design import Design
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.logistic import log_odds_of
from health.calculations.churn.metrics import Metrics
from health.calculations.churn.trees import Boosted
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

# From the 10th to the 90th percentile of a normal distribution: an 80 % interval.
Z80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Window:
    """What the model learnt from. Days since 2000-01-01."""

    first_day: int
    last_day: int
    horizon: int
    rows: int
    customers: int
    leavers: int  # customers
    rate: float  # share of rows that left


@dataclass(frozen=True, slots=True)
class Scores:
    """Chances of leaving within the horizon, each (n,); the parts add up exactly."""

    p: Floats
    low: Floats  # 80 % interval
    high: Floats
    voluntary: Floats
    involuntary: Floats

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will put scores one after the other; nobody's for no parts."""
        empty = np.empty(0)
        return cls(
            *(
                np.concatenate([empty, *(getattr(part, field.name) for part in parts)])
                for field in fields(cls)
            )
        )


@dataclass(frozen=True, slots=True)
class ChurnModel:
    """A regularised logistic regression or boosted trees, calibrated, with d columns.

    `strength` is that of the regression, also where trees have taken its place.
    """

    design: Design
    beta: tuple[float, ...]  # (1 + d,), the intercept first; empty with trees
    covariance: tuple[tuple[float, ...], ...]  # (1 + d, 1 + d); empty with trees
    strength: float
    calibration: Calibration
    causes: Causes
    comparables: Comparables
    references: tuple[Reference, ...]  # of the features in training, as `design.names`
    score_reference: Reference  # of p
    window: Window
    metrics: Metrics
    boosted: Boosted | None = None

    @property
    def method(self) -> Method:
        """What forecasts."""
        return Method.LOGISTIC if self.boosted is None else Method.TREES

    @property
    def rounds(self) -> int:
        """How many trees it has; 0 for the regression."""
        return 0 if self.boosted is None else len(self.boosted.trees)

    def score(self, rows: Landmarks) -> Scores:
        """This will score n customers.

        The interval holds what is not known of the coefficients or trees and of the
        calibration; not what the features cannot tell. Raises ValueError for other features
        than those learnt. Cost: d² a customer, or some 1,000 comparisons with trees, in
        chunks; 1,000,000 take seconds.
        """
        return Scores.joined([self.scored(part) for part in self.columns(rows)])

    def columns(self, rows: Landmarks) -> Iterator[Floats]:
        """This will yield the columns of some customers after others, (m, d) each.

        Raises ValueError for other features than those learnt. None for nobody.
        """
        self._same_features(rows)
        for _, columns in self.design.chunks(rows):
            yield columns

    def scored(self, columns: Floats) -> Scores:
        """This will score customers by their columns, (m, d)."""
        eta, doubt = self._log_odds(columns)
        share = self.causes.shares(columns)
        right = self.calibration.log_odds(eta)
        doubt = self.calibration.slope**2 * doubt + self.calibration.variance(eta)
        reach = Z80 * np.sqrt(np.maximum(0.0, doubt))
        whole = probability(right)
        involuntary = whole * share
        voluntary = whole - involuntary
        # Added anew, so that the parts add up to the last bit.
        return Scores(
            voluntary + involuntary,
            probability(right - reach),
            probability(right + reach),
            voluntary,
            involuntary,
        )

    def _log_odds(self, columns: Floats) -> tuple[Floats, Floats]:
        """This will return log-odds before they are calibrated, and their variance."""
        if self.boosted is not None:
            eta = self.boosted.log_odds(columns)
            return eta, self.boosted.variance(eta)
        beta, spread = np.array(self.beta), np.array(self.covariance)
        doubt = np.einsum(
            "ij,ij->i", columns @ spread[1:, 1:] + 2.0 * spread[0, 1:], columns
        )
        return log_odds_of(columns, beta), doubt + spread[0, 0]

    def _same_features(self, rows: Landmarks) -> None:
        if rows.names != self.design.names:
            msg = "These are not the features the model has learnt."
            raise ValueError(msg)

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back without losing a bit."""
        found: dict[str, Any] = to_json(self)
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote."""
        return from_json(cls, data)
