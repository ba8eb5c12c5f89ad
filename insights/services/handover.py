"""Handing a portfolio over: the customers, the lists and the sums in one transaction."""

import datetime as dt

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from common.errors import KeepwellError
from customers.models import OwnerChange
from customers.models.customer import CustomerQuerySet
from customers.services.owners import Returned, owner_change, owner_change_undo
from health.services.board import board_hold, board_owners_follow


class UnableToHandOver(KeepwellError):
    """None of these customers is with the giver any more; look at the list again."""


@transaction.atomic
def portfolio_hand_over(
    *,
    giver: User,
    receiver: User,
    customers: CustomerQuerySet,
    by: Actor,
    now: dt.datetime,
    with_tasks: bool = True,
    note: str = "",
) -> OwnerChange:
    """This will give a person's customers to somebody else, all or nothing.

    Of `customers` only those that are the giver's are moved. Lists and today's sums show
    it with the commit, also while a run is under way. 10,000 customers take seconds.
    """
    board_hold()
    change = owner_change(
        customers=customers.filter(owner=giver),
        owner=receiver,
        by=by,
        now=now,
        with_tasks=with_tasks,
        note=note,
    )
    if change is None:
        msg = "None of these customers is with the giver any more; look at the list again."
        raise UnableToHandOver(msg)
    board_owners_follow(
        customer_ids=change.customer_ids, owner_ids={giver.pk, receiver.pk}
    )
    return change


@transaction.atomic
def portfolio_hand_over_undo(
    *, change: OwnerChange, by: Actor, now: dt.datetime
) -> Returned:
    """This will take a hand-over back, as far as the customers are still where it put them."""
    board_hold()
    returned = owner_change_undo(change=change, by=by, now=now)
    board_owners_follow(
        customer_ids=returned.customer_ids, owner_ids=returned.owner_ids
    )
    return returned
