"""From facts and scores to what is foreseen, by a version of the forecasts.

The one path that night, rescoring and the table of `script/manage scores` all take.
"""

import datetime as dt
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.buyers import Bought, Buyers, who_buys
from health.calculations.facts import Facts, missing
from health.calculations.forecast import Economics, Foreseen, Money, foresee
from health.calculations.forecast_buyers import foresee_buyers
from health.calculations.forecast_content import ForecastContent
from health.features import feature_codes, landmark_rows
from health.readings import Readings

# Customers that are forecast together: what is needed for them meanwhile stays small.
PIECE = 4_096
Rows = NDArray[np.intp]
# Columns of the facts that a forecast needs.
NEEDED = (
    "customer_id",
    "segment_id",
    "plan_id",
    "tenure",
    "mrr",
    "interval_months",
    "renewal_days",
    "earned",
    "tickets_total",
    "acquisition_cost",
    "purchases",
    "first_purchase_days",
    "last_purchase_days",
    "purchase_mean",
)


def forecast_facts(
    facts: Facts,
    readings: Readings,
    band: NDArray[np.int16],
    *,
    as_of: dt.date,
    content: ForecastContent,
    economics: Economics,
) -> Foreseen:
    """This will forecast every customer of the facts, (n,) each.

    Who buys without a subscription is forecast by the purchases, where something was
    learnt of them; everybody else by the features and the contract. Some thousand
    customers after others, so memory is that of these.
    """
    buyers, rest = content.buyers, np.arange(len(facts["customer_id"]))
    found: list[Foreseen] = []
    if buyers is not None:
        buys = who_buys(facts)
        bought, rest = np.flatnonzero(buys), np.flatnonzero(~buys)
        found += [
            _bought(_of(facts, rows), band[rows], buyers, economics)
            for rows in _pieces(bought)
        ]
        order = np.argsort(np.concatenate([bought, rest]), kind="stable")
    found += [
        _subscribed(
            _of(facts, rows), readings.of(rows), band[rows], as_of, content, economics
        )
        for rows in _pieces(rest) or [rest]
    ]
    whole = Foreseen.joined(found)
    if len(found) == 1 or buyers is None:
        return whole
    return Foreseen(whole.forecast.ordered(order), whole.paths)


def _pieces(rows: Rows) -> list[Rows]:
    return [rows[start : start + PIECE] for start in range(0, len(rows), PIECE)]


def _of(facts: Facts, rows: Rows) -> Facts:
    return {name: facts[name][rows] for name in NEEDED}


def _money(facts: Facts) -> Money:
    return Money(
        earned=facts["earned"],
        tickets=facts["tickets_total"].astype(np.float64),
        acquisition_cost=facts["acquisition_cost"],
    )


def _subscribed(
    facts: Facts,
    readings: Readings,
    band: NDArray[np.int16],
    as_of: dt.date,
    content: ForecastContent,
    economics: Economics,
) -> Foreseen:
    return foresee(
        landmark_rows(facts, readings, as_of),
        money=_money(facts),
        band=band,
        days_to_renewal=missing(facts["renewal_days"]),
        content=content,
        economics=economics,
        codes=feature_codes(),
    )


def _bought(
    facts: Facts, band: NDArray[np.int16], buyers: Buyers, economics: Economics
) -> Foreseen:
    """This will forecast customers by their purchases."""
    first, money = facts["first_purchase_days"], _money(facts)
    bought = Bought(
        x=(facts["purchases"] - 1).astype(np.float64),
        recency=(first - facts["last_purchase_days"]).astype(np.float64),
        age=first.astype(np.float64),
        mean=facts["purchase_mean"],
        tickets=money.tickets,
    )
    return foresee_buyers(
        bought,
        segment=facts["segment_id"],
        money=money,
        band=band,
        buyers=buyers,
        economics=economics,
    )


def parameters_economics(parameters: dict[str, Any]) -> Economics:
    """This will read what a run reckons with; an older one kept more."""
    known = {field.name for field in fields(Economics)}
    kept = parameters["economics"]
    return Economics(**{name: kept[name] for name in kept if name in known})


def economics_json(economics: Economics) -> dict[str, Any]:
    """This will return what `parameters_economics` reads."""
    return asdict(economics)
