"""Making the whole ledger and its sums, for those who wait for it."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

from accounts.selectors import company as the_company
from billing.enums import BuildState
from billing.models import LedgerBuild
from billing.selectors.ledger_terms import ledger_terms
from billing.services.ledger.planning import build_start
from billing.services.ledger.refreshing import ledger_outdate
from billing.services.ledger.working import OVERTAKEN, Progress, ledger_work
from common.dates import local_day
from common.errors import KeepwellError

# Between two looks where a worker has the build.
PAUSE = 0.5


class UnableToBuildLedger(KeepwellError):
    """The ledger could not be made; the text says why."""


def ledger_build(
    *, now: dt.datetime, progress: Progress = lambda done, total: None
) -> LedgerBuild:
    """This will make all lines of the ledger and all sums, and wait for it.

    Worked in this process, unless a worker has it. `progress` is told how many ranges of
    customers are done, and how many there are. Raises UnableToBuildLedger.
    """
    counted = ledger_outdate()
    today = local_day(now, ZoneInfo(the_company().time_zone))
    while True:
        build = build_start(terms=ledger_terms(day=today), now=now)
        before = build.attempts
        ledger_work(build_id=build.pk, seconds=None, progress=progress)
        build.refresh_from_db()
        if build.state == BuildState.FAILED and build.reason != OVERTAKEN:
            raise UnableToBuildLedger(build.reason)
        # One that was under way before may have been begun without what we want in it.
        whole = build.counted >= counted and build.day == today
        if build.state == BuildState.DONE and whole:
            return build
        if build.attempts == before:
            time.sleep(PAUSE)  # It is in other hands.
