"""The parts of a version that are learnt in one pass over the rows."""

import numpy as np

from health.calculations.accuracy.resampling import cases_of
from health.calculations.churn.bands import BandRates, band_rates
from health.calculations.churn.choosing import Method, choose
from health.calculations.churn.grid import apart
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.training import HORIZON
from health.calculations.conformal import NONE
from health.calculations.contribution import (
    TicketRates,
    learn_ticket_rates,
    revenue_growth,
)
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import MONTH_DAYS
from health.calculations.lifetime import Lifetimes
from health.calculations.past_frames import PastFrames
from health.calculations.rates import Estimate, shrunken_share
from health.calculations.sum_ranges import learn_doubt

# What a scorecard assumes of each band, by the band's number.
Prior = tuple[float, ...]


def parts_learnt(
    frames: PastFrames, *, churn: ChurnModel | None, prior: Prior
) -> ForecastContent:
    """This will learn everything but who leaves, which is given, and the widening.

    Cost: that of `Lifetimes.fit`, and some passes over the rows.
    """
    bands, base = rates_learnt(frames, prior)
    method = choose(frames.rows, horizon=HORIZON).method
    if churn is None and method is Method.LOGISTIC:
        method = Method.BANDS
    return ForecastContent(
        method=method if churn is None else churn.method,
        churn=churn,
        bands=bands,
        base=base,
        lifetimes=Lifetimes().fit(frames.rows),
        growth=revenue_growth(frames.rows),
        tickets=_tickets(frames),
        widening=NONE,
        sums=learn_doubt(frames.rows),
    )


def rates_learnt(frames: PastFrames, prior: Prior) -> tuple[BandRates, Estimate]:
    """This will learn the rates of the bands, and of all customers together.

    Counted on days whose 90 days are over and do not overlap: one departure, one case.
    """
    known = frames.chosen(frames.rows.known_for(HORIZON))
    known = known.chosen(
        np.isin(known.rows.day, apart(known.rows.day, horizon=HORIZON))
    )
    cases = cases_of(known.rows, HORIZON)
    failed = cases.left & known.rows.involuntary
    assumed = sum(prior) / len(prior)
    whole = shrunken_share(int(cases.left.sum()), len(cases), towards=assumed)
    return band_rates(known.band, cases.left, failed, prior=prior), whole


def _tickets(frames: PastFrames) -> TicketRates:
    """This will learn tickets a month from the newest row of every customer."""
    rows = frames.rows
    order = np.lexsort((rows.day, rows.customer))
    last = np.append(np.diff(rows.customer[order]) != 0, True)[: len(order)]
    newest = frames.chosen(order[last])
    months = newest.rows.tenure / MONTH_DAYS
    return learn_ticket_rates(newest.tickets, months, newest.rows.plan)
