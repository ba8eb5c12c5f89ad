"""Telling the ledger that something it is made of has changed."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.selectors import company as the_company
from billing.models import LedgerPart, LedgerState
from billing.selectors.ledger_parts import ledger_read
from billing.selectors.ledger_reading import Chosen, one_snapshot
from billing.selectors.ledger_terms import ledger_terms
from billing.services.ledger.holding import waits
from billing.services.ledger.writing import movements_write
from common.dates import local_day


@transaction.atomic
def ledger_refresh(*, customers: Iterable[int], now: dt.datetime) -> None:
    """This will make the lines of some customers anew, in the caller's transaction.

    Every service that writes a change log, an invoice's payment or a churn event calls it
    last: it holds the ledger's count until the commit. The sums follow within a minute or
    two. A dozen queries, however many customers.
    """
    ids = sorted(set(customers))
    if not ids or waits(set(ids)):
        return
    counted = LedgerState.objects.count_up()
    parts = LedgerPart.objects.filter(pk__in=_parts_of(ids))
    parts.update(changed=counted)
    scope = Chosen(ids)
    today = local_day(now, ZoneInfo(the_company().time_zone))
    with one_snapshot() as cursor:
        ledger = ledger_read(cursor, scope, ledger_terms(day=today))
    movements_write(scope, ledger.lines)


def ledger_outdate() -> int:
    """This will note that any line of the ledger may be old: the next tick makes all anew.

    For importers. Changed conventions, rates, the time zone and the company's currency
    the tick notices by itself. Returns the count of changes.
    """
    return LedgerState.objects.outdate()


def _parts_of(ids: list[int]) -> list[int]:
    """This will find the parts that customers (ascending) belong to. One query.

    Customers of no part are found by the next build. There are some dozen parts.
    """
    rows = LedgerPart.objects.order_by("first_id").filter(
        first_id__lte=ids[-1], last_id__gte=ids[0]
    )
    return [
        pk
        for pk, first, last in rows.values_list("pk", "first_id", "last_id")
        if any(first <= one <= last for one in ids)
    ]
