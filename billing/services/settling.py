"""When nothing is left owing on an invoice."""

import datetime as dt
from dataclasses import replace

from billing.models import Invoice
from billing.selectors.invoices import invoice_sums_of


def invoice_locked(invoice: Invoice) -> Invoice:
    """This will read an invoice again and hold it until the commit.

    Whatever changes what is owed on an invoice takes its turn here, so that sums that
    were checked still hold when they are written.
    """
    return Invoice.objects.select_for_update().get(pk=invoice.pk)


def invoice_settle(*, invoice: Invoice, on: dt.date, now: dt.datetime) -> bool:
    """This will note the day on which nothing was left owing; True where it is that day.

    It was paid, or credited in full, or both in parts: measures of lateness ask only
    whether somebody still waits for money. The day never lies before the issue, and is
    never taken back by a chargeback: on that day it was settled. An invoice that was
    called paid before by its source stays as it is. Call it with the invoice locked.
    """
    sums = invoice_sums_of(invoice)
    if invoice.lines.exists() and sums.total and sums.credited >= sums.total:
        invoice.lines.update(withdrawn=True)
    if invoice.paid_on is not None or sums.owing > 0:
        return False
    invoice.paid_on = max(on, invoice.issued_on)
    invoice.paid_recorded_at = now
    invoice.save(update_fields=["paid_on", "paid_recorded_at"])
    return True


def invoice_reopen(*, invoice: Invoice, settled_at: dt.datetime) -> None:
    """This will take a settlement back that was noted at that very moment."""
    sums = invoice_sums_of(invoice)
    if sums.credited < sums.total:
        invoice.lines.update(withdrawn=False)
    open_again = replace(sums, settled=False).owing > 0
    if invoice.paid_recorded_at == settled_at and open_again:
        invoice.paid_on = invoice.paid_recorded_at = None
        invoice.save(update_fields=["paid_on", "paid_recorded_at"])
