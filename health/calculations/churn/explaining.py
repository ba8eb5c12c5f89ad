"""What pushed a customer's chance of leaving up or down, in points that add up.

Along the straight path from the average customer (integrated gradients, Sundararajan et
al., ICML 2017, of a model whose log-odds are a sum):

    c_i = (p − p₀)·β_iΔx_i / Σβ_jΔx_j

with p₀ the average customer's chance. Where the pushes cancel (Σ = 0, hence p = p₀), the
quotient (p − p₀)/Σ is its limit, the slope of p at p₀. A feature's missing-indicator and
the columns of a category are one group.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.probability import probability
from health.calculations.churn.model import ChurnModel
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

REASONS = 2
# Closer to nothing the quotient would be rounding alone.
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Pushes:
    """Of n customers and g groups of columns."""

    names: tuple[str, ...]  # (g,)
    average: float  # p₀
    points: Floats  # (n, g), 0..1 as p is; a row adds up to p − p₀

    def strongest(self, count: int = REASONS) -> NDArray[np.intp]:
        """This will name each one's reasons, the strongest first: places of groups.

        (n, count); −1 where there are no more. Reasons push to the side of the average on
        which the customer stands.
        """
        side = np.where(self.points.sum(axis=1) >= 0, 1.0, -1.0)
        along = self.points * side[:, None]
        order = np.argsort(-along, axis=1, kind="stable")[:, :count]
        return np.where(np.take_along_axis(along, order, axis=1) > 0, order, -1)


def pushes(model: ChurnModel, rows: Landmarks) -> Pushes:
    """This will share out p − p₀ among the features of n customers.

    Memory and cost: n·g numbers; go by shards.
    """
    groups = model.design.groups
    names = tuple(dict.fromkeys(groups))
    belongs = np.array([names.index(one) for one in groups])
    beta = np.array(model.beta)
    effect = np.zeros((len(groups), len(names)))
    effect[np.arange(len(groups)), belongs] = beta[1:] * model.calibration.slope
    parts = np.empty((len(rows), len(names)))
    for part, columns in model.design.chunks(rows):
        parts[part] = columns @ effect
    middle = float(model.calibration.log_odds(beta[:1])[0])
    return Pushes(names, float(probability(np.array(middle))), shared(parts, middle))


def shared(parts: Floats, middle: float) -> Floats:
    """This will share out p − p₀ among parts of the log-odds (n, g), shape (n, g).

    `middle` is the average customer's log-odds. A row adds up to σ(middle + Σ) − σ(middle).
    """
    average = probability(np.array(middle))
    total = parts.sum(axis=1)
    apart = probability(middle + total) - average
    limit = np.full(len(total), average * (1.0 - average))
    far = np.abs(total) >= NOTHING
    rise = np.divide(apart, total, out=limit, where=far)
    return np.asarray(parts * rise[:, None])
