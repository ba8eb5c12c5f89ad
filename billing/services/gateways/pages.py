"""The gateway's own pages for a customer: paying an invoice, changing how they pay.

Both ask the gateway, outside any transaction, one question at a time for each invoice or
method: who presses a button ten times waits once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from billing.enums import GatewayKind
from billing.gateways.choose import gateway_class
from billing.models import GatewayAccount, Invoice
from billing.selectors.pay_links import customer_there
from billing.services.gateways.access import gateway_of
from common.errors import KeepwellError
from common.locks import Lock, session_lock_on

LONGEST_URL = 500


class UnableToOpenPage(KeepwellError):
    """The gateway's page could not be opened now; the text says what to do."""


def may_ask(account: GatewayAccount | None) -> bool:
    """This will tell whether an account can be asked for its pages at all. No call."""
    if account is None or not account.is_on:
        return False
    return gateway_class(GatewayKind(account.kind)).asks


def invoice_page_find(*, invoice: Invoice) -> str:
    """This will return the page on which an invoice is paid; "" if there is none now.

    The stored address, else the gateway's, which is stored. At most one call. Stripe's
    addresses hold for thirty days after the due day, and are told anew with every change.
    """
    if invoice.hosted_url or not may_ask(invoice.gateway):
        return invoice.hosted_url
    assert invoice.gateway is not None  # noqa: S101 - whom we may ask is there
    try:
        with _one_at_a_time(invoice.pk):
            found = gateway_of(invoice.gateway).invoice_page(
                invoice=invoice.external_id
            )
    except KeepwellError:
        return ""
    if found and len(found) <= LONGEST_URL:
        Invoice.objects.filter(pk=invoice.pk, hosted_url="").update(hosted_url=found)
    return found


def methods_page_open(
    *, account: GatewayAccount, customer_id: int, back: str, key: str
) -> str:
    """This will open the gateway's page to change how a customer pays; its address.

    Raises UnableToOpenPage. One query and one call.
    """
    there = customer_there(account, customer_id)
    if not there or not may_ask(account):
        text = _(
            "The payment page is not available. Reply to our mail: a person helps."
        )
        raise UnableToOpenPage(text)
    try:
        with _one_at_a_time(-customer_id):
            return gateway_of(account).methods_page(customer=there, back=back, key=key)
    except KeepwellError as error:
        text = _("The payment page does not answer just now. Try again in a minute.")
        raise UnableToOpenPage(text) from error


@contextmanager
def _one_at_a_time(number: int) -> Iterator[None]:
    with session_lock_on(Lock.GATEWAY_PAGE, number) as free:
        if not free:
            raise UnableToOpenPage(
                _("Your last click is still under way. Wait for it.")
            )
        yield
