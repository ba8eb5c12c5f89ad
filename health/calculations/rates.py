"""How often customers leave, estimated with care for small numbers.

Shares are shrunk by a Beta prior: it pulls a small group towards the whole with the
strength of so many imagined observations (Gelman et al., Bayesian Data Analysis, 3rd
edition, section 2.4).
"""

from dataclasses import dataclass

INTERVAL = (0.1, 0.9)  # 80 %
# Strength of the prior in customers; never less than half a departure's worth, or a group
# without departures would look immortal.
BAND_STRENGTH = 20.0
LEAST_PRIOR_EVENTS = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its 80 % interval, and what it rests on."""

    rate: float
    low: float
    high: float
    events: int
    exposure: float  # customers


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
