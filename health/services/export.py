"""Every customer's score as rows of a table, computed afresh and written nowhere."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from accounts.selectors import company as the_company
from common.dates import local_day
from customers.models import Customer
from health.calculations.scorecard import BAND_NAMES, rules_from_config
from health.readings import read_measures
from health.scoring import forecast_facts, score_lineup
from health.selectors.frame import SourceAges, facts_of
from health.selectors.lineup import lineup_in_use
from health.services.parameters import run_parameters
from health.services.runs import customer_ranges, known_at, moment_of
from health.services.scorecards import scorecard_current

HEADER = [
    "customer_id",
    "score",
    "coverage",
    "band",
    "churn",
    "churn_low",
    "churn_high",
    "clv_p10",
    "clv_p50",
    "clv_p90",
    "clv_mean",
    "value_at_risk",
    "mrr",
    "currency",
    "basis",
    "scorecard",
    "as_of",
    "late",  # the late sources its score rests on
]


def scores_as_of(*, as_of: dt.date, now: dt.datetime) -> Iterator[list[str]]:
    """This will yield a row per current customer as of a day, by external id.

    The same code as the nightly run, reading only what was known on the day; a customer
    that cannot be scored has empty figures. Memory is that of one shard.
    """
    company = the_company()
    version = scorecard_current(now=now)
    rules = rules_from_config(version.config)
    lineup = lineup_in_use()
    moment = moment_of(company, as_of, known_at(company, as_of, now))
    parameters = run_parameters(moment=moment, rules=rules, company=company)
    ages = SourceAges(**parameters["ages"])
    tail = [
        company.currency,
        parameters["basis"],
        f"{version.scorecard.key} v{version.number}",
        as_of.isoformat(),
    ]
    silent = " ".join(parameters["late"])
    for first, last in customer_ranges(settings.HEALTH_SHARD_CUSTOMERS):
        facts = facts_of(moment, ages, first=first, last=last, late=parameters["late"])
        names = dict(
            Customer.objects.filter(id__range=(first, last)).values_list(
                "id", "external_id"
            )
        )
        frame = score_lineup(
            read_measures(facts),
            lineup.which(facts["segment_id"]),
            lineup.rules,
            late=parameters["late"],
        )
        rates, value = forecast_facts(facts, frame.band, parameters)
        columns = np.column_stack(
            [
                rates.rate,
                rates.low,
                rates.high,
                value.clv_p10,
                value.clv_p50,
                value.clv_p90,
                value.clv,
                value.value_at_risk,
                facts["mrr"],
            ]
        )
        for index, pk in enumerate(facts["customer_id"].tolist()):
            score = frame.score[index]
            poor = bool(facts["rate_missing"][index])
            numbers = [
                *(f"{x:.6f}" for x in columns[index, :3]),
                *(f"{x:.2f}" for x in columns[index, 3:]),
            ]
            yield [
                names[pk],
                "" if np.isnan(score) else f"{score:.6f}",
                f"{frame.result.coverage[index]:.6f}",
                BAND_NAMES[int(frame.band[index])],
                *([""] * len(numbers) if poor else numbers),
                *tail,
                silent if frame.late[index] else "",
            ]


def default_day(*, now: dt.datetime) -> dt.date:
    """This will return the company's local day."""
    return local_day(now, ZoneInfo(the_company().time_zone))
