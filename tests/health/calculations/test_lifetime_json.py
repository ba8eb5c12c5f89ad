"""A model that was written down predicts the same."""

import json

import numpy as np
import pytest

from health.calculations.bdw import BDW
from health.calculations.lifetime import Lifetimes, Method
from health.calculations.lifetime_json import as_json, from_json
from health.calculations.sbg import SBG
from health.calculations.tenure_curves import TenureCurves
from tests.health.calculations.lifetime_rows import history


@pytest.mark.parametrize("method", list(Method))
def test_a_model_comes_back_as_it_was(method: Method) -> None:
    past = history(customers=300, effect=0.5)
    model = Lifetimes(method=method).fit(past)
    back = from_json(json.loads(json.dumps(as_json(model))))
    assert (back.method_, back.leavers_) == (method, model.leavers_)
    assert back.months_ == model.months_
    assert (back.hazard_ is None) == (method is not Method.BLEND)
    np.testing.assert_array_equal(back.leaving(past, 24), model.leaving(past, 24))


def test_both_kinds_of_curve_come_back() -> None:
    weibull, plain = BDW(), SBG()
    for curve in (weibull, plain):
        curve.phi_, curve.kappa_, curve.alpha_, curve.beta_ = 0.1, 5.0, 0.5, 4.5
    weibull.shape_ = 1.5
    model = Lifetimes(method=Method.CURVES).fit(history(customers=60))
    model.curves_ = TenureCurves({(1, 1): weibull}, {1: plain}, 0.4, 0.3, 12.0)
    back = from_json(json.loads(json.dumps(as_json(model)))).curves_
    assert back.of((1, 1)).retention(3) == weibull.retention(3)
    assert back.of((9, 1)).retention(3) == plain.retention(3)
    assert (back.unlikeness, back.yearly_churn, back.leavers) == (0.4, 0.3, 12.0)
