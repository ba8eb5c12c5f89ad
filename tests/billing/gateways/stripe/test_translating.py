"""Stripe's objects as its documentation shows them, put into our words by hand-made sums."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
import stripe

from billing.enums import MethodKind
from billing.gateways.base import UnableToRead
from billing.gateways.stripe.invoices import invoice_of
from billing.gateways.stripe.money import amount_of
from billing.gateways.stripe.payments import (
    chargeback_of,
    elsewhere_of,
    payment_of,
    refund_of,
    waiting_of,
)
from billing.gateways.stripe.people import customer_of, method_of
from billing.gateways.stripe.prices import price_of, product_of
from billing.gateways.stripe.subscriptions import subscription_of

AT = 1_767_225_600  # 1 January 2026
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MONTH = {"interval": "month", "interval_count": 1, "usage_type": "licensed"}


def row(object_: str, **told: Any) -> Any:
    """An object as the library makes it of an answer."""
    values = {"object": object_, "id": f"{object_}_1", **told}
    return stripe.StripeObject.construct_from(values, None)


class Known:
    """What Stripe tells only when it is asked."""

    def __init__(self, **coupons: Mapping[str, Any]) -> None:
        self.coupons = {
            name: row("coupon", **{"duration": "forever", **told})
            for name, told in coupons.items()
        }

    def tiers(self, price: str) -> Sequence[Any]:
        assert price == "price_1"
        return [
            row("tier", up_to=5, unit_amount=1000, flat_amount=500),
            row("tier", up_to=None, unit_amount_decimal="799.5"),
        ]

    def coupon(self, coupon: str) -> Any:
        return self.coupons[coupon]


def price(amount: int = 4900, **told: Any) -> dict[str, Any]:
    values = {
        "object": "price",
        "id": "price_1",
        "product": "prod_1",
        "currency": "eur",
        "active": True,
        "created": AT,
        "unit_amount": amount,
        "recurring": MONTH,
        "billing_scheme": "per_unit",
    }
    return {**values, **told}


def item(quantity: int | None = 1, told: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "object": "subscription_item",
        "id": "si_1",
        "price": told or price(),
        "quantity": quantity,
        "current_period_end": AT + 31 * 86_400,
        **more,
    }


def subscription(*items: dict[str, Any], **told: Any) -> Any:
    values = {
        "customer": "cus_1",
        "currency": "eur",
        "status": "active",
        "start_date": AT,
        "items": {"object": "list", "data": list(items or [item()])},
    }
    return row("subscription", **{**values, **told})


def paid_monthly(*items: dict[str, Any], known: Any = None, **told: Any) -> Decimal:
    return subscription_of(subscription(*items, **told), known or Known()).mrr


@pytest.mark.parametrize(
    ("smallest", "currency", "amount"),
    [
        (4900, "eur", "49.00"),
        (4900, "jpy", "4900"),
        (4900, "KWD", "4.900"),
        (4900, "ugx", "49.00"),
        (4900, "isk", "49.00"),
        (-250, "usd", "-2.50"),
        (Decimal("799.5"), "eur", "7.995"),
    ],
)
def test_amounts_are_told_in_the_main_unit(
    smallest: Any, currency: str, amount: str
) -> None:
    assert amount_of(smallest, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("interval", "count", "months", "amount"),
    [
        ("month", 1, 1, "49.00"),
        ("month", 3, 3, "49.00"),
        ("year", 2, 24, "49.00"),
        # 49 euros a week and 10 days: 365.25 / 12 days are a month.
        ("week", 1, 1, "213.06"),
        ("day", 10, 1, "149.14"),
    ],
)
def test_intervals_become_months(
    interval: str, count: int, months: int, amount: str
) -> None:
    recurring = {**MONTH, "interval": interval, "interval_count": count}
    told = price(recurring=recurring)
    found = price_of(row("price", **told), Known())
    assert found is not None
    assert (found.interval_months, found.amount) == (months, Decimal(amount))
    per_month = {"month": 49 / count, "year": 49 / 24, "week": 213.06, "day": 149.14}
    got = paid_monthly(item(told=told))
    assert got == Decimal(str(round(per_month[interval], 2)))


def test_what_is_bought_once_has_no_interval() -> None:
    found = price_of(row("price", **price(recurring=None)), Known())
    assert found is not None
    assert found.interval_months is None


def test_tiers_packs_and_metered_prices() -> None:
    tiered = price(billing_scheme="tiered", unit_amount=None)
    graduated = {**tiered, "tiers_mode": "graduated"}
    volume = {**tiered, "tiers_mode": "volume"}
    # 5 · 10.00 + 5.00 flat, and 3 · 7.995 beyond; or 8 · 7.995.
    assert paid_monthly(item(8, graduated)) == Decimal("78.98")
    assert paid_monthly(item(8, volume)) == Decimal("63.96")
    assert paid_monthly(item(5, volume)) == Decimal("55.00")
    assert paid_monthly(item(5, graduated)) == Decimal("55.00")
    packs = price(transform_quantity={"divide_by": 10, "round": "up"})
    assert paid_monthly(item(11, packs)) == Decimal("98.00")
    packs = price(transform_quantity={"divide_by": 10, "round": "down"})
    assert paid_monthly(item(19, packs)) == Decimal("49.00")
    metered = price(recurring={**MONTH, "usage_type": "metered"})
    assert paid_monthly(item(None, metered), item(2)) == Decimal("98.00")
    found = price_of(row("price", **graduated), Known())
    assert found is not None
    assert found.amount == Decimal("15.00")


def test_several_items_are_summed_and_the_dearest_gives_the_quantity() -> None:
    found = subscription_of(
        subscription(item(3), item(1, price(1000, id="price_2"))), Known()
    )
    assert (found.mrr, found.quantity) == (Decimal(157), 3)
    assert [(one.price, one.mrr) for one in found.items] == [
        ("price_1", Decimal(147)),
        ("price_2", Decimal(10)),
    ]


def discount(coupon: str, end: int | None = None) -> dict[str, Any]:
    return {
        "object": "discount",
        "id": f"di_{coupon}",
        "end": end,
        "source": {"type": "coupon", "coupon": coupon},
    }


def test_discounts_that_recur_come_off_and_those_for_once_do_not() -> None:
    known = Known(
        tenth={"percent_off": 10.0},
        five={"amount_off": 500, "currency": "eur"},
        once={"percent_off": 50.0, "duration": "once"},
        other={"percent_off": 50.0, "applies_to": {"products": ["prod_2"]}},
        dollars={"amount_off": 500, "currency": "usd"},
        large={"amount_off": 99_999, "currency": "eur"},
    )

    def mrr(*names: str, **told: Any) -> Decimal:
        discounts = [discount(name) for name in names]
        return paid_monthly(known=known, discounts=discounts, **told)

    assert mrr() == Decimal(49)
    assert mrr("tenth") == Decimal("44.10")
    assert mrr("tenth", "five") == Decimal("39.10")
    assert mrr("five", "tenth") == Decimal("39.60")
    assert mrr("once") == mrr("other") == mrr("dollars") == Decimal(49)
    assert mrr("large") == 0
    two = [item(1, price(9000)), item(1, price(3000, id="p2", product="prod_2"))]
    found = subscription_of(
        subscription(*two, discounts=[discount("other"), discount("five")]), known
    )
    # Half of the second, and the rest in proportion of 90 to 15.
    assert [one.mrr for one in found.items] == [Decimal("85.71"), Decimal("14.29")]
    assert (found.list_mrr, found.discount_until) == (Decimal(120), None)
    yearly = price(58_800, recurring={**MONTH, "interval": "year"})
    year = item(1, yearly, discounts=[discount("five", AT)])
    found = subscription_of(subscription(year), known)
    assert found.mrr == Decimal("48.58")
    assert found.discount_until == BEGAN.date()


def test_one_discount_that_stays_keeps_the_list_price_away() -> None:
    known = Known(tenth={"percent_off": 10.0}, five={"percent_off": 5.0})
    discounts = [discount("tenth", AT), discount("five")]
    found = subscription_of(subscription(discounts=discounts), known)
    assert found.discount_until is None


def test_tax_within_a_price_is_not_ours() -> None:
    rate = {"object": "tax_rate", "percentage": 19.0, "inclusive": True}
    assert paid_monthly(default_tax_rates=[rate]) == Decimal("41.18")
    beside = {**rate, "inclusive": False}
    assert paid_monthly(default_tax_rates=[beside]) == Decimal(49)
    inside = item(told=price(tax_behavior="inclusive"))
    invoice = {
        "object": "invoice",
        "total_excluding_tax": 4118,
        "total_taxes": [{"amount": 782, "tax_behavior": "inclusive"}],
    }
    assert paid_monthly(inside, latest_invoice=invoice) == Decimal("41.18")
    # Nothing tells how much it is: said in docs/stripe.md.
    assert paid_monthly(inside) == Decimal(49)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "active"),
        ({"status": "past_due"}, "active"),
        ({"status": "trialing", "trial_end": AT}, "trial"),
        ({"status": "unpaid"}, "paused"),
        ({"status": "incomplete"}, "paused"),
        ({"pause_collection": {"behavior": "void"}}, "paused"),
        ({"status": "canceled", "ended_at": AT}, "ended"),
        ({"status": "incomplete_expired", "canceled_at": AT}, "ended"),
    ],
)
def test_how_a_subscription_stands(told: dict[str, Any], state: str) -> None:
    assert subscription_of(subscription(**told), Known()).state == state


def test_when_and_why_a_subscription_ends() -> None:
    booked = subscription_of(subscription(cancel_at=AT, canceled_at=AT), Known())
    assert (booked.ends_at, booked.cancelled_at, booked.renews_at) == (
        BEGAN,
        BEGAN,
        None,
    )
    at_end = subscription_of(subscription(cancel_at_period_end=True), Known())
    assert at_end.ends_at == BEGAN + dt.timedelta(days=31)
    for reason, failed in (("payment_failed", True), ("cancellation_requested", False)):
        ended = subscription(
            status="canceled", ended_at=AT, cancellation_details={"reason": reason}
        )
        assert subscription_of(ended, Known()).failed is failed


def invoice(**told: Any) -> Any:
    values = {
        "customer": "cus_1",
        "currency": "eur",
        "status": "open",
        "created": AT,
        "total": 11_900,
        "total_excluding_tax": 10_000,
        "amount_due": 11_900,
        "amount_remaining": 11_900,
        "collection_method": "charge_automatically",
        "status_transitions": {"finalized_at": AT},
    }
    return row("invoice", **{**values, **told})


def line(**told: Any) -> Any:
    values = {
        "amount": 10_000,
        "period": {"start": AT, "end": AT + 31 * 86_400},
        "parent": {"subscription_item_details": {"subscription": "sub_1"}},
        "pricing": {"price_details": {"price": "price_1", "product": "prod_1"}},
        "quantity": 2,
    }
    return row("line_item", **{**values, **told})


def test_an_invoices_lines_are_net_of_discount_and_tax() -> None:
    inside = [{"amount": 1437, "tax_behavior": "inclusive"}]
    found = invoice_of(
        invoice(),
        lines=[
            line(discount_amounts=[{"amount": 1000, "discount": "d"}], taxes=inside),
            line(parent={"invoice_item_details": {"subscription": "sub_1"}}),
            line(parent={"subscription_item_details": {"proration": True}}),
            line(period={"start": AT, "end": AT}, parent=None, pricing=None),
        ],
    )
    assert found is not None
    first, second, third, last = found.lines
    assert (first.amount, first.tax) == (Decimal("75.63"), Decimal("14.37"))
    assert (first.recurring, first.price, first.subscription) == (
        True,
        "price_1",
        "sub_1",
    )
    assert (second.recurring, second.subscription) == (False, "sub_1")
    assert third.recurring is False
    assert (last.begins_on, last.price, last.quantity) == (None, "", 2)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("draft", "draft"),
        ("paid", "paid"),
        ("void", "void"),
        ("uncollectible", "written_off"),
    ],
)
def test_how_an_invoice_stands(status: str, state: str) -> None:
    found = invoice_of(invoice(status=status), lines=())
    assert found is not None
    assert found.state == state


def test_tax_credits_and_balances_of_an_invoice() -> None:
    sent = invoice(
        collection_method="send_invoice",
        due_date=AT,
        total_excluding_tax=None,
        total_taxes=[{"amount": 1900, "tax_behavior": "exclusive"}],
        amount_due=5950,
        pre_payment_credit_notes_amount=1190,
    )
    notes = [
        row(
            "credit_note",
            created=AT,
            status="issued",
            total=1190,
            total_excluding_tax=1000,
        ),
        row(
            "credit_note", created=AT, status="void", total=500, total_excluding_tax=400
        ),
    ]
    found = invoice_of(sent, lines=(), notes=notes)
    assert found is not None
    assert (found.total, found.tax, found.collection) == (100, 19, "transfer")
    assert found.due_at == BEGAN
    # 119.00 − 11.90 − 59.50 came off the customer's balance: 40.00 of it without tax.
    assert [(name, amount) for name, amount, _at in found.credits] == [
        ("credit_note_1", Decimal(10)),
        ("balance:invoice_1", Decimal(40)),
    ]
    negative = invoice(total=-500, total_excluding_tax=-420, amount_due=0)
    found = invoice_of(negative, lines=())
    assert found is not None
    assert (found.total, found.tax, found.credits) == (0, 0, ())
    assert invoice_of(row("invoice", deleted=True), lines=()) is None


def charge(**told: Any) -> Any:
    values = {
        "amount": 4900,
        "currency": "eur",
        "created": AT,
        "status": "failed",
        "payment_method": "pm_1",
    }
    return row("charge", **{**values, **told})


@pytest.mark.parametrize(
    ("told", "state", "code"),
    [
        ({"status": "succeeded"}, "succeeded", ""),
        ({"status": "pending"}, "open", ""),
        (
            {"failure_code": "card_declined", "outcome": {"reason": "lost_card"}},
            "failed",
            "lost_card",
        ),
        ({"failure_code": "expired_card", "outcome": None}, "failed", "expired_card"),
        ({"failure_code": "card_declined"}, "failed", "card_declined"),
        (
            {"failure_code": "authentication_required"},
            "needs_action",
            "authentication_required",
        ),
        ({}, "failed", ""),
    ],
)
def test_how_a_try_ended(told: dict[str, Any], state: str, code: str) -> None:
    found = payment_of(charge(**told), invoice="in_1", page="https://p.example")
    assert (found.state, found.decline_code) == (state, code)
    assert bool(found.action_url) == (state == "needs_action")


def test_money_that_went_back_and_money_from_elsewhere() -> None:
    told = {"amount": 900, "currency": "eur", "created": AT, "charge": "ch_1"}
    assert refund_of(row("refund", status="failed", **told)) is None
    assert refund_of(row("refund", status="pending", **told)) is not None
    for status, taken in (
        ("warning_needs_response", False),
        ("needs_response", True),
        ("under_review", True),
        ("lost", True),
        ("won", False),
    ):
        found = chargeback_of(row("dispute", status=status, **told))
        assert (status, found is not None) == (status, taken)
    paid = {"status": "paid", "amount_paid": 900, "currency": "eur", "created": AT}
    outside = elsewhere_of(row("invoice_payment", **paid), invoice="in_1")
    assert outside is not None
    assert (outside.state, outside.amount) == ("succeeded", Decimal(9))
    still = row("invoice_payment", **{**paid, "status": "open"})
    assert elsewhere_of(still, invoice="in_1") is None
    done = row("payment_intent", status="succeeded")
    assert waiting_of(done, invoice="in_1") is None


def test_methods_of_every_kind() -> None:
    told = {"created": AT, "customer": "cus_1"}
    debit = row("payment_method", type="us_bank_account", **told)
    debit.us_bank_account = row("x", bank_name="First Bank", last4="6789")
    found = method_of(debit)
    assert found is not None
    assert (found.method, found.brand, found.last4) == (
        MethodKind.DIRECT_DEBIT,
        "First Bank",
        "6789",
    )
    for type_, kind in (("paypal", MethodKind.WALLET), ("boleto", MethodKind.OTHER)):
        found = method_of(row("payment_method", type=type_, **told))
        assert found is not None
        assert (found.method, found.brand, found.last4) == (kind, type_, "")
    assert method_of(row("payment_method", type="card", customer=None)) is None


def test_what_is_deleted_is_gone() -> None:
    assert customer_of(row("customer", deleted=True)) is None
    assert product_of(row("product", deleted=True)) is None
    assert price_of(row("price", deleted=True), Known()) is None
    nameless = customer_of(row("customer", created=AT, email="a@b.example"))
    assert nameless is not None
    assert (nameless.name, nameless.our_id) == ("a@b.example", "")


@pytest.mark.parametrize(
    "broken",
    [
        subscription(items={"object": "list", "data": []}),
        subscription(item(told=price(recurring=None))),
        subscription(start_date="yesterday"),
    ],
)
def test_what_cannot_be_understood_is_named(broken: Any) -> None:
    with pytest.raises(UnableToRead, match="Stripe's subscription subscription_1"):
        subscription_of(broken, Known())
