"""Which signals a company really has."""

import numpy as np
from django.db.models import QuerySet

from health.models import Run, Score
from health.readings import AGE, MISSING

CHUNK = 25_000
# So many customers tell enough: their share is the true one to about a point.
SAMPLE, PLACES = 10_000, 16


def measure_presence(run: Run, *, sample: bool = False) -> dict[str, float | None]:
    """This will return, per measure, the share of a run's customers that have a value.

    Of those it applies to; None where it applies to nobody. Cost: one pass over the
    day's scores, or with `sample` over at most 10,000 of them, from 16 places of the
    run spread evenly: two queries at any size.
    """
    layout = run.parameters["measures"]
    asked, known = np.zeros(len(layout)), np.zeros(len(layout))
    rows = _sampled(run) if sample else _scores(run)
    chunk: list[bytes] = []
    for row in rows.values_list("ages", flat=True).iterator(chunk_size=CHUNK):
        chunk.append(bytes(row))
        if len(chunk) == CHUNK:
            _count(chunk, asked, known)
            chunk = []
    _count(chunk, asked, known)
    return {
        key: float(known[i] / asked[i]) if asked[i] else None
        for i, key in enumerate(layout)
    }


def _scores(run: Run) -> QuerySet[Score]:
    return Score.objects.filter(as_of=run.as_of, run=run).order_by("customer_id")


def _sampled(run: Run) -> QuerySet[Score]:
    """This will take the first customers of shards that lie evenly over the run."""
    shards = list(
        run.shards.filter(customers__gt=0)
        .order_by("first_id", "id")
        .values_list("first_id", "last_id")
    )
    if run.customers <= SAMPLE or not shards:
        return _scores(run)[:SAMPLE]
    step = max(1, len(shards) // PLACES)
    chosen = shards[::step][:PLACES]
    first, *rest = (
        _scores(run).filter(customer_id__gte=low, customer_id__lte=high)[
            : SAMPLE // len(chosen)
        ]
        for low, high in chosen
    )
    return first.union(*rest, all=True)


def _count(chunk: list[bytes], asked: np.ndarray, known: np.ndarray) -> None:
    """This will add a chunk of ages to the counts."""
    ages = np.frombuffer(b"".join(chunk), dtype=AGE).reshape(len(chunk), len(asked))
    asked += (ages >= MISSING).sum(axis=0)
    known += (ages > MISSING).sum(axis=0)
