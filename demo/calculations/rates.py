"""The numbers the simulated world runs on, in one place."""

from dataclasses import dataclass

import numpy as np

from demo.calculations.draws import Floats

# Leaving: chance per month = exp(level - slope * z), about 0.7 % at z = 0.
HAZARD_LEVEL = -4.93
HAZARD_SLOPE = 1.35
HAZARD_CAP = 0.55
# A yearly customer decides once for twelve months, but is bound and more patient.
YEAR_IN_MONTHS = 9
NOTICE_WEEKS = 8
CLOSING = 0.02

# The mood: a weekly autoregression; its month-to-month memory is 0.97 ** 4.35 = 0.88.
MOOD_MEMORY = 0.97
MOOD_NOISE = 0.13
# How much of a shock is felt per week.
SETTLE = 0.3

DUNNING_WEEKS = 5
LOST_BY_DUNNING = 0.4


@dataclass(frozen=True)
class Shock:
    """Something that happens to a customer: weekly rate, size, whether it lasts."""

    rate: float
    size: float
    lasting: bool
    from_week: int = 0
    to_week: int = 10_000


SHOCKS = {
    "champion_left": Shock(0.0042, -1.3, lasting=True, from_week=12),
    "product_trouble": Shock(0.0045, -1.4, lasting=False, from_week=6),
    "budget_cut": Shock(0.0018, -1.3, lasting=True, from_week=20),
    "onboarding_failure": Shock(0.1, -1.5, lasting=True, from_week=5, to_week=5),
    "rollout": Shock(0.0045, 0.7, lasting=True, from_week=16),
}
# What happened to many at once: weeks before today, share hit, size.
OUTAGE_WEEKS_AGO = 31
OUTAGE_SHARE = 0.2
OUTAGE_SIZE = -1.0
PRICE_WEEKS_AGO = 62
PRICE_FACTOR = 1.06
PRICE_SIZE = -0.45


def card_failure(z: Floats) -> Floats:
    """This will return the chance that an invoice runs into dunning."""
    return np.minimum(0.2, 0.022 * np.exp(-0.45 * z))
