"""Giving a failed payment to somebody."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.services.audit import audit_record
from billing.models import DunningCase
from billing.services.dunning.telling import TASK_TYPE, task_reason
from common.dates import first_zone, local_day
from customers.enums import TaskState
from customers.models import Task


@transaction.atomic
def case_hand_over(
    *, case: DunningCase, to: User, note: str, by: Actor, now: dt.datetime
) -> Task:
    """This will give somebody the task to see to a failed payment, due today.

    There is one open task per case: the one that the policy has given changes hands. It is
    dropped when the case ends. About six statements.
    """
    title = note or _("See to the failed payment of invoice %(number)s") % {
        "number": case.invoice.external_id
    }
    task, _made = Task.objects.update_or_create(
        customer=case.customer,
        type=TASK_TYPE,
        reason=task_reason(case),
        state=TaskState.OPEN,
        defaults={"assignee": to, "title": title[:200]},
        create_defaults={
            "assignee": to,
            "title": title[:200],
            "due_on": local_day(now, first_zone(to.time_zone)),
            "created_at": now,
        },
    )
    audit_record(
        by=by,
        action="billing.case_handed_over",
        now=now,
        subject=case,
        after={"to": to.pk},
    )
    return task
