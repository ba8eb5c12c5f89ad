"""Who may see and change a customer."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from customers.models import Customer


def customer_for(user: User, pk: int) -> Customer:
    """This will return a customer that the person may see; anybody else's is 404."""
    visible = Customer.objects.visible_to(user).select_related("segment", "owner")
    return get_object_or_404(visible, pk=pk)


def editable_customer_for(user: User, pk: int) -> Customer:
    """This will return a customer that the person may change.

    Somebody else's is 404, as if it did not exist; one that may be seen but not changed
    is 403.
    """
    customer = customer_for(user, pk)
    if not user.may_edit:
        raise PermissionDenied
    return customer
