"""A small company's past, made up, and what the forecasts learn from it.

Learnt once in a process: every test that needs a version of the forecasts shares it.
"""

from functools import cache

import numpy as np

from common.dates import POSTGRES_EPOCH
from health.calculations.accuracy.probability import probability
from health.calculations.churn.bands import band_rates
from health.calculations.churn.choosing import Method
from health.calculations.churn.threads import one_thread
from health.calculations.churn.training import HORIZON, train
from health.calculations.conformal import Widening
from health.calculations.contribution import TicketRates, revenue_growth
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.lifetime import Lifetimes
from health.calculations.rates import shrunken_share
from health.calculations.sum_ranges import learn_doubt
from health.features import feature_names
from tests.world import TODAY

CUSTOMERS, MONTHS, MONTH = 240, 18, 30
PRIOR = (0.06, 0.20, 0.10, 0.03)  # unknown, at risk, watch, healthy
# What foretells leaving here: the less a customer uses and pays, the sooner it goes.
TELLING = {"last_seen": -4.0, "overdue": -2.5}


@cache
def learnt_past() -> Landmarks:
    """This will make customers at the ends of months, half of them billed by the year."""
    lots = np.random.default_rng(4)
    names = feature_names()
    start = lots.integers(0, MONTHS - 6, CUSTOMERS)
    level = lots.uniform(0.1, 1.0, CUSTOMERS)
    shown = np.clip(level[:, None] + lots.normal(0, 0.15, (CUSTOMERS, MONTHS)), 0, 1)
    paying = np.where(lots.random((CUSTOMERS, MONTHS)) < 0.8, 1.0, 0.2)
    odds = 0.2 + TELLING["last_seen"] * shown + TELLING["overdue"] * (paying - 0.5)
    month = np.arange(MONTHS)
    leaves = lots.random((CUSTOMERS, MONTHS)) < probability(odds)
    leaves &= month >= start[:, None]
    gone = np.where(leaves.any(axis=1), leaves.argmax(axis=1), MONTHS)
    who, when = np.nonzero((month >= start[:, None]) & (month <= gone[:, None]))
    features = lots.uniform(0, 1, (len(who), len(names))).astype(np.float32)
    features[lots.random(features.shape) < 0.3] = np.nan
    features[:, names.index("last_seen")] = shown[who, when]
    features[:, names.index("overdue")] = paying[who, when]
    left = gone[who] < MONTHS
    end = (TODAY - POSTGRES_EPOCH).days
    yearly = who % 2 == 1
    tenure = MONTH * (when - start[who]) + 15
    return Landmarks(
        customer=who.astype(np.int64),
        day=(end - MONTH * (MONTHS - when)).astype(np.int32),
        segment=np.zeros(len(who), dtype=np.int64),
        plan=np.zeros(len(who), dtype=np.int64),
        tenure=tenure.astype(np.int32),
        interval=np.where(yearly, 12, 1).astype(np.int32),
        renewal=np.where(yearly, 365 - tenure % 365, 30 - tenure % 30).astype(np.int32),
        mrr=np.where(who % 3 == 0, 400.0, 900.0),
        features=features,
        names=names,
        left_after=np.where(left, MONTH * (gone[who] - when) + 10, STAYED).astype(
            np.int32
        ),
        observed=(MONTH * (MONTHS - when)).astype(np.int32),
        involuntary=(who % 5 == 0) & left,
    )


@cache
def learnt_content() -> ForecastContent:
    """This will learn all parts of a version from the made-up past."""
    with one_thread():
        return _learnt(learnt_past())


def _learnt(rows: Landmarks) -> ForecastContent:
    known = rows.chosen(rows.known_for(HORIZON))
    left = known.left_within(HORIZON)
    band = np.where(left, 1, 3)
    return ForecastContent(
        method=Method.LOGISTIC,
        churn=train(rows, calls=20, seed=0, resamples=20, strengths=(0.01,)),
        bands=band_rates(band, left, known.involuntary, prior=PRIOR),
        base=shrunken_share(int(left.sum()), len(left), towards=0.1),
        lifetimes=Lifetimes().fit(rows),
        growth=revenue_growth(rows),
        tickets=TicketRates((), (), 0.2, 5.0),
        widening=Widening((), (), 0.02),
        sums=learn_doubt(rows),
    )
