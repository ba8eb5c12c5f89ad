"""What an invoice is for, line by line, and what that comes to."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fakegateway.errors import Obj
from fakegateway.shapes import listing
from fakegateway.store import Store


def rounded(amount: Decimal) -> int:
    """This will round to the smallest unit of money, halves away from nothing."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def line_made(
    store: Store,
    *,
    amount: int,
    currency: str,
    description: str = "",
    quantity: int = 1,
    period: tuple[int, int] | None = None,
    price: Obj | None = None,
    item: Obj | None = None,
    discount: tuple[str, int] | None = None,
) -> Obj:
    """This will make a line. `amount` is before the discount (its id, its amount)."""
    now = store.clock.now()
    start, end = period or (now, now)
    return {
        "id": store.next_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "description": description or None,
        "discount_amounts": _discounts(discount),
        "discountable": True,
        "discounts": [discount[0]] if discount else [],
        "livemode": False,
        "metadata": {},
        "parent": _parent(item),
        "period": {"start": start, "end": end},
        "pretax_credit_amounts": [],
        "pricing": None if price is None else _pricing(price),
        "quantity": quantity,
        "subscription": item["subscription"] if item else None,
        "subtotal": amount,
        "taxes": [],
    }


def _discounts(discount: tuple[str, int] | None) -> list[Obj]:
    return [{"amount": discount[1], "discount": discount[0]}] if discount else []


def _parent(item: Obj | None) -> Obj:
    if item is None:
        return {
            "type": "invoice_item_details",
            "invoice_item_details": {"invoice_item": None, "proration": False},
            "subscription_item_details": None,
        }
    details = {"subscription": item["subscription"], "subscription_item": item["id"]}
    return {
        "type": "subscription_item_details",
        "invoice_item_details": None,
        "subscription_item_details": {**details, "proration": False},
    }


def _pricing(price: Obj) -> Obj:
    details = {"price": price["id"], "product": price["product"]}
    return {
        "type": "price_details",
        "price_details": details,
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def sums_of(lines: list[Obj], invoice: str, tax_percent: Any) -> Obj:
    """This will put taxes on the lines and return an invoice's sums."""
    rate = Decimal(str(tax_percent or 0))
    for line in lines:
        line["invoice"] = invoice
        net = line["amount"] - _off(line)
        line["taxes"] = [_tax(net, rate)] if rate else []
    subtotal = sum(line["amount"] for line in lines)
    off = sum(_off(line) for line in lines)
    taxes = sum(tax["amount"] for line in lines for tax in line["taxes"])
    net = subtotal - off
    total_tax = _tax(net, rate) | {"amount": taxes}
    discounts = {d["discount"]: d for line in lines for d in line["discount_amounts"]}
    return {
        "lines": listing(lines, f"/v1/invoices/{invoice}/lines"),
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total_discount_amounts": [
            {"amount": off, "discount": name} for name in list(discounts)[:1]
        ],
        "total_taxes": [total_tax] if rate else [],
        "total_excluding_tax": net,
        "total": net + taxes,
        "amount_due": net + taxes,
        "amount_remaining": net + taxes,
    }


def _off(line: Obj) -> int:
    return sum(row["amount"] for row in line["discount_amounts"])


def _tax(net: int, rate: Decimal) -> Obj:
    return {
        "amount": rounded(net * rate / 100),
        "tax_behavior": "exclusive",
        "tax_rate_details": {"tax_rate": f"txr_fake{rate}"},
        "taxability_reason": "standard_rated",
        "taxable_amount": net,
        "type": "tax_rate_details",
    }
