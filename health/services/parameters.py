"""What every shard of a run reckons with, fixed when the run begins."""

from dataclasses import asdict
from typing import Any

from accounts.models import Company
from health.calculations.churn.choosing import Method, Reason
from health.calculations.forecast import Economics
from health.calculations.forecast_content import ForecastContent
from health.calculations.scorecard import ScorecardRules
from health.calculations.sources import late_days
from health.enums import Band
from health.features import no_rows
from health.forecaster import economics_json
from health.readings import layout_now
from health.selectors.forecasts import content_of, version_for
from health.selectors.frame import Moment, source_ages
from health.selectors.sources import source_states


def run_parameters(
    *, moment: Moment, rules: ScorecardRules, company: Company
) -> dict[str, Any]:
    """This will pin the version of the forecasts, and return all of it as JSON.

    Without a version the rates are the scorecard's prior, and `basis` says so.
    """
    ages = source_ages(moment)
    states = source_states(ages)
    forecast = pinned_forecast(moment=moment, rules=rules)
    content = content_of({"forecast": forecast})
    return {
        "basis": "prior" if content.method is Method.PRIOR else "history",
        "ages": asdict(ages),
        "sources": {key: asdict(state) for key, state in states.items()},
        "late": late_days(states),
        "measures": list(layout_now()),
        "forecast": forecast,
        "base": asdict(content.base),
        "bands": {
            band: asdict(rate)
            for band, rate in zip(Band.values, content.bands.rates, strict=True)
        },
        "economics": economics_json(
            Economics(
                margin=float(company.gross_margin),
                support_cost=float(company.support_cost),
                discount_rate=float(company.discount_rate),
                horizon_months=company.horizon_months,
                gone_below=float(company.gone_below),
            )
        ),
    }


def pinned_forecast(*, moment: Moment, rules: ScorecardRules) -> dict[str, Any]:
    """This will name the version that the whole run forecasts with.

    Another one that is published meanwhile is for the next run. Where nothing was learnt
    by the day, what is assumed instead is kept in full.
    """
    version = version_for(moment.as_of)
    if version is not None:
        return {
            "version": version.pk,
            "number": version.number,
            "method": version.method,
            "reason": version.reason,
        }
    prior = tuple(rules.prior[band] for band in Band.values)
    return {
        "version": None,
        "number": None,
        "method": str(Method.PRIOR),
        "reason": str(Reason.NO_HISTORY),
        "content": ForecastContent.assumed(prior, no_rows()).as_json(),
    }
