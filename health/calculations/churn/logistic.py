"""The regression, and how well its coefficients are known.

    minimise  Σ log(1 + e^(−sη)) + |β|² / 2C,   η = β₀ + xβ,  s = ±1

The coefficients' covariance is that of customers drawn anew (White's sandwich with one
term per customer: Liang & Zeger, Biometrika 73, 1986) plus what the penalty stands for:

    V = H⁻¹ (J + ΛBΛ) H⁻¹,  H = Σ x'x·p(1 − p) + Λ,  J = Σ_customers g'g,  Λ = 1/C

with g a customer's sum of x(y − p). ΛBΛ is the squared bias that holding coefficients
back brings, if they are as large as the penalty assumes or as they were found, whichever
is more: B = max(C, β²). Without it a model that learnt nothing would look certain.

Coefficients that are held back are too timid, those fitted to chance too bold. Both are put
right at once: the slope that the log-odds have on the rows they were fitted to, less what
of it is chance. A fit takes up tr(H⁻¹J) of Σ η·(y − p) from chance (the covariance penalty:
Efron, JASA 99, 2004, with clusters in J), so

    scale = slope in the sample − tr(H⁻¹J) / Σ p(1 − p)(η − η̄)²

and all coefficients are multiplied by it (Copas, JRSS B 45, 1983). On simulated companies
of 400 customers it meets the true slope within 0.09.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.probability import probability
from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.calibration import mean_kept, newton
from health.calculations.scoring import Floats

Matrix = NDArray[np.floating[Any]]
MOST_ROUNDS = 1_000
CLOSE = 1e-5
CHUNK = 16_384
SCALES = (0.1, 2.0)
# Log-odds that differ by less are those of nothing learnt.
FLAT = 1e-9


def fit(columns: Matrix, left: Bools, *, strength: float) -> Floats:
    """This will return intercept and coefficients, (1 + d,), for n rows (n, d).

    `strength` is C, the variance that coefficients of columns of unit spread may have;
    the intercept is free. Raises ValueError unless somebody left and somebody stayed.
    Cost: some tens of passes over the columns.
    """
    # Slow to import, and the web processes never fit.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=strength, max_iter=MOST_ROUNDS, tol=CLOSE)
    model.fit(columns, left)
    return np.append(model.intercept_, model.coef_[0]).astype(np.float64)


def log_odds_of(columns: Matrix, beta: Floats) -> Floats:
    """This will return the log-odds of n rows, (n,)."""
    return np.asarray(columns @ beta[1:].astype(columns.dtype) + beta[0], np.float64)


def learn(
    columns: Matrix, left: Bools, customer: Ints, *, strength: float
) -> tuple[Floats, Floats]:
    """This will fit, rescale and say how sure it is: (1 + d,) and (1 + d, 1 + d).

    The rescaling is explained above; the mean chance stays the share that left. Errors
    and cost as `fit`, and one pass more.
    """
    beta = fit(columns, left, strength=strength)
    eta = log_odds_of(columns, beta)
    found, optimism = covariance(columns, left, customer, beta, strength=strength)
    scale = _slope(eta, left, optimism)
    rescaled = scale * beta
    rescaled[0] += mean_kept(scale * eta, left)
    return rescaled, scale**2 * found


def _slope(eta: Floats, left: Bools, optimism: float) -> float:
    """This will return the slope in the sample less what of it is chance, within SCALES."""
    spread = float(eta.std())
    if spread < FLAT:
        return 1.0
    x = np.stack([np.ones(len(eta)), (eta - eta.mean()) / spread])
    start = np.array([eta.mean(), spread])
    (_, line), _ = newton(x, left, np.zeros(len(eta)), start, np.zeros(2), 1.0)
    weight = probability(eta) * probability(-eta)
    away = eta - weight @ eta / weight.sum()
    return float(np.clip(line / spread - optimism / (weight @ away**2), *SCALES))


def covariance(
    columns: Matrix, left: Bools, customer: Ints, beta: Floats, *, strength: float
) -> tuple[Floats, float]:
    """This will return V, (1 + d, 1 + d), and the optimism tr(H⁻¹J) without the
    intercept's. Cost: one pass, by chunks."""
    width = columns.shape[1] + 1
    prior = np.diag(np.append(0.0, np.full(width - 1, 1.0 / strength)))
    bent, pulled = prior.copy(), np.zeros_like(prior)
    error = left - probability(log_odds_of(columns, beta))
    for rows, starts in _by_customer(customer):
        x = np.ones((len(rows), width))
        x[:, 1:] = columns[rows]
        p = left[rows] - error[rows]
        bent += (x * (p * (1.0 - p))[:, None]).T @ x
        pull = np.add.reduceat(x * error[rows, None], starts, axis=0)
        pulled += pull.T @ pull
    inverse = np.linalg.inv(bent)
    optimism = np.trace(inverse @ pulled) - pulled[0, 0] / bent[0, 0]
    held = np.append(0.0, np.maximum(strength, beta[1:] ** 2) / strength**2)
    return np.asarray(inverse @ (pulled + np.diag(held)) @ inverse), float(optimism)


def _by_customer(
    customer: Ints,
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """This will yield rows in chunks that hold whole customers, and where each starts."""
    order = np.argsort(customer, kind="stable")
    ranked = customer[order]
    begins = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    edges = np.append(begins, len(order))
    done = 0
    while done < len(begins):
        until = int(np.searchsorted(edges, edges[done] + CHUNK, side="right")) - 1
        until = max(until, done + 1)
        rows = order[edges[done] : edges[until]]
        yield rows, begins[done:until] - edges[done]
        done = until
