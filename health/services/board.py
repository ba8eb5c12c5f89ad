"""Edits that the lists show at once, between two runs."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from common.locks import Lock, transaction_lock
from customers.models import Customer
from health.models import Board
from health.selectors.standing import latest_run
from health.services.sums import portfolio_rewrite


def board_hold() -> None:
    """This will keep the sums of portfolios from being written until the commit.

    Call it first in a transaction that changes owners: so it waits for the end of a run
    before it holds anything that others wait for.
    """
    transaction_lock(Lock.PORTFOLIO_SUMS)


@transaction.atomic
def board_owners_follow(
    *, customer_ids: Collection[int], owner_ids: Collection[int]
) -> None:
    """This will let the lists and the sums follow customers that changed hands.

    Call it in the transaction of the change, with the people who lost or got customers.
    A board that is being rebuilt takes the owners from the customers, by `updated_at`,
    and adds their sums up again. Sums of past days stay.
    """
    owner = Customer.objects.filter(pk=OuterRef("pk"))
    name = Subquery(owner.values("owner__name")[:1])
    Board.objects.filter(pk__in=customer_ids).update(
        owner_id=Subquery(owner.values("owner_id")[:1]),
        owner_name=Coalesce(name, Value("")),
    )
    shown = latest_run()
    if shown:
        portfolio_rewrite(run=shown, owner_ids=owner_ids)
