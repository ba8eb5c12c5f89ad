"""The panels of the customer's page, as settings name them."""

import datetime as dt
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Company, User
from customers.extension import CustomerPanel
from customers.models import Customer


@cache
def _panel_class(path: str) -> type[CustomerPanel]:
    panel: type[CustomerPanel] = import_string(path)
    return panel


def customer_panels(
    *, customer: Customer, user: User, company: Company, now: dt.datetime
) -> list[CustomerPanel]:
    """This will make the page's panels in the order of the settings."""
    return [
        _panel_class(path)(customer=customer, user=user, company=company, now=now)
        for path in settings.CUSTOMER_PANELS
    ]
