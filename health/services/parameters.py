"""What every shard of a run reckons with, fixed when the run begins."""

from dataclasses import asdict
from typing import Any

from accounts.models import Company
from health.calculations.forecast import Economics
from health.calculations.rates import shrunken_monthly_rate, shrunken_share
from health.calculations.scorecard import ScorecardRules
from health.calculations.sources import late_days
from health.enums import Band
from health.readings import layout_now
from health.scoring import economics_json
from health.selectors.frame import Moment, source_ages
from health.selectors.rates import band_outcomes, segment_exposures
from health.selectors.sources import source_states

# Months to leave when nothing is known: about one customer in five a year.
PRIOR_MONTHLY_RATE = 0.018
PRIOR_MONTHS = 50.0


def run_parameters(
    *, moment: Moment, rules: ScorecardRules, company: Company
) -> dict[str, Any]:
    """This will measure band and segment rates as of the day and return them as JSON.

    Costs two statements over past scores and customers. With no history the rates are
    the scorecard's prior, and `basis` says so.
    """
    ages = source_ages(moment)
    states = source_states(ages)
    outcomes = band_outcomes(moment)
    customers = sum(outcome.customers for outcome in outcomes.values())
    left = sum(outcome.left for outcome in outcomes.values())
    prior = sum(rules.prior.values()) / len(rules.prior)
    base = shrunken_share(left, customers, towards=prior)
    bands = {}
    for band in Band.values:
        outcome = outcomes.get(band)
        # With history a band is pulled to the base rate, without to its own prior.
        towards = base.rate if customers else rules.prior[band]
        bands[band] = asdict(
            shrunken_share(
                outcome.left if outcome else 0,
                outcome.customers if outcome else 0,
                towards=towards,
            )
        )
    exposures = segment_exposures(moment)
    hazard = shrunken_monthly_rate(
        sum(exposure.left for exposure in exposures.values()),
        sum(exposure.months for exposure in exposures.values()),
        towards=PRIOR_MONTHLY_RATE,
        strength=PRIOR_MONTHS,
    )
    segments = {
        segment: asdict(
            shrunken_monthly_rate(exposure.left, exposure.months, towards=hazard.rate)
        )
        for segment, exposure in exposures.items()
    }
    return {
        "basis": "history" if customers else "prior",
        "ages": asdict(ages),
        "sources": {key: asdict(state) for key, state in states.items()},
        "late": late_days(states),
        "measures": list(layout_now()),
        "base": asdict(base),
        "bands": bands,
        "hazard": asdict(hazard),
        "segments": segments,
        "economics": economics_json(
            Economics(
                margin=float(company.gross_margin),
                support_cost=float(company.support_cost),
                discount_rate=float(company.discount_rate),
                horizon_months=company.horizon_months,
                base_rate=base.rate,
            )
        ),
    }
