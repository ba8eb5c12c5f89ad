"""Learning how customers without a subscription buy."""

from health.calculations.buyers import Buyers, learn_buyers
from health.calculations.buyers_check import bought_since, buyers_checked
from health.calculations.buyers_forecast import Terms
from health.calculations.forecast import Economics
from health.calculations.sources import late_days
from health.calculations.year_check import YEAR
from health.selectors.buyers import bought_by, bought_by_all, spent_since
from health.selectors.frame import Moment, source_ages
from health.selectors.sources import source_states


def buyers_learn(*, moment: Moment) -> Buyers | None:
    """This will learn from all purchases known at a moment; None where they are too few.

    Cost: a pass over invoices, and up to 20 s of fitting for a million buyers.
    """
    return learn_buyers(bought_by_all(moment, late=_late(moment)))


def buyers_check(
    *, buyers: Buyers, moment: Moment, before: Moment, economics: Economics
) -> Buyers:
    """This will widen ranges by what a forecast as of `before`, a year ago, has missed.

    As they are where too few had bought by then. Cost: that of learning once more.
    """
    then = buyers_learn(moment=before)
    if then is None:
        return buyers
    ids, bought = bought_by(before, late=_late(before))
    since = bought_since(bought, ids, *spent_since(moment, after=before.as_of))
    terms = Terms(
        margin=economics.margin,
        ticket_cost=economics.support_cost,
        discount_rate=economics.discount_rate,
        months=YEAR,
        gone_below=0.0,
    )
    return buyers_checked(buyers, then, since, terms)


def _late(moment: Moment) -> int:
    return late_days(source_states(source_ages(moment))).get("invoices", 0)
