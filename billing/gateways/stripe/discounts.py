"""What discounts take off the items of a subscription, month by month.

A coupon that holds "once" is a matter of one invoice and changes nothing that recurs. An
amount off is spread over the items in proportion, as it stands on the invoice.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.gateways.stripe.money import amount_of, moment
from billing.gateways.stripe.prices import Lookup
from billing.gateways.stripe.reading import id_of, told

ZERO = Decimal(0)


@dataclass(slots=True)
class Priced:
    """An item on its way: what it costs a month, and the product it is of."""

    amount: Decimal
    product: str


def discount_off(
    discounts: Sequence[Any],
    items: Sequence[Priced],
    *,
    currency: str,
    months: Decimal,
    look: Lookup,
) -> list[dt.date | None]:
    """This will take discounts off items, in Stripe's order; until when each holds.

    `months` are in the interval of an invoice. None among the ends: for ever.
    """
    ends: list[dt.date | None] = []
    for discount in discounts:
        coupon = _coupon(discount, look)
        if coupon is None or coupon.duration == "once":
            continue
        _take(coupon, _meant(coupon, items), currency=currency, months=months)
        end = told(discount, "end")
        ends.append(None if end is None else moment(end).date())
    return ends


def until_of(ends: Sequence[dt.date | None]) -> dt.date | None:
    """This will return the day on which no discount is left; None where one stays.

    Approximated: several that end on different days count as one that ends with the last.
    """
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _coupon(discount: Any, look: Lookup) -> Any:
    if isinstance(discount, str) or told(discount, "deleted"):
        return None
    named = told(discount, "source", "coupon") or told(discount, "coupon")
    if named is None:
        return None
    # Whom a coupon is for is told only to who asks for it.
    return look.coupon(id_of(named))


def _meant(coupon: Any, items: Sequence[Priced]) -> list[Priced]:
    products = told(coupon, "applies_to", "products")
    return [one for one in items if not products or one.product in products]


def _take(
    coupon: Any, items: Sequence[Priced], *, currency: str, months: Decimal
) -> None:
    percent = told(coupon, "percent_off")
    if percent is not None:
        left = 1 - Decimal(str(percent)) / 100
        for one in items:
            one.amount *= left
        return
    whole = sum((one.amount for one in items), ZERO)
    if not whole:
        return
    off = min(whole, _amount_off(coupon, currency) / months)
    for one in items:
        one.amount -= off * one.amount / whole


def _amount_off(coupon: Any, currency: str) -> Decimal:
    if told(coupon, "amount_off") and (coupon.currency or "").upper() == currency:
        return amount_of(coupon.amount_off, currency)
    other = told(coupon, "currency_options", currency.lower(), "amount_off")
    return amount_of(other or 0, currency)
