"""What a version of the forecasts holds comes back as it was."""

import json
from dataclasses import replace

import numpy as np

from health.calculations.churn.bands import BandRates
from health.calculations.churn.choosing import Method
from health.calculations.conformal import NONE, Widening
from health.calculations.contribution import NO_TICKETS, Growth
from health.calculations.forecast_content import ForecastContent
from health.calculations.lifetime import Method as Lifetime
from health.calculations.rates import shrunken_share
from tests.health.calculations.purchases import published
from tests.learnt import PRIOR, learnt_content, learnt_past


def again(content: ForecastContent) -> ForecastContent:
    return ForecastContent.from_json(json.loads(json.dumps(content.as_json())))


def test_a_version_comes_back_without_losing_a_bit() -> None:
    content, rows = learnt_content(), learnt_past()
    content = replace(content, widening=Widening((1, 2), (0.1, -0.2), 0.03))
    back = again(content)
    assert back.as_json() == content.as_json()
    assert (back.method, back.churn) == (Method.LOGISTIC, content.churn)
    assert (back.base, back.bands) == (content.base, content.bands)
    assert (back.growth, back.tickets) == (content.growth, content.tickets)
    assert (back.widening, back.buyers) == (content.widening, None)
    assert back.churn is not None
    p = back.churn.score(rows).p
    np.testing.assert_array_equal(
        back.lifetimes.survival(rows, p, 12), content.lifetimes.survival(rows, p, 12)
    )


def test_without_history_the_scorecard_is_believed() -> None:
    rows = learnt_past()
    nobody = rows.chosen(np.zeros(len(rows), dtype=bool))
    content = ForecastContent.assumed(PRIOR, nobody)
    assert content.method is Method.PRIOR
    assert content.churn is None
    assert content.lifetimes.method_ is Lifetime.ASSUMED
    assert (content.growth, content.tickets) == (Growth(0.0, 0.0), NO_TICKETS)
    assert content.widening is NONE
    found = content.bands.score(np.array([0, 1, 2, 3]))
    np.testing.assert_allclose(found.p, PRIOR)
    assert (found.involuntary == 0.0).all()
    np.testing.assert_allclose(content.base.rate, sum(PRIOR) / 4)
    assert again(content).as_json() == content.as_json()


def test_what_was_learnt_of_buyers_comes_back() -> None:
    content = replace(learnt_content(), buyers=published(doubt=0.01))
    back = again(content)
    assert back.as_json() == content.as_json()
    assert back.buyers is not None
    assert back.buyers.as_json() == published(doubt=0.01).as_json()


def test_rates_of_bands_come_back() -> None:
    rates = BandRates(tuple(shrunken_share(k, 50, towards=0.1) for k in range(4)), 0.25)
    content = replace(learnt_content(), method=Method.BANDS, churn=None, bands=rates)
    back = again(content)
    assert (back.method, back.churn, back.bands) == (Method.BANDS, None, rates)
