"""Which signals a company really has."""

import numpy as np

from health.models import Run, Score
from health.readings import AGE, MISSING

CHUNK = 25_000


def measure_presence(run: Run) -> dict[str, float | None]:
    """This will return, per measure, the share of a run's customers that have a value.

    Of those it applies to; None where it applies to nobody. Cost: one pass over the
    day's scores.
    """
    layout = run.parameters["measures"]
    asked, known = np.zeros(len(layout)), np.zeros(len(layout))
    rows = Score.objects.filter(as_of=run.as_of, run=run).order_by("customer_id")
    ages = rows.values_list("ages", flat=True).iterator(chunk_size=CHUNK)
    for row in ages:
        age = np.frombuffer(bytes(row), dtype=AGE)
        asked += age >= MISSING
        known += age > MISSING
    return {
        key: float(known[i] / asked[i]) if asked[i] else None
        for i, key in enumerate(layout)
    }
