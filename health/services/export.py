"""Every customer's score as rows of a table, computed afresh and written nowhere."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from accounts.selectors import company as the_company
from common.dates import local_day
from customers.models import Customer
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast
from health.calculations.scorecard import BAND_NAMES, rules_from_config
from health.forecaster import forecast_facts, parameters_economics
from health.readings import read_measures
from health.scoring import ScoredFrame, score_lineup
from health.selectors.forecasts import content_of
from health.selectors.frame import SourceAges, facts_of
from health.selectors.lineup import lineup_in_use
from health.services.parameters import run_parameters
from health.services.runs import customer_ranges, known_at, moment_of
from health.services.scorecards import scorecard_current

# Chances of leaving within 90 days, with their 80 % interval, and shares of one.
SHARES = ("churn", "churn_low", "churn_high", "churn_voluntary", "churn_involuntary")
MONEY = ("clv_p10", "clv_p50", "clv_p90", "clv_mean", "value_at_risk", "mrr")
HEADER = [
    "customer_id",
    "score",
    "coverage",
    "band",
    *SHARES,
    *MONEY,
    "currency",
    "basis",
    "scorecard",
    "as_of",
    "late",  # the late sources its score rests on
    "method",  # where the chance of leaving comes from
    "forecast",  # the version of the forecasts; empty where nothing was learnt
]


def scores_as_of(*, as_of: dt.date, now: dt.datetime) -> Iterator[list[str]]:
    """This will yield a row per current customer as of a day, by external id.

    The same code as the nightly run, reading only what was known on the day; a customer
    that cannot be scored has empty figures. Memory is that of one shard.
    """
    company = the_company()
    version = scorecard_current(now=now)
    lineup = lineup_in_use()
    moment = moment_of(company, as_of, known_at(company, as_of, now))
    parameters = run_parameters(
        moment=moment, rules=rules_from_config(version.config), company=company
    )
    ages, late = SourceAges(**parameters["ages"]), parameters["late"]
    content, economics = content_of(parameters), parameters_economics(parameters)
    tail = [
        company.currency,
        parameters["basis"],
        f"{version.scorecard.key} v{version.number}",
        as_of.isoformat(),
    ]
    for first, last in customer_ranges(settings.HEALTH_SHARD_CUSTOMERS):
        facts = facts_of(moment, ages, first=first, last=last, late=late)
        which = lineup.which(facts["segment_id"])
        frame = score_lineup(read_measures(facts), which, lineup.rules, late=late)
        found = forecast_facts(
            facts,
            frame.readings,
            frame.band,
            as_of=as_of,
            content=content,
            economics=economics,
        )
        names = Customer.objects.filter(id__range=(first, last))
        external = dict(names.values_list("id", "external_id"))
        figures = _figures(facts, found.forecast)
        for index, pk in enumerate(facts["customer_id"].tolist()):
            poor = bool(facts["rate_missing"][index])
            yield [
                external[pk],
                *_scored(frame, index),
                *([""] * len(figures[index]) if poor else figures[index]),
                *tail,
                " ".join(late) if frame.late[index] else "",
                *_origin(parameters["forecast"], found.forecast, index),
            ]


def _scored(frame: ScoredFrame, index: int) -> list[str]:
    score = frame.score[index]
    return [
        "" if np.isnan(score) else f"{score:.6f}",
        f"{frame.result.coverage[index]:.6f}",
        BAND_NAMES[int(frame.band[index])],
    ]


def _figures(facts: Facts, forecast: Forecast) -> list[list[str]]:
    """This will write SHARES and MONEY out; both kinds of leaving add up to the whole."""
    churn, failed = (
        np.round(column, 6) for column in (forecast.churn, forecast.churn_involuntary)
    )
    shares = (churn, forecast.churn_low, forecast.churn_high, churn - failed, failed)
    money = (
        forecast.clv_p10,
        forecast.clv_p50,
        forecast.clv_p90,
        forecast.clv,
        forecast.value_at_risk,
        facts["mrr"],
    )
    columns = [[f"{x:.6f}" for x in column] for column in shares]
    columns += [[f"{x:.2f}" for x in column] for column in money]
    return [list(row) for row in zip(*columns, strict=True)]


def _origin(pinned: dict[str, Any], forecast: Forecast, index: int) -> list[str]:
    """This will say by what a customer was forecast."""
    bought = not np.isnan(forecast.alive[index])
    number = pinned["number"]
    return [
        "purchases" if bought else pinned["method"],
        "" if number is None else f"v{number}",
    ]


def default_day(*, now: dt.datetime) -> dt.date:
    """This will return the company's local day."""
    return local_day(now, ZoneInfo(the_company().time_zone))
