"""What the machine and the person say of a renewal before it comes."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from billing.enums import RenewalView
from billing.events import RENEWAL_VIEWED
from billing.models import RenewalCheckpoint
from common.dates import first_zone, local_day
from common.errors import KeepwellError
from common.formats import day_long
from customers.models import Task
from customers.services.events import event_record
from customers.services.tasks import task_drop
from insights.services.renewals_sql import checkpoints_insert

EARLY, LATE = 180, 90
TASK_TYPE = "renewal_view"
# So soon after a checkpoint its owner shall have said what he or she thinks.
TASK_DAYS = 14
BATCH = 1_000
LONGEST_NAME = 90
LONGEST_TEXT = 2_000


class UnableToSayView(KeepwellError):
    """What was said does not suffice, or it is too late to say anything."""


class UnableToSettle(KeepwellError):
    """There is nothing to settle, or not enough was said."""


@transaction.atomic
def checkpoints_note(*, today: dt.date, now: dt.datetime) -> int:
    """This will note the machine's view of renewals at 180 and 90 days, and ask for ours.

    A checkpoint is noted once, by its unique key. One that comes in time gives the
    customer's owner a task; one that is caught up on (after an import, say) gives none,
    so that nobody finds a thousand tasks. How many were noted.
    """
    new = [
        *checkpoints_insert(days=EARLY, after=LATE, today=today, now=now),
        *checkpoints_insert(days=LATE, after=0, today=today, now=now),
    ]
    for first in range(0, len(new), BATCH):
        _tasks_make(new[first : first + BATCH], today, now)
    return len(new)


def _tasks_make(ids: Sequence[int], today: dt.date, now: dt.datetime) -> None:
    rows = RenewalCheckpoint.objects.filter(
        pk__in=ids, in_time=True, customer__owner__isnull=False
    ).select_related("customer__owner")
    due_on = today + dt.timedelta(days=TASK_DAYS)
    Task.objects.bulk_create(
        [
            Task(
                customer=row.customer,
                assignee_id=row.customer.owner_id,
                title=_title(row),
                type=TASK_TYPE,
                reason=reason_of(row),
                due_on=due_on,
                created_at=now,
            )
            for row in rows.order_by("pk")
        ],
        ignore_conflicts=True,
    )


def reason_of(row: RenewalCheckpoint) -> str:
    """This will return what keeps two tasks of a checkpoint apart."""
    return f"{row.subscription_id}:{row.renews_on}:{row.days_before}"


def _title(row: RenewalCheckpoint) -> str:
    """This will ask in the language of the owner."""
    owner = row.customer.owner
    language = (owner.language if owner else "") or settings.LANGUAGE_CODE
    words = {
        "name": row.customer.name[:LONGEST_NAME],
        "day": day_long(row.renews_on, language),
    }
    with translation.override(language):
        return _("Say how you see the renewal of %(name)s on %(day)s") % words


@transaction.atomic
def checkpoint_view(
    *, checkpoint: RenewalCheckpoint, view: str, plan: str, by: Actor, now: dt.datetime
) -> RenewalCheckpoint:
    """This will put the person's view of a renewal on record, and close the task.

    May be said again until the renewal; what is settled already has to be settled anew
    when the view changes. Raises UnableToSayView.
    """
    row = RenewalCheckpoint.objects.select_for_update().get(pk=checkpoint.pk)
    plan = plan.strip()[:LONGEST_TEXT]
    if view not in RenewalView.values:
        raise UnableToSayView(_("Choose how you see it."))
    if view == RenewalView.AT_RISK and not plan:
        raise UnableToSayView(_("Write what you will do about it."))
    if row.renews_on < _today(now):
        raise UnableToSayView(_("The renewal is over; nothing can be said any more."))
    if (row.view, row.plan) == (view, plan):
        return row
    if row.view != view:
        row.settled_by, row.settled_at = None, None
        row.settled_view, row.settled_note = "", ""
    row.view, row.plan, row.viewed_by, row.viewed_at = view, plan, by.user, now
    row.save()
    task_drop(customer=row.customer, type=TASK_TYPE, reason=reason_of(row), now=now)
    event_record(
        customer=row.customer,
        kind=RENEWAL_VIEWED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=row,
        data={"view": view, "plan": plan, "renews_on": row.renews_on.isoformat()},
    )
    return row


@transaction.atomic
def checkpoint_settle(
    *, checkpoint: RenewalCheckpoint, view: str, note: str, by: Actor, now: dt.datetime
) -> RenewalCheckpoint:
    """This will note what a manager makes of a disagreement. Raises UnableToSettle.

    Neither the machine's view nor the person's is changed by it: both stay on record.
    """
    rows = RenewalCheckpoint.objects.select_for_update()
    row, note = rows.get(pk=checkpoint.pk), note.strip()[:LONGEST_TEXT]
    if view not in RenewalView.values:
        raise UnableToSettle(_("Choose how you see it."))
    if not note:
        raise UnableToSettle(_("Write a sentence: why."))
    if not RenewalCheckpoint.objects.disagreeing().filter(pk=row.pk).exists():
        raise UnableToSettle(_("There is no disagreement here any more."))
    row.settled_by, row.settled_at = by.user, now
    row.settled_view, row.settled_note = view, note
    row.save()
    audit_record(
        by=by,
        action="billing.renewal_settled",
        now=now,
        subject=row,
        after={"view": view, "renews_on": row.renews_on},
    )
    return row


def _today(now: dt.datetime) -> dt.date:
    return local_day(now, first_zone(the_company().time_zone))
