"""The beta-discrete-Weibull model (BdW): an sBG whose customers also change with tenure.

Fader, Hardie, Liu, Davin & Steenburgh, "How to Project Customer Retention" Revisited: The
Role of Duration Dependence, Journal of Interactive Marketing 43, 2018, 1–16.

    S(t) = B(α, β + t^c) / B(α, β)

With c above 1 each customer grows likelier to leave, with c below 1 less likely; c = 1 is
the sBG. The paper's message: that customers differ matters more than that they change. So
it is used only where a likelihood-ratio test asks for it (`needs_bdw`).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from health.calculations.life_table import Ints, LifeTable, floats
from health.calculations.posterior import (
    FLAT,
    MAX_KAPPA,
    WEAK,
    Prior,
    posterior_mode,
)
from health.calculations.sbg import SBG
from health.calculations.scoring import Floats

SHAPES = (0.1, 5.0)
LEVEL = 0.05
# What is left of a share that is 1 but for rounding.
TINY = 1e-300


class BDW:
    """The beta-discrete-Weibull model of one group of customers.

    Settings as of `SBG`. After `fit`: `phi_` (the share lost at the first renewal),
    `kappa_`, `alpha_`, `beta_`, `shape_` (c); `log_likelihood_` (without the prior);
    `leavers_`; `capped_`.
    """

    phi_: float
    kappa_: float
    alpha_: float
    beta_: float
    shape_: float
    log_likelihood_: float
    leavers_: float
    capped_: bool

    def __init__(self, *, prior: Prior = WEAK, max_kappa: float = MAX_KAPPA) -> None:
        self.prior = prior
        self.max_kappa = max_kappa

    def fit(self, table: LifeTable) -> Self:
        """This will learn φ, κ and c, the latter between 0.1 and 5 without a prior.

        Raises UnableToFit where nobody faced a renewal. Cost: about 10 ms.
        """
        mode = posterior_mode(
            log_likelihood,
            table,
            prior=self.prior,
            max_kappa=self.max_kappa,
            rest=[SHAPES],
        )
        self.phi_, self.kappa_, self.shape_ = mode.phi, mode.kappa, mode.rest[0]
        self.alpha_, self.beta_ = mode.phi * mode.kappa, (1.0 - mode.phi) * mode.kappa
        self.log_likelihood_, self.capped_ = mode.log_likelihood, mode.capped
        self.leavers_ = table.leavers
        return self

    def survival(self, t: ArrayLike) -> Floats:
        """This will return S(t), the share of new customers left after t renewals."""
        return np.exp(log_survival(self.alpha_, self.beta_, self.shape_, t))

    def retention(self, t: ArrayLike) -> Floats:
        """This will return S(t) / S(t−1) for renewals t = 1, 2, …, shape of t."""
        t = floats(t)
        here, before = (
            log_survival(self.alpha_, self.beta_, self.shape_, at) for at in (t, t - 1)
        )
        return np.exp(here - before)

    def conditional_survival(self, survived: Ints, periods: int) -> Floats:
        """This will return S(n + 1..periods) / S(n) for customers with n = `survived`
        renewals behind them, shape (customers, periods). Each n is worked out once.
        """
        different, where = np.unique(survived, return_inverse=True)
        ahead = different[:, None] + np.arange(periods + 1)
        curve = log_survival(self.alpha_, self.beta_, self.shape_, ahead)
        share: Floats = np.exp(curve[:, 1:] - curve[:, :1])[where]
        return share


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """How much better the BdW fits than the sBG, and how often chance does as much."""

    statistic: float  # 2 (ln L of BdW − ln L of sBG), not below 0
    p_value: float  # chi-square with one degree of freedom


def likelihood_ratio(table: LifeTable) -> LikelihoodRatio:
    """This will test the sBG against the BdW, both at their maximum likelihood.

    Raises UnableToFit where nobody faced a renewal. Cost: about 15 ms.
    """
    from scipy.special import chdtrc  # noqa: PLC0415 - 30 MB in every process

    gain = (
        BDW(prior=FLAT).fit(table).log_likelihood_
        - SBG(prior=FLAT).fit(table).log_likelihood_
    )
    statistic = max(2.0 * gain, 0.0)
    return LikelihoodRatio(statistic, float(chdtrc(1.0, statistic)))


def needs_bdw(table: LifeTable, *, level: float = LEVEL) -> bool:
    """This will say whether these customers ask for a BdW instead of an sBG."""
    return likelihood_ratio(table).p_value < level


def log_survival(
    alpha: ArrayLike, beta: ArrayLike, shape: ArrayLike, t: ArrayLike
) -> Floats:
    """This will return ln S(t), 0 at t = 0. Arguments may be arrays that fit together."""
    from scipy.special import betaln  # noqa: PLC0415 - 30 MB in every process

    power = np.power(floats(t), floats(shape))
    value: Floats = betaln(alpha, floats(beta) + power) - betaln(alpha, beta)
    return value


def log_likelihood(
    table: LifeTable, phi: float, kappa: float, shape: float
) -> tuple[float, Floats]:
    """This will return ln L and its derivatives by φ, κ and c."""
    alpha, beta = phi * kappa, (1.0 - phi) * kappa
    t = np.arange(len(table.kept) + 1, dtype=np.float64)
    stays = np.diff(log_survival(alpha, beta, shape, t))
    leaves = np.maximum(-np.expm1(stays), TINY)
    value = table.kept @ stays + table.lost @ np.log(leaves)
    turn = table.kept - table.lost * (1.0 - leaves) / leaves
    by_alpha, by_beta, by_shape = np.diff(_slopes(alpha, beta, shape, t)) @ turn
    by_phi = kappa * (by_alpha - by_beta)
    by_kappa = phi * by_alpha + (1.0 - phi) * by_beta
    return float(value), np.array([by_phi, by_kappa, by_shape])


def _slopes(alpha: float, beta: float, shape: float, t: Floats) -> Floats:
    """This will return the derivatives of ln S(t) by α, β and c, shape (3, t)."""
    from scipy.special import psi  # noqa: PLC0415 - 30 MB in every process

    power = np.power(t, shape)
    everybody = psi(alpha + beta) - psi(alpha + beta + power)
    stay = psi(beta + power) - psi(beta)
    growth = power * np.log(np.maximum(t, 1.0))
    by_power = psi(beta + power) - psi(alpha + beta + power)
    return np.array([everybody, stay + everybody, by_power * growth])
