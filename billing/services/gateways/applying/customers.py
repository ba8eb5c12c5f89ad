"""Whose a customer of a gateway is. Nobody is ever found by a name or an email address."""

from accounts.actor import MACHINE
from accounts.services.audit import audit_record
from billing.enums import ObjectKind
from billing.gateways.objects import RemoteCustomer
from billing.models import GatewayObject
from billing.services.gateways.applying.ground import Ground
from billing.services.gateways.applying.methods import default_method_set
from customers.models import Contact, Customer
from customers.services.profiles import profile_note

ID_LENGTH = 100
NAME_LENGTH = 200
CONTACT_LENGTH = 150
CALLED_LENGTH = 200
COUNTRY_LENGTH = 80


def customer_apply(ground: Ground, remote: RemoteCustomer) -> bool:
    """This will tie a customer of the gateway to ours, or make one where that is wanted.

    It is ours by what was tied before, by our own number in the gateway's notes, or by
    the same external id. One that is gone there stays here: what it paid has happened.
    """
    row, _made = GatewayObject.objects.select_related("customer").get_or_create(
        account=ground.account,
        kind=ObjectKind.CUSTOMER,
        external_id=remote.external_id,
        # Whoever only writes has nothing to read.
        defaults={"wanted": 0},
    )
    changed = False
    if row.customer is None:
        row.customer = _ours(ground, remote)
        row.called = "" if row.customer else _called(remote)
        row.save(update_fields=["customer", "called"])
        changed = row.customer is not None
    elif not remote.gone_at:
        changed = _contact_follow(row.customer, remote)
    if row.customer is not None and remote.default_method:
        method = remote.default_method
        changed |= default_method_set(ground, row.customer, method)
    return changed


def _ours(ground: Ground, remote: RemoteCustomer) -> Customer | None:
    for number in (remote.our_id, remote.external_id):
        found = Customer.objects.filter(external_id=number) if number else None
        customer = found.first() if found is not None else None
        if customer is not None:
            return customer
    if remote.gone_at or not ground.account.makes_customers:
        return None
    return _made(ground, remote)


def _made(ground: Ground, remote: RemoteCustomer) -> Customer:
    since = ground.past(remote.created_at)
    customer = Customer.objects.create(
        external_id=remote.external_id[:ID_LENGTH],
        name=(remote.name or remote.email or remote.external_id)[:NAME_LENGTH],
        country=remote.country[:COUNTRY_LENGTH],
        customer_since=ground.day(since),
        recorded_at=ground.known_at(since),
        recorded_assumed=ground.history,
    )
    if remote.email or remote.name:
        Contact.objects.create(
            customer=customer,
            external_id=remote.external_id[:ID_LENGTH],
            name=(remote.name or remote.email)[:CONTACT_LENGTH],
            email=remote.email,
            is_primary=True,
            recorded_at=customer.recorded_at,
            recorded_assumed=ground.history,
        )
    profile_note(customer=customer, now=ground.now)
    if not ground.history:
        audit_record(
            by=MACHINE,
            action="billing.gateway_customer_added",
            now=ground.now,
            subject=customer,
            after={"gateway": ground.account.pk},
        )
    return customer


def _contact_follow(customer: Customer, remote: RemoteCustomer) -> bool:
    """This will keep the address of the contact that came from the gateway as it is there."""
    if not remote.email:
        return False
    rows = Contact.objects.filter(
        customer=customer, external_id=remote.external_id[:ID_LENGTH]
    )
    return bool(rows.exclude(email=remote.email).update(email=remote.email))


def _called(remote: RemoteCustomer) -> str:
    """This will say by what a person recognises a customer that is nobody's here."""
    parts = [part for part in (remote.name, remote.email) if part]
    return ", ".join(parts)[:CALLED_LENGTH]
