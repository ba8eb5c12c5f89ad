"""A fitted lifetime model as JSON and back, without losing a bit.

What a version of the model has to keep, so that tonight's values can be had again.
"""

from typing import Any

import numpy as np

from health.calculations.bdw import BDW
from health.calculations.hazard import LandmarkHazard
from health.calculations.lifetime import Lifetimes, Method
from health.calculations.sbg import SBG
from health.calculations.tenure_curves import Curve, TenureCurves

ARRAYS = ("coef_", "mean_", "spread_", "groups_")


def as_json(model: Lifetimes) -> dict[str, Any]:
    """This will return what `from_json` reads back, for a fitted model."""
    return {
        "method": str(model.method_),
        "leavers": model.leavers_,
        "months": model.months_,
        "curves": _curves_json(model.curves_),
        "hazard": None if model.hazard_ is None else _hazard_json(model.hazard_),
    }


def from_json(data: dict[str, Any]) -> Lifetimes:
    """This will read what `as_json` wrote; the model predicts the same to the last bit."""
    model = Lifetimes(method=Method(data["method"]))
    model.method_ = Method(data["method"])
    model.leavers_, model.months_ = data["leavers"], data["months"]
    model.curves_ = _curves(data["curves"])
    model.hazard_ = None
    if data["hazard"] is not None:
        model.hazard_ = _hazard(data["hazard"], model.curves_)
    return model


def _curves_json(curves: TenureCurves) -> dict[str, Any]:
    return {
        "curves": [
            [plan, months, _curve_json(curve)]
            for (plan, months), curve in curves.curves.items()
        ],
        "by_term": [
            [months, _curve_json(curve)] for months, curve in curves.by_term.items()
        ],
        "unlikeness": curves.unlikeness,
        "yearly_churn": curves.yearly_churn,
        "leavers": curves.leavers,
    }


def _curves(data: dict[str, Any]) -> TenureCurves:
    return TenureCurves(
        curves={
            (plan, months): _curve(curve) for plan, months, curve in data["curves"]
        },
        by_term={months: _curve(curve) for months, curve in data["by_term"]},
        unlikeness=data["unlikeness"],
        yearly_churn=data["yearly_churn"],
        leavers=data["leavers"],
    )


def _curve_json(curve: Curve) -> list[float | None]:
    shape = curve.shape_ if isinstance(curve, BDW) else None
    return [
        float(curve.phi_),
        float(curve.kappa_),
        float(curve.alpha_),
        float(curve.beta_),
        shape,
    ]


def _curve(data: list[Any]) -> Curve:
    *place, shape = data
    curve: Curve = SBG()
    if shape is not None:
        curve = BDW()
        curve.shape_ = shape
    curve.phi_, curve.kappa_, curve.alpha_, curve.beta_ = place
    return curve


def _hazard_json(hazard: LandmarkHazard) -> dict[str, Any]:
    return {
        "fading": hazard.fading,
        "intercept": hazard.intercept_,
        "events": hazard.events_,
        "lines": hazard.lines_,
        **{name: getattr(hazard, name).tolist() for name in ARRAYS},
    }


def _hazard(data: dict[str, Any], curves: TenureCurves) -> LandmarkHazard:
    hazard = LandmarkHazard(curves, fading=data["fading"])
    hazard.intercept_ = data["intercept"]
    hazard.events_, hazard.lines_ = data["events"], data["lines"]
    for name in ARRAYS:
        setattr(hazard, name, np.array(data[name]))
    return hazard
