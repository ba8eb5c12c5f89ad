"""Learning how customers without a subscription buy."""

from health.calculations.buyers import Buyers, learn_buyers
from health.calculations.sources import late_days
from health.selectors.buyers import bought_by_all
from health.selectors.frame import Moment, source_ages
from health.selectors.sources import source_states


def buyers_learn(*, moment: Moment) -> Buyers | None:
    """This will learn from all purchases known at a moment; None where they are too few.

    Cost: a pass over invoices, and up to 20 s of fitting for a million buyers.
    """
    late = late_days(source_states(source_ages(moment))).get("invoices", 0)
    return learn_buyers(bought_by_all(moment, late=late))
