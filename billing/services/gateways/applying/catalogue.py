"""Products and prices of a gateway in the catalogue.

A price there is a plan here, with the gateway's number as its key and one version of its
price: so a subscription's plan is found by what the gateway calls it, however many prices
a product has. They hang together by their product.
"""

import hashlib

from django.db.models import Max

from billing.enums import ObjectKind, PlanKind
from billing.gateways.objects import RemotePrice, RemoteProduct
from billing.models import Plan, PriceVersion, Product
from billing.services.gateways.applying.errors import MissingObject
from billing.services.gateways.applying.ground import Ground
from billing.services.recorded import CENT

KEY_LENGTH = 50
NAME_LENGTH = 120
# What a price's interval may be here; shorter ones count as a month.
SHORTEST = 1


def key_of(external_id: str) -> str:
    """This will return the key of what a gateway calls so; long ones are cut, not confused."""
    if len(external_id) <= KEY_LENGTH:
        return external_id
    digest = hashlib.sha256(external_id.encode()).hexdigest()[:16]
    return f"{external_id[: KEY_LENGTH - 17]}-{digest}"


def plan_of(external_id: str) -> Plan:
    """This will return the plan of a price. Raises MissingObject. One query."""
    plan = Plan.objects.filter(key=key_of(external_id)).first()
    if plan is None:
        raise MissingObject(ObjectKind.PRICE, external_id)
    return plan


def product_apply(ground: Ground, remote: RemoteProduct) -> bool:
    """This will write a product; of one that is archived, no plan is sold any more."""
    name = (remote.name or remote.external_id)[:NAME_LENGTH]
    product, made = Product.objects.get_or_create(
        key=key_of(remote.external_id), defaults={"name": name}
    )
    changed = made
    if product.name != name:
        product.name, changed = name, True
        product.save(update_fields=["name"])
    if not remote.active:
        running = product.plans.filter(retired_on__isnull=True)
        changed |= bool(running.update(retired_on=ground.today))
    return changed


def price_apply(ground: Ground, remote: RemotePrice) -> bool:
    """This will write a price as a plan with its version; an archived one is retired."""
    product = Product.objects.filter(key=key_of(remote.product)).first()
    if product is None:
        raise MissingObject(ObjectKind.PRODUCT, remote.product)
    once = remote.interval_months is None
    plan, changed = Plan.objects.get_or_create(
        key=key_of(remote.external_id),
        defaults={
            "name": _name(product, remote),
            "kind": PlanKind.ONE_OFF if once else PlanKind.BASE,
            "product": product,
        },
    )
    if plan.product_id is None:
        # A plan that a file made of the same key.
        plan.product, changed = product, True
        plan.save(update_fields=["product"])
    changed |= _version(ground, plan, remote)
    return _retired(ground, plan, remote) or changed


def _retired(ground: Ground, plan: Plan, remote: RemotePrice) -> bool:
    if remote.active == (plan.retired_on is None):
        return False
    plan.retired_on = None if remote.active else ground.today
    plan.save(update_fields=["retired_on"])
    return True


def _version(ground: Ground, plan: Plan, remote: RemotePrice) -> bool:
    """This will add a version where the amount is another one than the last."""
    months = remote.interval_months
    if months is not None:
        months = max(SHORTEST, months)
    last = plan.prices.filter(currency=remote.currency, interval_months=months)
    found = last.order_by("-number").first()
    amount = remote.amount.quantize(CENT)
    if found is not None and found.amount == amount:
        return False
    number = plan.prices.aggregate(last=Max("number"))["last"] or 0
    created = ground.day(ground.past(remote.created_at))
    PriceVersion.objects.create(
        plan=plan,
        number=number + 1,
        amount=amount,
        currency=remote.currency,
        interval_months=months,
        valid_on=ground.today if found else created,
    )
    return True


def _name(product: Product, remote: RemotePrice) -> str:
    """This will call a plan by its product, and by its price where there are more."""
    if remote.nickname:
        return f"{product.name}: {remote.nickname}"[:NAME_LENGTH]
    if not product.plans.exists():
        return product.name
    paid = f"{remote.amount.quantize(CENT)} {remote.currency}"
    months = f" / {remote.interval_months}" if remote.interval_months else ""
    return f"{product.name}, {paid}{months}"[:NAME_LENGTH]
