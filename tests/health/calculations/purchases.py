"""The published models of customers who buy without a subscription, as if learnt."""

import numpy as np

from health.calculations.bgnbd import BGNBD
from health.calculations.buyers import Buyers
from health.calculations.gamma_gamma import GammaGamma

# The parameters of the papers (CDNOW), in days.
R, ALPHA, A, B = 0.243, 4.414 * 7, 0.793, 2.426
P, Q, GAMMA = 6.25, 3.74, 15.44


def published(*, doubt: float = 0.0, spend: bool = True) -> Buyers:
    """This will return the published models, as if learnt."""
    purchases, amounts = BGNBD(), GammaGamma()
    purchases.r_, purchases.alpha_, purchases.a_, purchases.b_ = R, ALPHA, A, B
    purchases.log_likelihood_, purchases.customers_ = -9582.4, 2357
    purchases.repeaters_ = 946
    amounts.p_, amounts.q_, amounts.gamma_ = P, Q, GAMMA
    amounts.log_likelihood_, amounts.customers_ = -4055.9, 946
    covariance = tuple(map(tuple, (doubt * np.eye(4)).tolist())) if doubt else ()
    return Buyers(purchases, amounts if spend else None, doubt=covariance)
