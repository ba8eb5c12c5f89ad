"""What people changed while a run was under way, applied to what it built."""

import datetime as dt

from django.db.models import Q

from customers.models import Customer
from health.models import Override, Run, Snooze
from health.selectors.frame import database_now
from health.services.reapplying_sql import board_reapply
from health.services.rescoring import family_rescore

# Edits carry the web server's clock, and one may have begun before we did and committed
# after we read: those of the last minutes are applied again, which changes nothing.
CLOCKS = dt.timedelta(minutes=5)


def edits_reapply(*, board: str, since: dt.datetime) -> set[int]:
    """This will bring names, owners and snoozes edited since into a board.

    Returns the owners who lost or got customers, whose sums are to be added up again.
    """
    edited = Customer.objects.filter(updated_at__gte=since - CLOCKS).order_by()
    snoozed = Snooze.objects.filter(created_at__gte=since - CLOCKS).order_by()
    ids = {*edited.values_list("pk", flat=True)}
    ids |= {*snoozed.values_list("customer_id", flat=True)}
    return board_reapply(board, ids=sorted(ids)) if ids else set()


def overrides_reapply(*, run: Run) -> None:
    """This will score those again whose override was set or ended since the run read.

    The run's tables have to be shown already. Costs some milliseconds per customer.
    """
    since = run.known_before - CLOCKS
    changed = Override.objects.filter(Q(created_at__gte=since) | Q(ended_at__gte=since))
    ids = changed.order_by("customer_id").values_list("customer_id", flat=True)
    now = database_now()
    for pk in list(ids.distinct()):
        family_rescore(run=run, customer_id=pk, now=now)
