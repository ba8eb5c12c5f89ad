"""What pushed a customer's chance of leaving up or down, in points that add up.

Along the straight path from the average customer (integrated gradients, Sundararajan et
al., ICML 2017, of a model whose log-odds are a sum):

    c_i = (p − p₀)·β_iΔx_i / Σβ_jΔx_j

with p₀ the average customer's chance. Of boosted trees, whose log-odds are no such sum,
β_iΔx_i is the Shapley value of feature i on the way from the average customer to this one
(`trees`), and the shares are taken as above. Where the pushes cancel (Σ = 0, hence p = p₀), the
quotient (p − p₀)/Σ is its limit, the slope of p at p₀. A feature's missing-indicator and
the columns of a category are one group.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.probability import probability
from health.calculations.churn.model import ChurnModel, Scores
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
        rows, found = np.arange(len(along)), []
        for _ in range(min(count, along.shape[1])):
            best = along.argmax(axis=1)
            found.append(np.where(along[rows, best] > 0, best, -1))
            along[rows, best] = -np.inf
        return np.stack(found, axis=1)


def pushes(model: ChurnModel, rows: Landmarks) -> Pushes:
    """This will share out p − p₀ among the features of n customers.

    Memory and cost: n·g numbers; go by shards.
    """
    return pushes_of(model, model.columns(rows))


def scored_with_pushes(model: ChurnModel, rows: Landmarks) -> tuple[Scores, Pushes]:
    """This will score n customers and say why, making their columns once."""
    scores: list[Scores] = []

    def scored() -> Iterator[Floats]:
        for columns in model.columns(rows):
            scores.append(model.scored(columns))
            yield columns

    found = pushes_of(model, scored())
    return Scores.joined(scores), found


def pushes_of(model: ChurnModel, parts: Iterable[Floats]) -> Pushes:
    """This will do the same for columns of the design, some customers after others."""
    names = tuple(dict.fromkeys(model.design.groups))
    belongs = tuple(names.index(one) for one in model.design.groups)
    average, effects = _effects(model, belongs, len(names))
    middle = float(model.calibration.log_odds(np.array([average]))[0])
    slope = model.calibration.slope
    found = [shared(slope * effects(columns), middle) for columns in parts]
    points = np.concatenate([np.empty((0, len(names))), *found])
    return Pushes(names, float(probability(np.array(middle))), points)


def _effects(
    model: ChurnModel, belongs: tuple[int, ...], size: int
) -> tuple[float, Callable[[Floats], Floats]]:
    """This will return the average customer's log-odds, and what finds the parts (m, g)
    by which customers' log-odds differ from them."""
    boosted = model.boosted
    if boosted is not None:
        return boosted.average(), lambda columns: boosted.parts(columns, belongs, size)
    beta = np.array(model.beta)
    effect = np.zeros((len(belongs), size))
    effect[np.arange(len(belongs)), list(belongs)] = beta[1:]
    return float(beta[0]), lambda columns: np.asarray(columns @ effect)


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
