"""Paddle's customers, products and prices (developer.paddle.com, "customer.created",
"product.created", "price.created")."""

from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    Carried,
    RemoteCustomer,
    RemotePrice,
    RemoteProduct,
)


def customer_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read a customer; an archived one is gone."""
    archived = fields.text(told, "status") == "archived"
    changed_at = fields.moment(told, "updated_at")
    remote = RemoteCustomer(
        external_id=fields.identity(told),
        name=fields.text(told, "name") or fields.text(told, "email"),
        email=fields.text(told, "email"),
        country="",
        created_at=fields.known(fields.moment(told, "created_at")),
        our_id=fields.text(fields.part(told, "custom_data"), "keepwell_id"),
        gone_at=changed_at if archived else None,
    )
    return (Carried(remote, version),)


def product_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read a product."""
    remote = RemoteProduct(
        external_id=fields.identity(told),
        name=fields.text(told, "name"),
        active=fields.text(told, "status") != "archived",
        created_at=fields.known(fields.moment(told, "created_at")),
    )
    return (Carried(remote, version),)


def price_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read a price."""
    return (Carried(_price(told), version),)


def _price(told: Fields) -> RemotePrice:
    """This will read a price, per unit and interval."""
    money, cycle = fields.part(told, "unit_price"), fields.part(told, "billing_cycle")
    currency = fields.identity(money, "currency_code")
    every, unit = fields.number(cycle, "frequency", 1), fields.text(cycle, "interval")
    return RemotePrice(
        external_id=fields.identity(told),
        product=fields.identity(told, "product_id"),
        currency=currency,
        amount=fields.minor(money, "amount", currency),
        interval_months=fields.whole_months(every, unit) if unit else None,
        active=fields.text(told, "status") != "archived",
        created_at=fields.known(fields.moment(told, "created_at")),
        nickname=fields.text(told, "name") or fields.text(told, "description"),
    )


def price_guessed(told: Fields) -> tuple[Carried, ...]:
    """This will read the price that a subscription or a transaction shows.

    It is as it was when it was added, so it counts only until the price itself is told.
    The product is named after its price where nobody told it.
    """
    price = _price(told)
    product = RemoteProduct(
        external_id=price.product,
        name=fields.text(told, "description") or price.product,
        active=True,
        created_at=price.created_at,
    )
    return Carried(product, 1), Carried(price, 1)
