"""Writing any object of a gateway."""

import datetime as dt

from django.db import transaction

from billing.enums import ObjectKind
from billing.gateways.objects import (
    Remote,
    RemoteCustomer,
    RemoteInvoice,
    RemoteMethod,
    RemotePayment,
    RemotePrice,
    RemoteProduct,
    RemoteRefund,
    RemoteSubscription,
)
from billing.models import GatewayAccount
from billing.services.gateways.applying.catalogue import price_apply, product_apply
from billing.services.gateways.applying.customers import customer_apply
from billing.services.gateways.applying.errors import UnableToApply
from billing.services.gateways.applying.ground import Ground, ground_of
from billing.services.gateways.applying.invoices import invoice_apply
from billing.services.gateways.applying.methods import method_apply
from billing.services.gateways.applying.payments import payment_apply
from billing.services.gateways.applying.refunds import refund_apply
from billing.services.gateways.applying.subscriptions import subscription_apply
from billing.services.ledger import ledger_held
from billing.services.recorded import UnableToRecord


@transaction.atomic
def remote_apply(
    *,
    account: GatewayAccount,
    remote: Remote,
    now: dt.datetime,
    history: bool = False,
) -> bool:
    """This will make our rows say what an object of a gateway says; True where they change.

    To be called in the transaction that notes the object as read. The same object again
    changes nothing. `history` is for imports: nobody is told and the ledger is left to
    the caller (`ledger_outdate`). Raises UnableToApply for what makes no sense here, and
    MissingObject where something has to be read first.
    """
    ground = ground_of(account, now=now, history=history)
    try:
        with ledger_held(now=now, left=history):
            return _applied(ground, remote)
    except UnableToRecord as error:
        raise UnableToApply(str(error)) from error


def _applied(ground: Ground, remote: Remote) -> bool:
    match remote:
        case RemoteCustomer():
            return customer_apply(ground, remote)
        case RemoteProduct():
            return product_apply(ground, remote)
        case RemotePrice():
            return price_apply(ground, remote)
        case RemoteMethod():
            return method_apply(ground, remote)
        case RemoteSubscription():
            return subscription_apply(ground, remote)
        case RemoteInvoice():
            return invoice_apply(ground, remote)
        case RemotePayment():
            return payment_apply(ground, remote)
        case RemoteRefund():
            return refund_apply(ground, remote)


# In which order an import reads what stands at a gateway: what others refer to first.
READ_IN_ORDER = (
    ObjectKind.CUSTOMER,
    ObjectKind.PRODUCT,
    ObjectKind.PRICE,
    ObjectKind.METHOD,
    ObjectKind.SUBSCRIPTION,
    ObjectKind.INVOICE,
    ObjectKind.PAYMENT,
    ObjectKind.REFUND,
)
