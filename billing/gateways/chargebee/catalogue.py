"""Chargebee's catalogue, the newer (items and item prices) and the older (plans and
addons): apidocs.chargebee.com/docs/api/item_prices, …/v2/pcv-1/plans."""

from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import Remote, RemotePrice, RemoteProduct


def item_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read an item, which is a product."""
    return (_product(told),)


def _product(told: Fields) -> RemoteProduct:
    # Items of the first days have no moment of their making.
    made_at = fields.seconds(told, "created_at") or fields.seconds(told, "updated_at")
    return RemoteProduct(
        external_id=fields.identity(told),
        name=fields.text(told, "external_name") or fields.text(told, "name"),
        active=fields.text(told, "status") in {"", "active"},
        created_at=fields.known(made_at),
    )


def item_price_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read what an item costs per period."""
    unit = fields.text(told, "period_unit")
    return (
        _price(
            told,
            product=fields.identity(told, "item_id"),
            every=fields.number(told, "period", 1),
            unit=unit,
        ),
    )


def plan_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read a plan of the older catalogue: a product with one price."""
    return (
        _product(told),
        _price(
            told,
            product=fields.identity(told),
            every=fields.number(told, "period", 1),
            unit=fields.text(told, "period_unit"),
        ),
    )


def addon_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read an addon of the older catalogue; one may be bought once only."""
    unit = fields.text(told, "period_unit")
    repeats = fields.text(told, "charge_type") != "non_recurring"
    return (
        _product(told),
        _price(
            told,
            product=fields.identity(told),
            every=fields.number(told, "period", 1),
            unit=unit if repeats and unit != "not_applicable" else "",
        ),
    )


def _price(told: Fields, *, product: str, every: int, unit: str) -> RemotePrice:
    currency = fields.identity(told, "currency_code")
    made_at = fields.seconds(told, "created_at") or fields.seconds(told, "updated_at")
    return RemotePrice(
        external_id=fields.identity(told),
        product=product,
        currency=currency,
        amount=fields.minor(told, "price", currency),
        interval_months=fields.whole_months(every, unit) if unit else None,
        active=fields.text(told, "status") in {"", "active"},
        created_at=fields.known(made_at),
        nickname=fields.text(told, "external_name") or fields.text(told, "name"),
    )
