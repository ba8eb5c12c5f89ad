"""What is foreseen of customers with a subscription."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from health.calculations.churn.bands import BandRates
from health.calculations.churn.choosing import Method
from health.calculations.churn.explaining import pushes
from health.calculations.churn.threads import one_thread
from health.calculations.churn.training import train
from health.calculations.contribution import NO_TICKETS, Growth, TicketRates
from health.calculations.forecast import Economics, Forecast, Foreseen, Money, foresee
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import Landmarks
from health.calculations.lifetime import Lifetimes
from health.calculations.rates import Estimate
from tests.health.calculations.churn.made import NAMES, company

PRIOR = (0.06, 0.20, 0.10, 0.03)
ECONOMICS = Economics(
    margin=0.5, support_cost=25.0, discount_rate=0.0, horizon_months=6
)
CODES = {
    name: 10 + place
    for place, name in enumerate(
        (*NAMES, "tenure", "renewal", "mrr", "plan", "segment", "interval")
    )
}


def assumed(**parts: object) -> ForecastContent:
    nobody = company(seed=0, customers=1).chosen(np.zeros(0, dtype=int))
    return replace(ForecastContent.assumed(PRIOR, nobody), **parts)


@cache
def past() -> Landmarks:
    return company(seed=1, customers=300)


@cache
def learnt() -> ForecastContent:
    """A regression; its lifetimes, growth and tickets, all learnt but the widening."""
    rows = past()
    with one_thread():
        return replace(
            assumed(),
            method=Method.LOGISTIC,
            churn=train(rows, calls=20, seed=0, resamples=10, strengths=(0.01,)),
            base=Estimate(0.1, 0.08, 0.12, 10, 100.0),
            lifetimes=Lifetimes().fit(rows),
            growth=Growth(0.001, 0.02),
            tickets=TicketRates((), (), 0.4, 2.0),
        )


def today(size: int = 40) -> Landmarks:
    rows = past()
    return rows.chosen(np.flatnonzero(rows.day == rows.day.max())[:size])


def money(size: int, **columns: object) -> Money:
    plain = {name: np.zeros(size) for name in ("earned", "tickets", "acquisition_cost")}
    return Money(**plain | columns)


def said(
    rows: Landmarks, content: ForecastContent, band: int = 3, **columns: object
) -> Forecast:
    return foresee(
        rows,
        money=money(len(rows), **columns),
        band=np.full(len(rows), band, dtype=np.int16),
        days_to_renewal=np.full(len(rows), np.nan),
        content=content,
        economics=ECONOMICS,
        codes=CODES,
    ).forecast


def test_without_a_model_the_band_and_the_past_by_hand() -> None:
    """1,000 · 0.5 − 2 · 25 − 50 = 400 so far; watch: 10 % of 100 a month at 50 %."""
    one = today(1)
    one = replace(one, mrr=np.array([100.0]))
    got = said(
        one,
        assumed(),
        band=2,
        earned=np.array([1000.0]),
        tickets=np.array([2.0]),
        acquisition_cost=np.array([50.0]),
    )
    assert got.earned.tolist() == [400.0]
    assert got.churn[0] == pytest.approx(0.10)
    assert got.churn_low[0] < 0.10 < got.churn_high[0]
    alive = assumed().lifetimes.survival(one, np.array([0.10]), 6)[0]
    assert alive[2] == pytest.approx(0.90)
    assert got.clv[0] == pytest.approx(400 + 50 * alive.sum())
    lost = 50 * alive[3:].sum() / alive[2]
    assert got.value_at_risk[0] == pytest.approx(0.10 * lost)
    assert got.queue_value.tolist() == got.value_at_risk.tolist()
    assert got.at_risk.tolist() == [False]
    assert (got.churn_reasons.tolist(), got.churn_points.tolist()) == (
        [[-1, -1]],
        [[0.0, 0.0]],
    )
    assert got.comparable.tolist() == [-1]
    assert np.isnan(got.alive).all()


def test_the_band_at_risk_is_at_risk_whatever_the_chance() -> None:
    assert said(today(1), learnt(), band=1).at_risk.tolist() == [True]


def test_the_model_says_who_why_and_like_whom() -> None:
    rows, content = today(), learnt()
    got = said(rows, content)
    model = content.churn
    assert model is not None
    scores = model.score(rows)
    assert got.churn.tolist() == scores.p.tolist()
    assert got.churn_involuntary.tolist() == scores.involuntary.tolist()
    assert got.comparable.tolist() == model.comparables.places(scores.p).tolist()
    assert got.at_risk.tolist() == (scores.p >= 0.2).tolist()
    assert 0 < got.at_risk.sum() < len(rows)
    pushed = pushes(model, rows)
    for place in range(len(rows)):
        by_code = dict(
            zip([CODES[n] for n in pushed.names], pushed.points[place], strict=True)
        )
        side = 1 if pushed.points[place].sum() >= 0 else -1
        along = sorted(by_code, key=lambda code: -side * by_code[code])
        wanted = [code if side * by_code[code] > 0 else -1 for code in along[:2]]
        assert got.churn_reasons[place].tolist() == wanted
        assert got.churn_points[place].tolist() == [
            by_code[code] if code > 0 else 0.0 for code in wanted
        ]


def test_no_figures_contradict_each_other() -> None:
    """P10 ≤ P50 ≤ P90, and the textbook's years are those of the plan's curve."""
    rows, content = today(), learnt()
    got = said(rows, content)
    assert (got.clv_p10 <= got.clv_p50).all()
    assert (got.clv_p50 <= got.clv_p90).all()
    monthly = content.lifetimes.curves_.monthly_rate(rows)
    np.testing.assert_allclose(got.clv_textbook, rows.mrr / monthly)


def test_who_costs_more_than_it_brings_puts_nothing_at_risk() -> None:
    rows = replace(today(1), mrr=np.array([1.0]))
    got = said(rows, replace(learnt(), tickets=TicketRates((), (), 9.0, 1e6)))
    assert got.clv[0] < 0.0
    assert got.value_at_risk.tolist() == [0.0]


def test_customers_are_the_same_alone_and_among_thousands() -> None:
    few, content = today(30), learnt()
    many = few.chosen(np.arange(4_200) % len(few))
    alone, together = said(few, content), said(many, content)
    for field in fields(Forecast):
        wanted = getattr(alone, field.name)[np.arange(len(many)) % len(few)]
        np.testing.assert_allclose(
            getattr(together, field.name), wanted, rtol=1e-9, atol=1e-9
        )


def test_sums_are_those_of_the_customers() -> None:
    rows, content = today(), learnt()
    got = foresee(
        rows,
        money=money(len(rows)),
        band=np.full(len(rows), 3, dtype=np.int16),
        days_to_renewal=np.full(len(rows), 30.0),
        content=content,
        economics=ECONOMICS,
        codes=CODES,
    )
    alive = content.lifetimes.survival(rows, got.forecast.churn, 6)
    paths = got.paths
    assert int(paths.customers.sum()) == len(rows)
    np.testing.assert_allclose(paths.alive.sum(axis=0), alive.sum(axis=0))
    grown = np.exp(0.001 * np.arange(1, 7))
    np.testing.assert_allclose(
        paths.revenue.sum(axis=0), (rows.mrr[:, None] * alive * grown).sum(axis=0)
    )
    np.testing.assert_allclose(paths.churn.sum(), got.forecast.churn.sum())
    np.testing.assert_allclose(paths.at_risk.sum(), got.forecast.value_at_risk.sum())
    np.testing.assert_allclose(got.forecast.queue_value, 2 * got.forecast.value_at_risk)
    # What they will bring follows from the sums alone: margin, less support.
    expected = 0.5 * paths.revenue.sum() - 25.0 * paths.tickets.sum()
    np.testing.assert_allclose((got.forecast.clv - got.forecast.earned).sum(), expected)


def test_nobody_is_forecast_without_a_word() -> None:
    rows = today().chosen(np.zeros(0, dtype=int))
    assert said(rows, learnt()).churn.tolist() == []
    no_tickets = replace(learnt(), churn=None, tickets=NO_TICKETS)
    assert said(rows, no_tickets).clv.tolist() == []
    whole = foresee(
        rows,
        money=money(0),
        band=np.zeros(0, dtype=np.int16),
        days_to_renewal=np.zeros(0),
        content=learnt(),
        economics=ECONOMICS,
        codes=CODES,
    )
    assert len(whole.paths) == 0
    assert whole.paths.alive.shape == (0, 6)
    assert whole.paths.customers.tolist() == []


def test_some_customers_keep_their_own_money() -> None:
    whole = money(3, earned=np.array([1.0, 2.0, 3.0]))
    some = whole.chosen(np.array([2, 0]))
    assert some.earned.tolist() == [3.0, 1.0]
    assert some.tickets.tolist() == [0.0, 0.0]


def test_parts_of_customers_are_put_together_in_any_order() -> None:
    rows, content = today(10), learnt()

    def of(some: Landmarks) -> Foreseen:
        return foresee(
            some,
            money=money(len(some)),
            band=np.full(len(some), 3, dtype=np.int16),
            days_to_renewal=np.full(len(some), np.nan),
            content=content,
            economics=ECONOMICS,
            codes=CODES,
        )

    order = np.array([7, 8, 9, 0, 1, 2, 3, 4, 5, 6])
    joined = Foreseen.joined([of(rows.chosen(order[:3])), of(rows.chosen(order[3:]))])
    got, whole = joined.forecast.ordered(np.argsort(order)), of(rows)
    np.testing.assert_allclose(got.clv, whole.forecast.clv, rtol=1e-12)
    assert got.churn_reasons.tolist() == whole.forecast.churn_reasons.tolist()
    np.testing.assert_allclose(joined.paths.revenue, whole.paths.revenue, rtol=1e-12)


def test_rates_by_band_know_the_failed_payments() -> None:
    rates = tuple(Estimate(p, p / 2, p * 2, 0, 0.0) for p in PRIOR)
    got = said(today(2), assumed(bands=BandRates(rates, 0.25)), band=1)
    np.testing.assert_allclose(got.churn, 0.20)
    np.testing.assert_allclose(got.churn_involuntary, 0.05)
