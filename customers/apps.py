"""Customers: the companies we look after, and all that happened with them."""

from django.apps import AppConfig
from django.core.checks import register


class CustomersConfig(AppConfig):
    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """This will have the panels proved by `manage.py check` and at every start."""
        from customers.checks import check_customer_panels  # noqa: PLC0415 - needs models

        register(check_customer_panels)
