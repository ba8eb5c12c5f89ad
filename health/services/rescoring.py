"""One customer scored at once: after an override was set or ended."""

import datetime as dt

from django.db import transaction

from accounts.selectors import company as the_company
from customers.models import Customer
from health.models import Run
from health.selectors.standing import latest_run
from health.services.reckoning import (
    Reckoned,
    bands_told,
    customers_reckon,
    reckoned_write,
)
from health.services.rescoring_sql import board_row_replace, rows_clear, shown_hold
from health.services.rollups import one_rolled_up
from health.services.runs import known_at
from health.services.tables_sql import SHOWN

DEEPEST = 32


@transaction.atomic
def customer_rescore(*, customer_id: int, now: dt.datetime) -> bool:
    """This will score one customer anew, and the parents that look at it.

    As the latest run does, on its day, with what has become known of that day since and
    the overrides of now; its score of the day, standing and row of the lists are written
    in one transaction. A run that is under way takes overrides up at its end. Returns
    False where there is no run yet, or the customer is not in it. Costs about 20
    statements.
    """
    # First: so the run cannot be swapped between looking for it and writing.
    shown_hold()
    run = latest_run()
    return run is not None and family_rescore(run=run, customer_id=customer_id, now=now)


def family_rescore(*, run: Run, customer_id: int, now: dt.datetime) -> bool:
    """This will do the same in a transaction of a caller that holds the tables."""
    pk: int | None = customer_id
    for turn in range(DEEPEST):
        if pk is None:
            break
        parent = Customer.objects.filter(pk=pk).values_list("parent_id", flat=True)
        if not _rescore(run, pk, now, only_rolled_up=turn > 0):
            return turn > 0
        pk = parent.first()
    return True


def _rescore(run: Run, pk: int, now: dt.datetime, *, only_rolled_up: bool) -> bool:
    """This will score and write one customer; False where there was nothing to do."""
    reckoned = customers_reckon(
        run=run,
        first=pk,
        last=pk,
        known_before=max(run.known_before, known_at(the_company(), run.as_of, now)),
        overrides_before=now + dt.timedelta(microseconds=1),
    )
    if not len(reckoned.frame.readings):
        return False
    which = reckoned.lineup.which(reckoned.facts["segment_id"])
    if only_rolled_up and reckoned.lineup.rules[int(which[0])].rollup == "own":
        return False
    final = Reckoned(
        reckoned.facts, one_rolled_up(reckoned), reckoned.lineup, reckoned.failed
    )
    told = bands_told(final.frame, final.facts["customer_id"])
    rows_clear(customer_id=pk, as_of=run.as_of)
    reckoned_write(tables=SHOWN, run=run, reckoned=final, told=told)
    board_row_replace(customer_id=pk, as_of=run.as_of)
    return True
