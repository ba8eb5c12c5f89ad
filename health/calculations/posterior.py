"""What fits best: the mode of likelihood times prior, for the models of contracts.

They are fitted by φ, the share lost at the first renewal, and κ, how alike the customers
are (`sbg`), and by whatever else is positive.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from health.calculations.life_table import LifeTable, UnableToFit
from health.calculations.scoring import Floats

# Beyond it customers are as good as alike: S(t) is (1 − φ)^t but for about t²/2κ of itself.
MAX_KAPPA = 10_000.0
MIN_KAPPA = 0.001
START_KAPPA = 2.0
# Nobody is known never to leave: at least so many leavers are thought of.
LEAST_LEAVERS = 0.5

# ln L and its derivatives by φ, κ and the rest.
Likelihood = Callable[..., tuple[float, Floats]]


class Prior(Protocol):
    """What is thought of the parameters before the customers are looked at."""

    @property
    def min_kappa(self) -> float:
        """The least κ that is possible."""

    def slope(self, place: Floats) -> tuple[float, Floats]:
        """This will return the log density at (logit φ, ln κ, ln c), the last only of a
        BdW, up to a constant, and its derivatives.
        """


@dataclass(frozen=True, slots=True)
class FlatPrior:
    """Nothing: the fit is the maximum of the likelihood."""

    min_kappa: float = MIN_KAPPA

    def slope(self, place: Floats) -> tuple[float, Floats]:
        """This will return a constant."""
        return 0.0, np.zeros(len(place))


@dataclass(frozen=True, slots=True)
class WeakPrior:
    """φ uniform, κ ~ Pareto(1, 1): the odds of κ beyond k are 1/k, for k above 1."""

    min_kappa: float = 1.0

    def slope(self, place: Floats) -> tuple[float, Floats]:
        """This will return the density κ⁻²."""
        turn = np.zeros(len(place))
        turn[1] = -2.0
        return -2.0 * float(place[1]), turn


WEAK, FLAT = WeakPrior(), FlatPrior()


@dataclass(frozen=True, slots=True)
class Mode:
    """Where the posterior is highest."""

    phi: float
    kappa: float
    rest: tuple[float, ...]
    log_likelihood: float  # without the prior
    capped: bool  # κ stands at its cap


def posterior_mode(
    likelihood: Likelihood,
    table: LifeTable,
    *,
    prior: Prior,
    max_kappa: float,
    rest: Sequence[tuple[float, float]] = (),
) -> Mode:
    """This will find φ, κ and the rest, each of which begins at 1 within its bounds.

    Without any leaver φ is kept at half a leaver's worth, so that nobody lives for ever;
    without anybody staying likewise. Raises UnableToFit where nobody faced a renewal.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - 30 MB in every process

    if not table.exposure > 0.0:
        msg = "Nobody has faced a renewal yet, so there is no churn to learn."
        raise UnableToFit(msg)
    scale = max(table.leavers, 1.0)

    def cost(place: Floats) -> tuple[float, Floats]:
        phi, (kappa, *others) = share_of(place[0]), np.exp(place[1:])
        value, slope = likelihood(table, phi, kappa, *others)
        slope = slope * [phi * (1.0 - phi), kappa, *others]
        thought, turn = prior.slope(place)
        return -(value + thought) / scale, -(slope + turn) / scale

    least = LEAST_LEAVERS / (table.exposure + 2.0 * LEAST_LEAVERS)
    first = np.clip(table.leavers / table.exposure, least, 1.0 - least)
    edge = logit_of(1.0 - least)
    found = minimize(
        cost,
        [logit_of(first), np.log(START_KAPPA), *(0.0 for _ in rest)],
        jac=True,
        method="L-BFGS-B",
        bounds=[(-edge, edge), *np.log([(prior.min_kappa, max_kappa), *rest])],
        options={"ftol": 1e-15, "gtol": 1e-9},
    )
    phi, (kappa, *others) = share_of(found.x[0]), np.exp(found.x[1:]).tolist()
    value = likelihood(table, phi, kappa, *others)[0]
    return Mode(phi, kappa, tuple(others), value, kappa >= 0.999 * max_kappa)


def share_of(logit: float) -> float:
    """This will return the share whose log odds these are."""
    return float(1.0 / (1.0 + np.exp(-logit)))


def logit_of(share: float) -> float:
    """This will return the log odds of a share."""
    return float(np.log(share) - np.log1p(-share))
