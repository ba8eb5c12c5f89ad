"""What the links in mails about payments open: an invoice, or what a customer pays with."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from billing.calculations.owing import Sums
from billing.enums import AttemptState
from billing.models import (
    GatewayAccount,
    GatewayObject,
    Invoice,
    PaymentAttempt,
    PaymentMethod,
)
from billing.selectors.invoices import invoice_sums_of
from common.links import link_read, link_token

# What the links are for; one of another purpose opens nothing.
PAY = "billing.pay"
CARD = "billing.card"
# So long after it was settled an invoice's link still says so.
KEPT = dt.timedelta(days=90)
UNDER_WAY = (AttemptState.ASKED, AttemptState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an invoice stands: "open", "paid" or "void", and what is owed with tax.

    `under_way`: a charge of ours whose outcome is not known yet.
    """

    state: str
    sums: Sums
    under_way: bool


def pay_token(invoice_id: int) -> str:
    """This will return the token of an invoice's link."""
    return link_token(PAY, invoice_id)


def card_token(method_id: int) -> str:
    """This will return the token of the link to change a payment method."""
    return link_token(CARD, method_id)


def invoice_opened(token: str, *, now: dt.datetime) -> Invoice | None:
    """This will return the invoice of a genuine link. One query.

    None for one that was settled long ago: an old mail is nobody's business any more.
    """
    found = link_read(PAY, token)
    if found is None or found[1] != 1:
        return None
    rows = Invoice.objects.select_related("customer__owner", "gateway")
    invoice = rows.filter(pk=found[0]).first()
    if invoice is None:
        return None
    settled = invoice.paid_recorded_at
    return None if settled is not None and now - settled > KEPT else invoice


def method_opened(token: str) -> PaymentMethod | None:
    """This will return the payment method of a genuine link, also a removed one."""
    found = link_read(CARD, token)
    if found is None or found[1] != 1:
        return None
    rows = PaymentMethod.objects.select_related("customer__owner", "account")
    return rows.filter(pk=found[0]).first()


def invoice_standing(invoice: Invoice) -> Standing:
    """This will say how an invoice stands. Four queries."""
    sums = invoice_sums_of(invoice)
    if sums.owing > 0:
        state = "open"
    else:
        state = "void" if sums.credited >= sums.total > 0 >= sums.paid else "paid"
    tries = PaymentAttempt.objects.filter(invoice=invoice, state__in=UNDER_WAY)
    return Standing(state, sums, tries.exists())


def customer_there(account: GatewayAccount, customer_id: int) -> str:
    """This will return a customer's number at a gateway; "" if it has none. One query.

    Of several the one whose method is charged comes first.
    """
    charged = PaymentMethod.objects.filter(
        account=account, customer=OuterRef("customer_id"), is_default=True
    )
    rows = GatewayObject.objects.filter(
        account=account, kind="customer", customer=customer_id
    )
    row = rows.annotate(charged=Exists(charged)).order_by("-charged", "pk").first()
    return row.external_id if row else ""
