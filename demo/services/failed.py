"""Invoices by card that were not paid at once."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from billing.enums import Collection, PaymentState
from billing.models import Invoice, Payment


@dataclass(frozen=True)
class Failed:
    """An invoice that was not paid at once: the tries that failed, and the one that did."""

    invoice: Invoice
    failures: list[Payment]
    paid: Payment | None

    @property
    def began_at(self) -> dt.datetime:
        """This will return the first failure."""
        return self.failures[0].happened_at

    @property
    def reason(self) -> str:
        """This will return why it failed first, in the words of the file."""
        return self.failures[0].reason


def failed_rows() -> list[Failed]:
    """This will read every invoice by card that failed at least once. Two queries."""
    tries: dict[int, list[Payment]] = defaultdict(list)
    for row in (
        Payment.objects.filter(
            invoice__collection=Collection.CHARGE,
            invoice__payments__state=PaymentState.FAILED,
        )
        .distinct()
        .order_by("happened_at", "id")
    ):
        tries[row.invoice_id].append(row)
    invoices = Invoice.objects.filter(pk__in=tries).select_related("customer")
    made = []
    for invoice in invoices.order_by("issued_on", "id"):
        failures = [r for r in tries[invoice.pk] if r.state == PaymentState.FAILED]
        paid = [r for r in tries[invoice.pk] if r.state == PaymentState.SUCCEEDED]
        made.append(Failed(invoice, failures, paid[0] if paid else None))
    return made
