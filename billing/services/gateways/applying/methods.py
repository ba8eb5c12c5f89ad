"""What customers pay with, as far as a bill shows it."""

import re
from typing import Any

from billing.enums import ObjectKind
from billing.gateways.objects import RemoteMethod
from billing.models import PaymentMethod
from billing.services.gateways.applying.dunning import cases_touch
from billing.services.gateways.applying.ground import (
    Ground,
    customer_of,
    owner_note,
)
from customers.models import Customer

LAST4 = re.compile(r"[0-9A-Za-z]{4}")
DETAILS = ("kind", "brand", "last4", "expires_on")


def method_apply(ground: Ground, remote: RemoteMethod) -> bool:
    """This will write a payment method; a card renewed in place counts as changed.

    What is gone there is kept as removed. Where what we would charge has changed, the
    customer's open cases are looked at anew.
    """
    row = PaymentMethod.objects.filter(
        account=ground.account, external_id=remote.external_id
    ).first()
    if remote.gone_at is not None:
        return row is not None and _removed(ground, row, remote)
    if row is None and not remote.customer:
        return False
    customer = customer_of(ground, remote.customer) if remote.customer else None
    if row is None:
        assert customer is not None  # noqa: S101 - told above
        row = _added(ground, customer, remote)
        changed = True
    else:
        changed = _followed(ground, row, remote)
    owner_note(ground, ObjectKind.METHOD, remote.external_id, row.customer)
    made = remote.is_default and not row.is_default
    if made:
        _default_make(row)
    elif row.is_default and not remote.is_default:
        # Another one is the default now; that one's own reading says which.
        row.is_default, changed = False, True
        row.save(update_fields=["is_default"])
    if made or (changed and row.is_default):
        cases_touch(ground, row.customer)
    return changed or made


def default_method_set(ground: Ground, customer: Customer, external_id: str) -> bool:
    """This will note which method a customer is charged by; one not read yet says so itself."""
    row = PaymentMethod.objects.filter(
        account=ground.account,
        customer=customer,
        external_id=external_id,
        removed_at__isnull=True,
    ).first()
    if row is None or row.is_default:
        return False
    _default_make(row)
    cases_touch(ground, customer)
    return True


def _default_make(row: PaymentMethod) -> None:
    others = PaymentMethod.objects.filter(
        account_id=row.account_id, customer_id=row.customer_id, is_default=True
    )
    others.exclude(pk=row.pk).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])


def _details(remote: RemoteMethod) -> dict[str, Any]:
    return {
        "kind": str(remote.method),
        "brand": remote.brand[:30],
        "last4": remote.last4 if LAST4.fullmatch(remote.last4) else "",
        "expires_on": remote.expires_on,
    }


def _added(ground: Ground, customer: Customer, remote: RemoteMethod) -> PaymentMethod:
    added = ground.past(remote.added_at)
    return PaymentMethod.objects.create(
        account=ground.account,
        customer=customer,
        external_id=remote.external_id,
        added_at=added,
        recorded_at=ground.known_at(added),
        changed_at=added,
        **_details(remote),
    )


def _followed(ground: Ground, row: PaymentMethod, remote: RemoteMethod) -> bool:
    wanted = _details(remote)
    changed = [name for name in DETAILS if getattr(row, name) != wanted[name]]
    if row.removed_at is not None:
        row.removed_at = None
        changed.append("removed_at")
    if not changed:
        return False
    for name in DETAILS:
        setattr(row, name, wanted[name])
    row.changed_at = ground.now
    row.save(update_fields=[*DETAILS, "removed_at", "changed_at"])
    return True


def _removed(ground: Ground, row: PaymentMethod, remote: RemoteMethod) -> bool:
    if row.removed_at is not None:
        return False
    row.removed_at = ground.past(remote.gone_at or ground.now)
    was_default, row.is_default = row.is_default, False
    row.save(update_fields=["removed_at", "is_default"])
    if was_default:
        cases_touch(ground, row.customer)
    return True
