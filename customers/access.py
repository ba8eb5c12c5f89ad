"""Who may see and change a customer, and what belongs to one."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404

from accounts.models import User
from customers.models import Customer
from customers.models.scope import ScopedQuerySet

Row = TypeVar("Row", bound=models.Model)


def row_for(user: User, rows: ScopedQuerySet[Row], pk: int) -> Row:
    """This will return a row that the person may see; any other is 404."""
    return get_object_or_404(rows.visible_to(user), pk=pk)


def editable_row_for(user: User, rows: ScopedQuerySet[Row], pk: int) -> Row:
    """This will return a row that the person may change.

    One out of sight is 404, as if it did not exist; one that may be seen but not changed
    is 403. Costs one query, and another where the two reach differently far.
    """
    row = row_for(user, rows, pk)
    reach = user.reach
    if reach.changes == reach.sees or rows.editable_by(user).filter(pk=pk).exists():
        return row
    raise PermissionDenied


def customer_for(user: User, pk: int) -> Customer:
    """This will return a customer that the person may see; anybody else's is 404."""
    rows = Customer.objects.select_related("segment", "owner")
    return row_for(user, rows, pk)


def editable_customer_for(user: User, pk: int) -> Customer:
    """This will return a customer that the person may change: else 404, or 403."""
    rows = Customer.objects.select_related("segment", "owner")
    return editable_row_for(user, rows, pk)
