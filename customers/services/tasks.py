"""Making tasks, closing them, and opening them again."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import KeepwellError
from customers.enums import TaskState
from customers.events import TASK_DONE
from customers.models import Customer, Event, Task
from customers.services.events import event_record


class UnableToReopenTask(KeepwellError):
    """The same task is open already."""


def task_ensure(
    *,
    customer: Customer,
    type: str,  # noqa: A002 - the field's name
    reason: str,
    title: str,
    due_on: dt.date | None,
    now: dt.datetime,
) -> Task | None:
    """This will make a task for the customer's owner; None when the same one is open.

    The same is: of this customer, this type and this reason. One query.
    """
    task = Task(
        customer=customer,
        assignee_id=customer.owner_id,
        title=title,
        type=type,
        reason=reason,
        due_on=due_on,
        created_at=now,
    )
    # Somebody else's row wins, also one that is committed meanwhile.
    Task.objects.bulk_create([task], ignore_conflicts=True)
    return Task.objects.filter(
        customer=customer,
        type=type,
        reason=reason,
        state=TaskState.OPEN,
        created_at=now,
    ).first()


def task_drop(
    *,
    customer: Customer,
    type: str,  # noqa: A002 - the field's name
    reason: str,
    now: dt.datetime,
) -> bool:
    """This will close an open task that has lost its point; False when none is open."""
    open_ones = Task.objects.filter(
        customer=customer, type=type, reason=reason, state=TaskState.OPEN
    )
    return bool(open_ones.update(state=TaskState.DROPPED, closed_at=now))


def task_retitle(
    *,
    customer: Customer,
    type: str,  # noqa: A002 - the field's name
    reason: str,
    title: str,
) -> bool:
    """This will say an open task in other words; False when none is open."""
    open_ones = Task.objects.filter(
        customer=customer, type=type, reason=reason, state=TaskState.OPEN
    )
    return bool(open_ones.update(title=title))


@transaction.atomic
def task_done(*, task: Task, actor: User, now: dt.datetime) -> bool:
    """This will close a task and tell the timeline; False when it was closed before."""
    open_ones = Task.objects.filter(pk=task.pk, state=TaskState.OPEN)
    if not open_ones.update(state=TaskState.DONE, closed_at=now):
        return False
    event_record(
        customer=task.customer,
        kind=TASK_DONE,
        happened_at=now,
        now=now,
        actor=actor,
        subject=task,
        data={"title": task.title},
    )
    return True


def task_reopen(*, task: Task) -> bool:
    """This will take the closing back, and its line with it; False when it is open."""
    try:
        with transaction.atomic():
            done = Task.objects.filter(pk=task.pk, state=TaskState.DONE)
            if not done.update(state=TaskState.OPEN, closed_at=None):
                return False
            lines = Event.objects.filter(customer=task.customer_id, kind=TASK_DONE)
            lines.filter(subject_id=str(task.pk)).delete()
    except IntegrityError as error:
        msg = "The same task is open already."
        raise UnableToReopenTask(msg) from error
    return True
