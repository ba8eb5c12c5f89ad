"""Imports: reading everything that stands at a gateway, page by page.

A page is asked for outside any transaction, and written in one together with the cursor
behind it. So who is killed anywhere goes on behind the last page that was written, and
nothing is counted twice.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from billing.enums import ObjectKind
from billing.gateways.base import UnableToReachGateway
from billing.gateways.objects import Page
from billing.models import GatewayImport
from billing.services.gateways.access import gateway_of
from billing.services.gateways.applying.whole import READ_IN_ORDER
from billing.services.gateways.departed import departures_conclude
from billing.services.gateways.page_writing import page_write
from billing.services.ledger import ledger_outdate
from common.errors import KeepwellError
from common.jobs import enqueue

SLICE_SECONDS = 20.0
# How long a gateway is left alone that did not answer.
PAUSE = dt.timedelta(seconds=30)
# Two transactions in each other's way: the page is written again.
DEADLOCKS = 3
# After these kinds the ledger is made anew.
LEDGER_KINDS = frozenset({ObjectKind.SUBSCRIPTION, READ_IN_ORDER[-1]})
TASK = "billing.gateway_import_work"
logger = logging.getLogger(__name__)


def imports_waiting() -> QuerySet[GatewayImport]:
    """This will select imports that go on and that nobody works on."""
    return GatewayImport.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        Q(account__resumes_at=None) | Q(account__resumes_at__lte=Now()),
        finished_at__isnull=True,
        stopped=False,
        account__is_on=True,
    )


def imports_wake() -> int:
    """This will wake a worker for each import that waits. For the tick. One query."""
    ids = list(imports_waiting().order_by("id").values_list("pk", flat=True))
    for pk in ids:
        enqueue(TASK, import_id=pk)
    return len(ids)


def import_work(
    *, import_id: int, now: dt.datetime, seconds: float = SLICE_SECONDS
) -> int:
    """This will read for a short while, and wake another worker when more is left.

    Returns how many pages were written; 0 where somebody else is at it. Trouble with the
    gateway is noted: one that does not answer is asked again by the tick, one that
    refuses us stops the import until a person goes on.
    """
    until = time.monotonic() + seconds
    claim = _claimed(import_id)
    if claim is None:
        return 0
    pages, goes_on = 0, True
    own = _own(import_id, claim)
    try:
        while goes_on and (not pages or time.monotonic() < until):
            goes_on = _page(import_id, claim, now)
            pages += 1
    except UnableToReachGateway as error:
        wait = dt.timedelta(seconds=error.after) if error.after else PAUSE
        own.update(trouble=str(error), claim=None, lease_until=Now() + wait)
        return pages
    except OperationalError:
        # Others were in the way, again and again: the tick goes on.
        own.update(claim=None, lease_until=Now() + PAUSE)
        return pages
    except KeepwellError as error:
        # Whoever goes on has put right what was wrong.
        _stopped(own, str(error))
        return pages
    except Exception:
        logger.exception("Import %s cannot go on.", import_id)
        _stopped(own, _("An unexpected error; the log of the worker says which."))
        return pages
    own.update(claim=None, lease_until=None)
    if goes_on:
        enqueue(TASK, import_id=import_id)
    return pages


def _stopped(own: QuerySet[GatewayImport], text: str) -> None:
    own.update(trouble=text, stopped=True, claim=None, lease_until=None)
    ledger_outdate()


def _claimed(import_id: int) -> uuid.UUID | None:
    claim = uuid.uuid4()
    with transaction.atomic():
        rows = imports_waiting().select_for_update(skip_locked=True, of=("self",))
        if not rows.filter(pk=import_id).exists():
            return None
        GatewayImport.objects.filter(pk=import_id).update(
            claim=claim, lease_until=_lease()
        )
    return claim


def _own(import_id: int, claim: uuid.UUID) -> QuerySet[GatewayImport]:
    return GatewayImport.objects.filter(pk=import_id, claim=claim)


def _lease() -> Any:
    return Now() + dt.timedelta(seconds=settings.GATEWAY_LEASE_SECONDS)


def _page(import_id: int, claim: uuid.UUID, now: dt.datetime) -> bool:
    """This will read and write one page; False when the import is through or not ours."""
    own = _own(import_id, claim).filter(stopped=False, finished_at__isnull=True)
    if not own.update(lease_until=_lease()):
        return False
    row = own.select_related("account").first()
    if row is None:
        return False
    kind = ObjectKind(row.kind or READ_IN_ORDER[0])
    asked_at = _moment()
    page = gateway_of(row.account).listed(kind, after=row.cursor)
    for tried in range(DEADLOCKS):
        try:
            return _written(row, claim, kind, page, now=now, asked_at=asked_at)
        except OperationalError:
            if tried + 1 == DEADLOCKS:
                raise
    return False


def _moment() -> dt.datetime:
    """This will return the database's time, by which readings are compared."""
    row = GatewayImport.objects.annotate(moment=Now()).values_list("moment", flat=True)
    moment: dt.datetime = row.order_by("id")[0]
    return moment


@transaction.atomic
def _written(
    row: GatewayImport,
    claim: uuid.UUID,
    kind: ObjectKind,
    page: Page,
    *,
    now: dt.datetime,
    asked_at: dt.datetime,
) -> bool:
    """This will write a page and the cursor behind it, while our claim stands."""
    held = _own(row.pk, claim).select_for_update().first()
    if held is None or held.stopped:
        return False
    counted = page_write(
        account=row.account, kind=kind, page=page, now=now, asked_at=asked_at
    )
    counts = _added(held.counts, kind, counted)
    later = kind if page.cursor else _next(kind)
    if later is None:
        departures_conclude(account=row.account, now=now)
    if not page.cursor and kind in LEDGER_KINDS:
        # Once for all of them, instead of with every row.
        ledger_outdate()
    _own(row.pk, claim).update(
        counts=counts,
        kind=later or "",
        cursor=page.cursor if later else "",
        finished_at=None if later else now,
        trouble="",
        lease_until=_lease(),
    )
    return later is not None


def _added(
    counts: Mapping[str, Mapping[str, int]],
    kind: ObjectKind,
    counted: Mapping[str, int],
) -> dict[str, dict[str, int]]:
    there = counts.get(kind, {})
    summed = {name: there.get(name, 0) + number for name, number in counted.items()}
    return {**{key: dict(value) for key, value in counts.items()}, str(kind): summed}


def _next(kind: ObjectKind) -> ObjectKind | None:
    place = READ_IN_ORDER.index(kind) + 1
    return READ_IN_ORDER[place] if place < len(READ_IN_ORDER) else None
