"""What the minute does about failed payments: find what is due, and wake workers."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.selectors import company as the_company
from billing.enums import CaseState, Collection
from billing.models import DunningCase, DunningPolicy, Invoice
from billing.selectors.dunning.policies import policies_in_order
from billing.selectors.dunning.snapshots import began_at
from billing.selectors.people import payers
from billing.services.dunning.cases import case_open
from billing.services.dunning.expiry import card_notices_queue
from billing.services.dunning.finals import finals_waiting
from billing.services.dunning.policies import policies_for
from common.dates import first_zone, local_day
from common.jobs import enqueue

logger = logging.getLogger(__name__)
BATCH = 100
# As many as one minute's workers do; the others are due in the next one.
MOST_BATCHES = 20
# Transfers that fell due longer before reminders were switched on are left alone.
DAYS_BACK = 30
OPENED_AT_ONCE = 200
CHUNK = 500


def dunning_tick(*, now: dt.datetime) -> int:
    """This will have everything looked at that is due, and return how many cases are.

    What is due is what the database says, however long nobody ticked. A handful of queries
    where nothing is.
    """
    paid_touch(now=now)
    due = cases_wake(now=now)
    if finals_waiting(now).exists():
        enqueue("billing.dunning_finals")
    # What has always to be done stands above what finds new work.
    today = local_day(now, first_zone(the_company().time_zone))
    transfers_open(today=today, now=now)
    card_notices_queue(today=today, now=now)
    return due


@transaction.atomic
def cases_wake(*, now: dt.datetime) -> int:
    """This will wake a worker for every hundred cases that are due. One query."""
    rows = DunningCase.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    ids = list(rows.values_list("pk", flat=True)[: BATCH * MOST_BATCHES])
    for first in range(0, len(ids), BATCH):
        enqueue("billing.dunning_work", case_ids=ids[first : first + BATCH])
    return len(ids)


@transaction.atomic
def paid_touch(*, now: dt.datetime) -> int:
    """This will have open cases looked at whose invoice was settled by whatever way.

    An import, a person, a credit note: nobody has to tell us. One statement.
    """
    rows = DunningCase.objects.select_for_update(skip_locked=True, of=("self",))
    settled = rows.filter(state=CaseState.OPEN, invoice__paid_on__isnull=False)
    later = settled.filter(Q(next_at__isnull=True) | Q(next_at__gt=now))
    # What has failed is put back on purpose.
    ids = list(later.filter(tries=0).order_by("pk").values_list("pk", flat=True))
    return DunningCase.objects.filter(pk__in=ids).update(next_at=now) if ids else 0


def transfers_open(*, today: dt.date, now: dt.datetime) -> int:
    """This will begin to collect transfers that are overdue, as far as policies are on.

    Due within thirty days before they were switched on, or later. At most 200 at once,
    each in its own transaction. One query where no policy for transfers is on.
    """
    policies = [one for one in policies_in_order(Collection.TRANSFER) if one.is_on]
    if not policies:
        return 0
    opened = 0
    rows = _overdue(policies, today)
    behind: tuple[dt.date, int] | None = None
    while opened < OPENED_AT_ONCE:
        chunk = list(_after(rows, behind)[:CHUNK])
        if not chunk:
            break
        behind = (chunk[-1].due_on, chunk[-1].pk)
        opened += _open_of(chunk, now)
    return opened


def _overdue(policies: Sequence[DunningPolicy], today: dt.date) -> "QuerySet[Invoice]":
    zone = first_zone(the_company().time_zone)
    wanted = Q(pk__in=())
    for policy in policies:
        # The database knows of segments; amounts are looked at one by one.
        whose = Q(customer__segment=policy.segment_id) if policy.segment_id else Q()
        wanted |= whose & Q(due_on__gte=_since(policy, zone))
    return Invoice.objects.filter(
        wanted,
        paid_on__isnull=True,
        collection=Collection.TRANSFER,
        due_on__lt=today,
        total__gt=0,
        dunning__isnull=True,
    ).select_related("customer")


def _since(policy: DunningPolicy, zone: dt.tzinfo) -> dt.date:
    if policy.on_since is None:
        return dt.date.max
    on = policy.on_since.astimezone(zone).date()
    return on - dt.timedelta(days=DAYS_BACK)


def _after(
    rows: "QuerySet[Invoice]", behind: tuple[dt.date, int] | None
) -> "QuerySet[Invoice]":
    if behind is not None:
        day, pk = behind
        rows = rows.filter(due_on__gte=day).filter(Q(due_on__gt=day) | Q(pk__gt=pk))
    return rows.order_by("due_on", "pk")


def _open_of(chunk: Sequence[Invoice], now: dt.datetime) -> int:
    zone = first_zone(the_company().time_zone)
    versions = policies_for(chunk, now=now)
    people = payers({invoice.customer_id for invoice in chunk})
    opened = 0
    for invoice in chunk:
        version = versions.get(invoice.pk)
        if version is None or not version.policy.is_on:
            continue
        if invoice.due_on < _since(version.policy, zone):
            continue
        payer = people.get(invoice.customer_id)
        theirs = first_zone(payer.time_zone if payer else "", zone.key)
        opened += _opened(invoice, began_at(invoice, None, theirs), now)
    return opened


def _opened(invoice: Invoice, failed_at: dt.datetime, now: dt.datetime) -> bool:
    """One that cannot be begun with keeps nobody else's back."""
    try:
        return _open(invoice, failed_at, now)
    except Exception:
        logger.exception("Invoice %s could not be taken up.", invoice.pk)
        return False


@transaction.atomic
def _open(invoice: Invoice, failed_at: dt.datetime, now: dt.datetime) -> bool:
    """Whoever is at the invoice right now is not waited for: the next minute comes."""
    held = Invoice.objects.select_for_update(skip_locked=True, of=("self",))
    row = held.filter(pk=invoice.pk, paid_on__isnull=True).first()
    if row is None:
        return False
    made = case_open(invoice=row, failed_at=failed_at, method=None, now=now)
    return made is not None
