"""What is foreseen of customers: who may leave and why, and what they are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations import clv, queue
from health.calculations.churn.explaining import REASONS, scored_with_pushes
from health.calculations.churn.model import Scores
from health.calculations.contribution import Contribution, earned_so_far
from health.calculations.forecast_content import ForecastContent
from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.renewal_months import first_renewal
from health.calculations.scoring import Floats
from health.calculations.value_paths import PathSums, paths_of
from health.calculations.value_ranges import value_ranges

NO_REASON = -1


@dataclass(frozen=True, slots=True)
class Economics:
    """What the company reckons with. Shares are 0 to 1, amounts in its currency."""

    margin: float
    support_cost: float  # of a ticket
    discount_rate: float  # a year
    horizon_months: int
    gone_below: float = 0.0  # chance of being alive of who buys without a subscription


@dataclass(frozen=True, slots=True)
class Money:
    """Per customer, shape (n,) each, in the company's currency."""

    earned: Floats  # paid revenue so far
    tickets: Floats  # support tickets so far
    acquisition_cost: Floats

    def chosen(self, rows: NDArray[Any] | slice) -> Self:
        """This will return some of the customers."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Per customer, shape (n,) each but for the reasons, (n, 2)."""

    churn: Floats  # of leaving within 90 days
    churn_low: Floats  # its 80 % interval
    churn_high: Floats
    churn_involuntary: Floats  # the part of it that is failed payments
    churn_reasons: NDArray[np.int16]  # codes of features; NO_REASON
    churn_points: Floats  # what each adds to `churn`; 0 where there is none
    comparable: NDArray[np.int16]  # group of customers with a like chance; −1 for none
    alive: Floats  # of who buys without a subscription; NaN for the others
    stays: Floats  # past the next renewal of the contract; NaN for those buyers
    earned: Floats
    clv: Floats
    clv_p10: Floats
    clv_p50: Floats
    clv_p90: Floats
    clv_textbook: Floats
    value_at_risk: Floats
    queue_value: Floats
    at_risk: NDArray[np.bool_]
    gone: NDArray[np.bool_]  # buys without a subscription, and is likely gone already

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will put customers one after the other; at least one part."""
        return cls(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            )
        )

    def ordered(self, order: NDArray[np.intp]) -> Self:
        """This will return the customers in another order."""
        return type(self)(*(getattr(self, field.name)[order] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The forecast of customers and what they will bring together."""

    forecast: Forecast
    paths: PathSums

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """This will put customers one after the other; at least one part."""
        return cls(
            Forecast.joined([part.forecast for part in parts]),
            PathSums.summed([part.paths for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Leavers:
    """How likely n customers leave, why, and which others they are like."""

    scores: Scores
    reasons: NDArray[np.int16]  # (n, 2) codes of features; NO_REASON
    points: Floats  # (n, 2), 0 where there is none
    comparable: NDArray[np.int16]  # −1 for none


def foresee(
    rows: Landmarks,
    *,
    money: Money,
    band: NDArray[np.int16],
    days_to_renewal: Floats,
    content: ForecastContent,
    economics: Economics,
    codes: Mapping[str, int],
) -> Foreseen:
    """This will forecast n customers with a subscription by a version of the forecasts.

    `codes` are those of the features. Each customer is forecast as if it were alone.
    Amounts to come are discounted to the day; past amounts are not. Cost: some 7 µs a
    customer with 100 columns and 60 months; hand in some thousand customers at a time,
    for ten arrays of n · months and n · columns numbers are needed meanwhile.
    """
    why = leavers(rows, band, content, codes)
    leaves = why.scores
    contribution = contribution_of(rows, money.tickets, content, economics)
    alive = content.lifetimes.survival(rows, leaves.p, economics.horizon_months)
    worth = value_ranges(
        alive,
        contribution,
        leaves.p,
        plan=rows.plan,
        widening=content.widening,
        involuntary=leaves.involuntary,
        discount_rate=economics.discount_rate,
    )
    past = earned_so_far(
        money.earned,
        money.tickets,
        money.acquisition_cost,
        margin=economics.margin,
        ticket_cost=economics.support_cost,
    )
    # Nothing is at risk where a customer costs more than it brings.
    at_risk = np.maximum(worth.values.at_risk, 0.0)
    forecast = Forecast(
        churn=leaves.p,
        churn_low=leaves.low,
        churn_high=leaves.high,
        churn_involuntary=leaves.involuntary,
        churn_reasons=why.reasons,
        churn_points=why.points,
        comparable=why.comparable,
        alive=np.full(len(rows), np.nan),
        stays=past_renewal(rows, alive),
        earned=past,
        clv=past + worth.values.expected,
        clv_p10=past + worth.ranges.low,
        clv_p50=past + worth.ranges.mid,
        clv_p90=past + worth.ranges.high,
        clv_textbook=clv.textbook_value(
            rows.mrr,
            content.lifetimes.curves_.monthly_rate(rows),
            money.acquisition_cost,
        ),
        value_at_risk=at_risk,
        queue_value=at_risk * queue.urgency(days_to_renewal),
        at_risk=queue.is_at_risk(band, leaves.p, content.base.rate),
        gone=np.zeros(len(rows), dtype=np.bool_),
    )
    paths = paths_of(rows, alive, contribution, leaves.p, at_risk, worth, content.sums)
    return Foreseen(forecast, paths)


def past_renewal(rows: Landmarks, alive: Floats) -> Floats:
    """This will return the chance of staying past the next renewal, (n,).

    From the survival curve S(1..months) of each. Who is billed by the month can leave in
    every month, so the next renewal is that of the first one.
    """
    month = np.minimum(first_renewal(rows), alive.shape[1])
    return np.asarray(alive[np.arange(len(rows)), month - 1])


def leavers(
    rows: Landmarks,
    band: NDArray[np.int16],
    content: ForecastContent,
    codes: Mapping[str, int],
) -> Leavers:
    """This will say how likely each leaves within 90 days, and why.

    By the model; without one by the band, which gives no reasons.
    """
    if content.churn is None:
        shape = (len(rows), REASONS)
        return Leavers(
            content.bands.score(band),
            np.full(shape, NO_REASON, dtype=np.int16),
            np.zeros(shape),
            np.full(len(rows), -1, dtype=np.int16),
        )
    scores, found = scored_with_pushes(content.churn, rows)
    place = found.strongest()
    some = np.maximum(place, 0)
    code = np.array([codes[name] for name in found.names], dtype=np.int16)
    points = np.take_along_axis(found.points, some, axis=1)
    return Leavers(
        scores,
        np.where(place >= 0, code[some], np.int16(NO_REASON)),
        np.where(place >= 0, points, 0.0),
        content.churn.comparables.places(scores.p).astype(np.int16),
    )


def contribution_of(
    rows: Landmarks, tickets: Floats, content: ForecastContent, economics: Economics
) -> Contribution:
    """This will say what n customers bring and cost in a month."""
    return Contribution(
        gross=rows.mrr * economics.margin,
        tickets=content.tickets.of(tickets, rows.tenure / MONTH_DAYS, rows.plan),
        ticket_cost=economics.support_cost,
        growth=content.growth,
    )
