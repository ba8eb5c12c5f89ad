"""Every night: what does the gateway know that we were never told?

Its own list of the events of the last three days is compared with those that came. What
never came is stored as missed, and what it was about is read, if that has changed.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from accounts.selectors import company
from billing.enums import GatewayKind, ObjectKind
from billing.gateways.base import (
    Gateway,
    UnableToDoThere,
    UnableToReachGateway,
    UnableToRead,
)
from billing.gateways.choose import gateway_class
from billing.gateways.objects import Hint
from billing.gateways.packing import digest_of
from billing.models import (
    GatewayAccount,
    GatewayEvent,
    GatewayObject,
    Reconciliation,
)
from billing.services.gateways.access import gateway_of
from billing.services.gateways.wanting import objects_want
from common.dates import local_day
from common.errors import KeepwellError
from common.jobs import enqueue

SLICE_SECONDS = 20.0
BACK = dt.timedelta(days=3)
# Younger ones may be on their way.
YOUNG = dt.timedelta(minutes=15)
# The local hour from which on the night's comparison is made.
FROM_HOUR = 3
PAUSE = dt.timedelta(minutes=5)
TASK = "billing.gateway_reconcile_work"
About = tuple[ObjectKind, str]
logger = logging.getLogger(__name__)


def reconciliations_tick(*, now: dt.datetime) -> int:
    """This will begin tonight's comparisons, and wake workers for those that wait.

    One row per account and local day, whoever ticks. Two queries when nothing is due.
    """
    zone = ZoneInfo(company().time_zone)
    today = local_day(now, zone)
    accounts = GatewayAccount.objects.filter(is_on=True).filter(
        Q(reconciled_on=None) | Q(reconciled_on__lt=today)
    )
    if now.astimezone(zone).hour >= FROM_HOUR:
        for account in accounts.order_by("id"):
            if gateway_class(GatewayKind(account.kind)).asks:
                Reconciliation.objects.get_or_create(
                    account=account, day=today, defaults={"started_at": now}
                )
    ids = list(_waiting().order_by("id").values_list("pk", flat=True))
    for pk in ids:
        enqueue(TASK, reconciliation_id=pk)
    return len(ids)


def _waiting() -> QuerySet[Reconciliation]:
    return Reconciliation.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        Q(account__resumes_at=None) | Q(account__resumes_at__lte=Now()),
        finished_at__isnull=True,
        account__is_on=True,
    )


def reconciliation_work(
    *, reconciliation_id: int, now: dt.datetime, seconds: float = SLICE_SECONDS
) -> int:
    """This will compare for a short while, and wake another worker when more is left.

    Returns how many pages of the gateway's list were compared. Who is killed goes on
    behind the last page; a page is counted in the transaction that notes it.
    """
    until = time.monotonic() + seconds
    claim = _claimed(reconciliation_id)
    if claim is None:
        return 0
    own = Reconciliation.objects.filter(pk=reconciliation_id, claim=claim)
    pages, goes_on = 0, True
    try:
        row = own.select_related("account").get()
        gateway = gateway_of(row.account)
        while goes_on and (not pages or time.monotonic() < until):
            goes_on = _page(row, own, gateway, now)
            pages += 1
    except (KeepwellError, Reconciliation.DoesNotExist) as error:
        after = error.after if isinstance(error, UnableToReachGateway) else None
        wait = dt.timedelta(seconds=after) if after else PAUSE
        own.update(trouble=str(error), claim=None, lease_until=Now() + wait)
        return pages
    own.update(claim=None, lease_until=None)
    if goes_on:
        enqueue(TASK, reconciliation_id=reconciliation_id)
    return pages


def _claimed(pk: int) -> uuid.UUID | None:
    claim = uuid.uuid4()
    with transaction.atomic():
        rows = _waiting().select_for_update(skip_locked=True, of=("self",))
        if not rows.filter(pk=pk).exists():
            return None
        rows = Reconciliation.objects.filter(pk=pk)
        rows.update(claim=claim, lease_until=_lease())
    return claim


def _lease() -> Any:
    return Now() + dt.timedelta(seconds=settings.GATEWAY_LEASE_SECONDS)


def _page(
    row: Reconciliation,
    own: QuerySet[Reconciliation],
    gateway: Gateway,
    now: dt.datetime,
) -> bool:
    """This will compare a page; False when it was the last, or the row is another's."""
    page = gateway.events(since=row.started_at - BACK, after=row.cursor)
    # What came since is none of tonight's business.
    old = [hint for hint in page.rows if _old(hint, row.started_at)]
    missed = _missed(row.account, old)
    differing = _differing(row.account, missed, own, gateway)
    with transaction.atomic():
        held = own.select_for_update().first()
        if held is None:
            return False
        stored = GatewayEvent.objects.bulk_create(
            [_event(row.account, hint, now) for hint in missed],
            ignore_conflicts=True,
        )
        if differing and objects_want(account=row.account, about=differing, now=now):
            enqueue("billing.gateway_read")
        own.update(
            events=F("events") + len(old),
            missed=F("missed") + len(stored),
            objects_differed=F("objects_differed") + len(differing),
            cursor=page.cursor,
            finished_at=None if page.cursor else now,
            trouble="",
            lease_until=_lease(),
        )
        if not page.cursor:
            GatewayAccount.objects.filter(pk=row.account_id).update(
                reconciled_on=row.day
            )
    row.cursor = page.cursor
    return bool(page.cursor)


def _old(hint: Hint, started_at: dt.datetime) -> bool:
    return hint.happened_at is None or hint.happened_at <= started_at - YOUNG


def _missed(account: GatewayAccount, hints: Sequence[Hint]) -> list[Hint]:
    """This will find the events that never came. One query."""
    ids = [hint.event_id for hint in hints]
    rows = GatewayEvent.objects.filter(account=account, external_id__in=ids)
    there = set(rows.values_list("external_id", flat=True))
    # A list that moves while it is read may tell one twice.
    return list({h.event_id: h for h in hints if h.event_id not in there}.values())


def _event(account: GatewayAccount, hint: Hint, now: dt.datetime) -> GatewayEvent:
    return GatewayEvent(
        account=account,
        external_id=hint.event_id,
        type=hint.type[:100],
        about=[[str(kind), number] for kind, number in hint.about],
        happened_at=hint.happened_at,
        received_at=now,
        missed=True,
    )


def _differing(
    account: GatewayAccount,
    missed: Sequence[Hint],
    own: QuerySet[Reconciliation],
    gateway: Gateway,
) -> list[About]:
    """This will ask for what the missed events were about, and return what we have not.

    What waits to be read anyway is left out: it differs already.
    """
    about = sorted({one for hint in missed for one in hint.about})
    rows = GatewayObject.objects.filter(
        account=account, external_id__in=[number for _kind, number in about]
    )
    known = {(row.kind, row.external_id): row for row in rows}
    differing: list[About] = []
    for kind, number in about:
        row = known.get((kind, number))
        if row is not None and row.wanted > row.read:
            continue
        # Each question may take its time: nobody else is to begin meanwhile.
        if not own.update(lease_until=_lease()):
            return []
        if row is None or _present(gateway, kind, number) != row.digest:
            differing.append((kind, number))
    return differing


def _present(gateway: Gateway, kind: ObjectKind, number: str) -> str:
    """This will return the digest of an object's state; "" for one that cannot be told."""
    try:
        return digest_of(gateway.fetch(kind, number))
    except (UnableToRead, UnableToDoThere):
        # Its own reading says what is wrong with it.
        return ""
