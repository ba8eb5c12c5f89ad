"""How often customers leave, estimated with care for small numbers.

Shares are shrunk by a Beta prior, rates per month by a Gamma prior: both pull a small
group towards the whole with the strength of so many imagined observations (Gelman et al.,
Bayesian Data Analysis, 3rd edition, sections 2.4 and 2.6).
"""

from dataclasses import dataclass

INTERVAL = (0.1, 0.9)  # 80 %
# Strength of the priors: customers for shares, customer-months for monthly rates; never
# less than half a departure's worth, or a group without departures would look immortal.
BAND_STRENGTH = 20.0
MONTH_STRENGTH = 120.0
LEAST_PRIOR_EVENTS = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its 80 % interval, and what it rests on."""

    rate: float
    low: float
    high: float
    events: int
    exposure: float  # customers, or customer-months


def shrunken_share(
    events: int, customers: int, *, towards: float, strength: float = BAND_STRENGTH
) -> Estimate:
    """This will estimate a share from events among customers, pulled towards a share."""
    from scipy.special import betaincinv  # noqa: PLC0415 - 30 MB in every process

    strength = max(strength, LEAST_PRIOR_EVENTS / towards)
    a = events + strength * towards
    b = customers - events + strength * (1.0 - towards)
    low, high = betaincinv(a, b, INTERVAL)
    return Estimate(a / (a + b), float(low), float(high), events, float(customers))


def shrunken_monthly_rate(
    events: int, months: float, *, towards: float, strength: float = MONTH_STRENGTH
) -> Estimate:
    """This will estimate leavers per customer-month, pulled towards a monthly rate."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - 30 MB in every process

    strength = max(strength, LEAST_PRIOR_EVENTS / towards)
    shape, rate = events + strength * towards, months + strength
    low, high = gammaincinv(shape, INTERVAL) / rate
    return Estimate(shape / rate, float(low), float(high), events, months)
