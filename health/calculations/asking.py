"""Whom to ask for a reference, a review or an expansion.

A rule says what speaks for asking; it is one bit of a number kept with the standing.
Whom to leave alone for other reasons (asked lately, hidden, a late source) is known to
the list, for that may change after the run.
"""

import numpy as np
from numpy.typing import NDArray

from health.calculations.facts import Facts, missing, ratio
from health.calculations.scoring import Floats

REFERENCE, REVIEW, EXPANSION = 1, 2, 4
AT_RISK, HEALTHY = 1, 3
# A reference comes from somebody who is well beyond the border, and has been for long.
STRONG = 80.0
PROMOTER = 9
REFERENCE_DAYS, REVIEW_DAYS = 180, 90
TENURE_DAYS = 180
FULL_SEATS = 0.85
# A tenth fewer people than in the three months before is a fall.
FALLING = 0.9
RENEWAL_DAYS = 30
# A score set by hand does not make up for knowing little.
KNOWN = 0.5


def ask_bits(
    facts: Facts,
    score: Floats,
    band: NDArray[np.int16],
    coverage: Floats,
    computed: Floats | None = None,
) -> NDArray[np.int16]:
    """This will return, per customer (n,), the sum of what it may be asked for.

    Nobody who is at risk or unknown, and nobody whose score was set below the computed
    one. A few passes over n numbers.
    """
    healthy = band == HEALTHY
    paid = facts["overdue_days"] <= 0
    reference = (
        healthy
        & (score >= STRONG)
        & _promoter(facts, REFERENCE_DAYS)
        & (facts["tenure"] >= TENURE_DAYS)
        & (facts["tickets_escalated"] <= 0)
        & paid
    )
    review = (band > AT_RISK) & _promoter(facts, REVIEW_DAYS) & ~_falling(facts)
    renewal = missing(facts["renewal_days"])
    expansion = healthy & _outgrowing(facts) & ~(renewal <= RENEWAL_DAYS) & paid
    bits = reference * REFERENCE + review * REVIEW + expansion * EXPANSION
    open_to_it = coverage >= KNOWN
    if computed is not None:
        open_to_it = open_to_it & ~(score < computed)
    return np.where(open_to_it, bits, 0).astype(np.int16)


def _promoter(facts: Facts, days: int) -> NDArray[np.bool_]:
    age = facts["nps_age"]
    recent: NDArray[np.bool_] = (age >= 0) & (age <= days)
    return recent & (facts["nps"] >= PROMOTER)


def _falling(facts: Facts) -> NDArray[np.bool_]:
    """Whether fewer people use it; not where nobody's use is on record."""
    used = facts["usage_days"] > 0
    return ratio(facts["users_recent"], facts["users_earlier"], used) < FALLING


def _outgrowing(facts: Facts) -> NDArray[np.bool_]:
    """Whether the seats are nearly full, or more of the product is used than before."""
    seats = facts["seats"].astype(np.float64)
    full = (seats > 0) & (facts["users_peak"] >= FULL_SEATS * seats)
    before = facts["features_before"]
    rising: NDArray[np.bool_] = (before > 0) & (facts["features_peak"] > before)
    return full | rising
