"""Telling the cases of failed payments that something about them has changed."""

from accounts.actor import MACHINE
from billing.enums import CaseState
from billing.models import DunningCase, Invoice
from billing.services.dunning.cases import case_touch
from billing.services.dunning.people import case_stop
from billing.services.gateways.applying.ground import Ground
from customers.models import Customer

WRITTEN_OFF = "written_off"


def cases_touch(ground: Ground, customer: Customer) -> None:
    """This will have a customer's open cases looked at: what they are paid by has changed."""
    rows = DunningCase.objects.filter(customer=customer, state=CaseState.OPEN)
    ids = list(rows.order_by("id").values_list("invoice_id", flat=True))
    if ids:
        case_touch(invoice_ids=ids, now=ground.now)


def invoice_case_touch(ground: Ground, invoice: Invoice) -> None:
    """This will have an invoice's case looked at, also one that is over."""
    case_touch(invoice_ids=[invoice.pk], now=ground.now)


def invoice_case_stop(ground: Ground, invoice: Invoice) -> bool:
    """This will stop collecting an invoice that was written off at the gateway."""
    case = DunningCase.objects.filter(invoice=invoice, state=CaseState.OPEN).first()
    if case is None:
        return False
    case_stop(case=case, reason=WRITTEN_OFF, by=MACHINE, now=ground.now)
    return True
