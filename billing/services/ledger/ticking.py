"""When the sums of the ledger are made anew."""

import datetime as dt
from zoneinfo import ZoneInfo

from accounts.selectors import company as the_company
from billing.enums import BuildState
from billing.models import LedgerBuild, LedgerState
from billing.selectors.ledger_terms import Terms, ledger_terms, made_with
from billing.services.ledger.planning import build_start
from billing.services.ledger.working import builds_free
from common.dates import local_day
from common.jobs import enqueue

# What failed is tried again after so long, or at once when something has changed.
PATIENCE = dt.timedelta(minutes=30)


def ledger_tick(*, now: dt.datetime) -> None:
    """This will begin to make the sums where they lag behind, and wake a worker.

    They do when a log was written, a local day has begun, or conventions, rates, the time
    zone or the company's currency have changed. Half a dozen queries.
    """
    if not LedgerBuild.objects.filter(state=BuildState.RUNNING).exists():
        today = local_day(now, ZoneInfo(the_company().time_zone))
        terms = ledger_terms(day=today)
        if not _due(terms, now):
            return
        build_start(terms=terms, now=now)
    for pk in builds_free().values_list("pk", flat=True):
        enqueue("billing.ledger_work", build_id=pk)


def _due(terms: Terms, now: dt.datetime) -> bool:
    state = LedgerState.objects.filter(pk=1).first() or LedgerState(pk=1)
    fingerprint = made_with(terms)
    if state.built >= state.changed and state.made_with == fingerprint:
        return False
    last = LedgerBuild.objects.order_by("-id").first()
    return (
        last is None
        or last.state != BuildState.FAILED
        or (last.counted, last.made_with) != (state.changed, fingerprint)
        or last.started_at < now - PATIENCE
    )
