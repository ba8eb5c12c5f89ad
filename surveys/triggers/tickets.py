"""Support."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from customers.models import SupportTicket
from surveys.triggers.base import Cause, Trigger


class TicketResolved(Trigger):
    """A ticket was resolved; its contact is asked where there is one."""

    key = "ticket_resolved"
    label = _("a support ticket was resolved")

    def causes(self, *, since: dt.datetime, until: dt.datetime) -> list[Cause]:
        """This will return the tickets by when they were resolved."""
        rows = SupportTicket.objects.filter(
            resolved_at__gt=since, resolved_at__lte=until
        )
        found = rows.order_by("resolved_at", "id").values_list(
            "customer_id", "contact_id", "pk", "resolved_at"
        )
        return [
            Cause(customer, contact, f"ticket:{pk}", at)
            for customer, contact, pk, at in found
            if at is not None
        ]
