"""Groups of customers that are all alike."""

import numpy as np

from health.calculations.what_if import Paths


def paths(
    *kept: float,
    customers: float = 100.0,
    pays: float = 100.0,
    tickets: float = 0.4,
    months: int = 60,
    growth: float = 0.0,
) -> Paths:
    """This will make a group for each share that is there after a year."""
    month = np.arange(1, months + 1)
    alive = customers * np.array(kept)[:, None] ** (month / 12)
    return Paths(
        customers=np.full(len(kept), customers),
        mrr=np.full(len(kept), customers * pays),
        alive=alive,
        revenue=alive * pays * np.exp(growth * month),
        tickets=alive * tickets,
        growth=growth,
    )
