"""What customers will bring, summed over a run: kept with the day it is shown.

Each shard leaves its sums in the transaction that writes its customers, so each customer
is in them once, however often a worker died.
"""

from collections.abc import Sequence

from health.calculations.value_paths import PathSums
from health.models import Run, Shard, ValuePath

# Digits after the point of what is kept of each month.
DIGITS = 6


def paths_reckon(*, run: Run, more: Sequence[PathSums] = ()) -> list[ValuePath]:
    """This will add up what the shards of a run left, and `more`. One query.

    The rows wait for the moment in which their run is shown.
    """
    kept = Shard.objects.filter(run=run, paths__isnull=False).order_by("first_id")
    parts = [
        PathSums.from_json(data)
        for data in kept.values_list("paths", flat=True)
        if data is not None
    ]
    if not parts:
        return []
    whole = PathSums.summed([*parts, *more])
    return [_row(run, whole, place) for place in range(len(whole))]


def paths_write(*, run: Run, rows: Sequence[ValuePath]) -> None:
    """This will put a day's rows in the place of earlier ones. Call it in a transaction.

    The shards' own sums have served their purpose.
    """
    ValuePath.objects.filter(as_of=run.as_of).delete()
    ValuePath.objects.bulk_create(rows)
    Shard.objects.filter(run=run).update(paths=None)


def _row(run: Run, whole: PathSums, place: int) -> ValuePath:
    months = {
        name: [round(value, DIGITS) for value in getattr(whole, name)[place].tolist()]
        for name in ("alive", "revenue", "tickets")
    }
    return ValuePath(
        as_of=run.as_of,
        segment_id=int(whole.segment[place]),
        plan_id=int(whole.plan[place]),
        customers=int(whole.customers[place]),
        mrr=round(whole.mrr[place].item(), 2),
        churn=whole.churn[place].item(),
        at_risk=round(whole.at_risk[place].item(), 2),
        expected=whole.expected[place].item(),
        own=whole.own[place].item(),
        doubt=whole.doubt[place].item(),
        **months,
    )
