"""What a gateway does not have any more. Nothing here is ever deleted for it."""

import datetime as dt

from django.db import transaction

from billing.enums import ObjectKind
from billing.models import GatewayAccount, PaymentMethod, Plan
from billing.services.gateways.applying.catalogue import key_of
from billing.services.gateways.applying.dunning import cases_touch
from billing.services.gateways.applying.ground import ground_of


@transaction.atomic
def remote_gone(
    *, account: GatewayAccount, kind: ObjectKind, external_id: str, now: dt.datetime
) -> bool:
    """This will write that something is not there any more; True where that changes us.

    A payment method is charged no more, a product or price sold no more. Customers,
    subscriptions and documents stay as they are: what they did has happened.
    """
    if kind == ObjectKind.METHOD:
        return _method_gone(account, external_id, now)
    today = ground_of(account, now=now).today
    sold = Plan.objects.filter(retired_on__isnull=True)
    if kind == ObjectKind.PRICE:
        rows = sold.filter(key=key_of(external_id))
        return bool(rows.update(retired_on=today))
    if kind == ObjectKind.PRODUCT:
        rows = sold.filter(product__key=key_of(external_id))
        return bool(rows.update(retired_on=today))
    return False


def _method_gone(account: GatewayAccount, external_id: str, now: dt.datetime) -> bool:
    rows = PaymentMethod.objects.filter(
        account=account, external_id=external_id, removed_at__isnull=True
    )
    method = rows.select_related("customer").first()
    if method is None:
        return False
    was_default, method.is_default = method.is_default, False
    method.removed_at = now
    method.save(update_fields=["removed_at", "is_default"])
    if was_default:
        cases_touch(ground_of(account, now=now), method.customer)
    return True
