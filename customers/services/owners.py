"""Giving customers to somebody else, and taking that back."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.models import User
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from customers.enums import TaskState
from customers.events import OWNER_CHANGED
from customers.models import Customer, OwnerChange, Task
from customers.models.customer import CustomerQuerySet
from customers.selectors.owners import owners_possible
from customers.services.events import events_record

# The log counts all of a change's customers and names the first; the change names all.
NAMED_IN_LOG = 100


class UnableToChangeOwner(KeepwellError):
    """The receiver has left or may change nothing; choose somebody else."""


class UnableToUndoOwnerChange(KeepwellError):
    """This was taken back before."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What went back: customers, tasks, and the people whose portfolios changed."""

    customer_ids: list[int]
    tasks: int
    owner_ids: set[int]


@transaction.atomic
def owner_change(
    *,
    customers: CustomerQuerySet,
    owner: User | None,
    by: Actor,
    now: dt.datetime,
    with_tasks: bool = True,
    note: str = "",
) -> OwnerChange | None:
    """This will give customers to a person, or to nobody; None when all are there already.

    Give customers that `by` may change. With `with_tasks` the open tasks that each
    former owner has at these customers go along. The timeline of each tells of it, the
    audit log once. Costs about fifteen statements, and one per 2,000 customers.

    The lists do not know of it yet: pages call `insights.services.handover`, which lets
    the board follow in the same transaction.
    """
    _check_receiver(owner)
    # Locked and read again in one order: those that changed hands meanwhile drop out.
    locked = customers.select_for_update(no_key=True).order_by("pk")
    found = dict(locked.values_list("pk", "owner_id"))
    receiver_id = owner.pk if owner else None
    former = {pk: old for pk, old in found.items() if old != receiver_id}
    if not former:
        return None
    change = OwnerChange.objects.create(
        receiver=owner,
        author=by.user,
        note=note,
        customer_ids=list(former),
        former_owner_ids=list(former.values()),
        task_ids=_tasks_taken(former) if with_tasks else [],
        created_at=now,
    )
    Task.objects.filter(pk__in=change.task_ids).update(assignee=owner)
    _give(former, owner_id=receiver_id, now=now)
    receivers = dict.fromkeys(former, receiver_id)
    _write_down(
        "customers.owner_changed",
        change,
        former,
        receivers,
        tasks=len(change.task_ids),
        by=by,
        now=now,
    )
    return change


@transaction.atomic
def owner_change_undo(*, change: OwnerChange, by: Actor, now: dt.datetime) -> Returned:
    """This will give customers back to their former owners, and the tasks that went along.

    Only those that are still with the receiver go back: what somebody has decided since
    stays. A former owner who was deleted gets nothing back.
    """
    change = OwnerChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at:
        msg = "This was taken back before."
        raise UnableToUndoOwnerChange(msg)
    former = dict(zip(change.customer_ids, change.former_owner_ids, strict=True))
    known = {None, *User.objects.values_list("pk", flat=True)}
    still = Customer.objects.filter(pk__in=former, owner=change.receiver_id)
    locked = still.select_for_update(no_key=True).order_by("pk")
    back = {
        pk: former[pk]
        for pk in locked.values_list("pk", flat=True)
        if former[pk] in known
    }
    tasks = 0
    for owner_id, customer_ids in _by_owner(back).items():
        tasks += Task.objects.filter(
            pk__in=change.task_ids,
            customer__in=customer_ids,
            assignee=change.receiver_id,
            state=TaskState.OPEN,
        ).update(assignee=owner_id)
        _give(customer_ids, owner_id=owner_id, now=now)
    OwnerChange.objects.filter(pk=change.pk).update(undone_at=now)
    receivers = dict.fromkeys(back, change.receiver_id)
    _write_down(
        "customers.owner_change_undone",
        change,
        receivers,
        back,
        tasks=tasks,
        by=by,
        now=now,
    )
    people = {pk for pk in (*back.values(), change.receiver_id) if pk is not None}
    return Returned(list(back), tasks, people)


def _check_receiver(owner: User | None) -> None:
    """This will hold the receiver still: nobody is switched off while being given work."""
    if owner is None:
        return
    fit = User.objects.select_for_update(no_key=True).filter(owners_possible())
    if not fit.filter(pk=owner.pk).exists():
        msg = "The receiver has left or may change nothing; choose somebody else."
        raise UnableToChangeOwner(msg)


def _tasks_taken(former: Mapping[int, int | None]) -> list[int]:
    tasks = Task.objects.filter(
        customer__in=former,
        state=TaskState.OPEN,
        assignee__isnull=False,
        assignee=F("customer__owner"),
    )
    return list(tasks.order_by("pk").values_list("pk", flat=True))


def _give(
    customer_ids: Iterable[int], *, owner_id: int | None, now: dt.datetime
) -> None:
    # `updated_at` tells a board that is being rebuilt to look at these again.
    rows = Customer.objects.filter(pk__in=list(customer_ids))
    rows.update(owner=owner_id, updated_at=now)


def _by_owner(owners: Mapping[int, int | None]) -> dict[int | None, list[int]]:
    groups: dict[int | None, list[int]] = defaultdict(list)
    for customer_id, owner_id in owners.items():
        groups[owner_id].append(customer_id)
    return groups


def _write_down(
    action: str,
    change: OwnerChange,
    before: Mapping[int, int | None],
    after: Mapping[int, int | None],
    *,
    tasks: int,
    by: Actor,
    now: dt.datetime,
) -> None:
    """This will tell each customer's timeline, and the audit log once."""
    lines: dict[int, dict[str, Any]] = {
        pk: {"from": before[pk], "to": owner_id} for pk, owner_id in after.items()
    }
    events_record(
        lines=lines,
        kind=OWNER_CHANGED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=change,
    )
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=change,
        before={"owners": _counted(before[pk] for pk in after)},
        after={
            "owners": _counted(after.values()),
            "customers": len(after),
            "customer_ids": sorted(after)[:NAMED_IN_LOG],
            "tasks": tasks,
        },
        personal={"note": change.note} if change.note else {},
    )


def _counted(owners: Iterable[int | None]) -> dict[str, int]:
    """This will count customers per owner, "0" being nobody: JSON has no other keys."""
    return {str(owner or 0): count for owner, count in Counter(owners).items()}
