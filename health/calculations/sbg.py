"""How long customers with a contract stay: the shifted-beta-geometric model (sBG).

Fader & Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1),
2007, 76–90. Every customer leaves at each renewal with a chance of its own; over the
customers that chance is Beta(α, β) distributed, so those who remain leave ever less:

    S(t) = B(α, β+t) / B(α, β)            still there after t renewals
    r_t  = (β+t−1) / (α+β+t−1)            share of those facing renewal t who stay

Fitted by φ = α/(α+β), the share lost at the first renewal, and κ = α+β, how alike the
customers are. Where churn does not fall with tenure the likelihood grows with κ for ever
(α and β run to infinity, then overflow); so κ has a cap, and usually a weak prior.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from health.calculations.life_table import Ints, LifeTable, floats
from health.calculations.posterior import MAX_KAPPA, WEAK, Prior, posterior_mode
from health.calculations.residual import residual_after_renewal
from health.calculations.scoring import Floats


class SBG:
    """The shifted-beta-geometric model of one group of customers.

    Settings: `prior` (WEAK, or FLAT for plain maximum likelihood, of `posterior`, or
    `tenure_curves.UnlikenessPrior`) and `max_kappa`, the cap on κ.

    After `fit`: `phi_`, `kappa_`, `alpha_`, `beta_`; `log_likelihood_` (without the
    prior); `leavers_`; `capped_`, whether κ stands at its cap, that is, churn does not
    fall with tenure.
    """

    phi_: float
    kappa_: float
    alpha_: float
    beta_: float
    log_likelihood_: float
    leavers_: float
    capped_: bool

    def __init__(self, *, prior: Prior = WEAK, max_kappa: float = MAX_KAPPA) -> None:
        self.prior = prior
        self.max_kappa = max_kappa

    def fit(self, table: LifeTable) -> Self:
        """This will learn φ and κ from who stayed and who left at which renewal.

        Without any leaver φ is kept at half a leaver's worth, so that nobody lives for
        ever. Raises UnableToFit where nobody faced a renewal. Cost: about 2 ms, however
        many customers the table counts.
        """
        mode = posterior_mode(
            log_likelihood, table, prior=self.prior, max_kappa=self.max_kappa
        )
        self.phi_, self.kappa_ = mode.phi, mode.kappa
        self.alpha_, self.beta_ = mode.phi * mode.kappa, (1.0 - mode.phi) * mode.kappa
        self.log_likelihood_, self.capped_ = mode.log_likelihood, mode.capped
        self.leavers_ = table.leavers
        return self

    def survival(self, t: ArrayLike) -> Floats:
        """This will return S(t), the share of new customers left after t renewals."""
        return survival(self.alpha_, self.beta_, t)

    def retention(self, t: ArrayLike) -> Floats:
        """This will return r_t for renewals t = 1, 2, …, shape of t."""
        before = floats(t) - 1.0
        return (self.beta_ + before) / (self.kappa_ + before)

    def conditional_survival(self, survived: Ints, periods: int) -> Floats:
        """This will return S(n + 1..periods) / S(n) for customers with n = `survived`
        renewals behind them, shape (customers, periods). Grows with n.
        """
        return conditional_survival(self.alpha_, self.beta_, survived, periods)

    def derl(self, survived: ArrayLike, *, discount: float) -> Floats:
        """This will return the discounted expected residual lifetime, in payments of 1,
        of customers just after their n-th renewal; see `residual_after_renewal`.
        """
        return residual_after_renewal(
            self.alpha_, self.beta_, renewals=survived, discount=discount
        )


def survival(alpha: ArrayLike, beta: ArrayLike, t: ArrayLike) -> Floats:
    """This will return S(t) = B(α, β+t) / B(α, β); t need not be whole."""
    from scipy.special import betaln  # noqa: PLC0415 - 30 MB in every process

    later = floats(beta) + floats(t)
    share: Floats = np.exp(betaln(alpha, later) - betaln(alpha, beta))
    return share


def conditional_survival(
    alpha: ArrayLike, beta: ArrayLike, survived: ArrayLike, periods: int
) -> Floats:
    """This will return S(n + 1..periods) / S(n), shape (customers, periods).

    `alpha`, `beta` and `survived` (n, renewals behind it) are one value per customer or
    one for all: a customer that has stayed n times is a new one with β + n. Cost: 5 s and
    1.5 GB for a million customers and 60 periods; take them in parts, or each different
    customer once.
    """
    a, b, n = (
        np.atleast_1d(floats(column))[:, None] for column in (alpha, beta, survived)
    )
    reached = b + n + np.arange(periods)
    stays: Floats = reached / (reached + a)
    return stays.cumprod(axis=1)


def log_likelihood(table: LifeTable, phi: float, kappa: float) -> tuple[float, Floats]:
    """This will return ln L and its derivatives by φ and by κ.

    Written in kept and lost it needs no special function: 1 − r_t = α/(α+β+t−1).
    """
    before = np.arange(len(table.kept))
    stay, everybody = (1.0 - phi) * kappa + before, kappa + before
    kept, faced, lost = table.kept, table.faced, table.leavers
    value = kept @ np.log(stay) - faced @ np.log(everybody) + lost * np.log(phi * kappa)
    stayed = kept @ (1.0 / stay)
    by_phi = lost / phi - kappa * stayed
    by_kappa = lost / kappa + (1.0 - phi) * stayed - faced @ (1.0 / everybody)
    return float(value), np.array([by_phi, by_kappa])
