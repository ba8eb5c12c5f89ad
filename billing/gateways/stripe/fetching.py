"""Reading one object, in its present state."""

from collections.abc import Callable, Sequence
from typing import Any

import stripe

from billing.enums import ObjectKind
from billing.gateways.objects import (
    Remote,
    RemoteInvoice,
    RemotePayment,
    RemoteRefund,
)
from billing.gateways.stripe.charging import PAYMENTS
from billing.gateways.stripe.errors import asking, is_missing
from billing.gateways.stripe.invoices import invoice_of
from billing.gateways.stripe.payments import (
    chargeback_of,
    elsewhere_of,
    payment_of,
    refund_of,
    waiting_of,
)
from billing.gateways.stripe.people import customer_of, method_of
from billing.gateways.stripe.prices import price_of, product_of
from billing.gateways.stripe.reading import id_of, told
from billing.gateways.stripe.subscriptions import subscription_of


class Reader:
    """Reads objects through one client; tiers and coupons are asked for once."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self._tiers: dict[str, Sequence[Any]] = {}
        self._coupons: dict[str, Any] = {}

    def fetch(self, kind: ObjectKind, external_id: str) -> Remote | None:
        """This will return an object's present state; None where it does not stand there."""
        ways: dict[ObjectKind, Callable[[str], Remote | None]] = {
            ObjectKind.CUSTOMER: self.customer,
            ObjectKind.PRODUCT: self.product,
            ObjectKind.PRICE: self.price,
            ObjectKind.METHOD: self.method,
            ObjectKind.SUBSCRIPTION: self.subscription,
            ObjectKind.INVOICE: self.invoice,
            ObjectKind.PAYMENT: self.payment,
            ObjectKind.REFUND: self.refund,
        }
        with asking():
            try:
                return ways[kind](external_id)
            except stripe.InvalidRequestError as error:
                if is_missing(error):
                    return None
                raise

    def tiers(self, price: str) -> Sequence[Any]:
        """This will return the tiers of a price, which Stripe tells only when asked."""
        if price not in self._tiers:
            row = self.client.v1.prices.retrieve(price, {"expand": ["tiers"]})
            self._tiers[price] = told(row, "tiers") or ()
        return self._tiers[price]

    def coupon(self, coupon: str) -> Any:
        """This will return a coupon with the products it is for; None for a deleted one."""
        if coupon not in self._coupons:
            row: Any = self.client.v1.coupons.retrieve(
                coupon, {"expand": ["applies_to"]}
            )
            self._coupons[coupon] = None if told(row, "deleted") else row
        return self._coupons[coupon]

    def customer(self, external_id: str) -> Remote | None:
        """This will read a customer."""
        return customer_of(self.client.v1.customers.retrieve(external_id))

    def product(self, external_id: str) -> Remote | None:
        """This will read a product."""
        return product_of(self.client.v1.products.retrieve(external_id))

    def price(self, external_id: str) -> Remote | None:
        """This will read a price."""
        return price_of(self.client.v1.prices.retrieve(external_id), self)

    def method(self, external_id: str) -> Remote | None:
        """This will read a payment method with the customer who has it."""
        methods = self.client.v1.payment_methods
        return method_of(methods.retrieve(external_id, {"expand": ["customer"]}))

    def subscription(self, external_id: str) -> Remote | None:
        """This will read a subscription."""
        row = self.client.v1.subscriptions.retrieve(
            external_id, {"expand": ["latest_invoice", "discounts"]}
        )
        return subscription_of(row, self)

    def invoice(self, external_id: str) -> RemoteInvoice | None:
        """This will read an invoice with every try to pay it."""
        row = self.client.v1.invoices.retrieve(external_id, {"expand": PAYMENTS})
        return self.invoice_with(row, self.tries(row))

    def invoice_with(
        self, row: Any, payments: Sequence[RemotePayment] = ()
    ) -> RemoteInvoice | None:
        """This will translate an invoice with all of its lines and credit notes."""
        if told(row, "deleted"):
            return None
        lines = list(row.lines.data)
        if told(row, "lines", "has_more"):
            pages = self.client.v1.invoices.line_items.list(row.id, {"limit": 100})
            lines = list(pages.auto_paging_iter())
        early = told(row, "pre_payment_credit_notes_amount")
        notes: Sequence[Any] = ()
        if early or told(row, "post_payment_credit_notes_amount"):
            listed = self.client.v1.credit_notes.list({"invoice": row.id, "limit": 100})
            notes = listed.data
        return invoice_of(row, lines=lines, notes=notes, payments=payments)

    def tries(self, row: Any) -> list[RemotePayment]:
        """This will read every charge of an invoice, by whomever it was tried."""
        page = told(row, "hosted_invoice_url") or ""
        found: list[RemotePayment | None] = []
        for one in told(row, "payments", "data") or ():
            intent = told(one, "payment", "payment_intent")
            if intent is not None:
                found += self._charges(intent, invoice=row.id, page=page)
            elif told(one, "payment", "charge"):
                charge = self.client.v1.charges.retrieve(
                    id_of(one.payment.charge), {"expand": ["refunds"]}
                )
                found.append(self._with_refunds(charge, row.id, page))
            else:
                found.append(elsewhere_of(one, invoice=row.id))
        return [one for one in found if one is not None]

    def _charges(
        self, intent: Any, *, invoice: str, page: str
    ) -> list[RemotePayment | None]:
        listed = self.client.v1.charges.list(
            {
                "payment_intent": id_of(intent),
                "limit": 100,
                "expand": ["data.refunds"],
            }
        )
        if not listed.data and not isinstance(intent, str):
            return [waiting_of(intent, invoice=invoice, page=page)]
        return [self._with_refunds(one, invoice, page) for one in listed.data]

    def payment(self, external_id: str) -> Remote | None:
        """This will read a charge with the invoice it is for, if any, and its refunds."""
        if external_id.startswith("pi_"):
            intent: Any = self.client.v1.payment_intents.retrieve(
                external_id, {"expand": ["latest_charge.refunds"]}
            )
            charge = told(intent, "latest_charge")
        else:
            charge = self.client.v1.charges.retrieve(
                external_id, {"expand": ["refunds"]}
            )
            intent = told(charge, "payment_intent")
        invoice, page = self._invoice_of(id_of(intent))
        if charge is None:
            return waiting_of(intent, invoice=invoice, page=page)
        return self._with_refunds(charge, invoice, page)

    def _invoice_of(self, intent: str) -> tuple[str, str]:
        """This will return the invoice that an intent pays, and its page."""
        if not intent:
            return "", ""
        listed = self.client.v1.invoice_payments.list(
            {
                "payment": {"type": "payment_intent", "payment_intent": intent},
                "expand": ["data.invoice"],
            }
        )
        row = listed.data[0].invoice if listed.data else None
        return id_of(row), told(row, "hosted_invoice_url") or ""

    def _with_refunds(self, charge: Any, invoice: str, page: str) -> RemotePayment:
        return payment_of(
            charge, invoice=invoice, page=page, refunds=self.refunds_of(charge)
        )

    def refunds_of(self, charge: Any) -> list[RemoteRefund]:
        """This will read what went back of a charge. No call where nothing did."""
        found: list[RemoteRefund | None] = []
        if told(charge, "amount_refunded"):
            listed = told(charge, "refunds")
            if listed is None or told(listed, "has_more"):
                listed = self.client.v1.refunds.list(
                    {"charge": charge.id, "limit": 100}
                )
            found += [refund_of(one) for one in listed.data]
        if told(charge, "disputed"):
            disputes = self.client.v1.disputes.list({"charge": charge.id, "limit": 100})
            found += [chargeback_of(one) for one in disputes.data]
        return [one for one in found if one is not None]

    def refund(self, external_id: str) -> Remote | None:
        """This will read a refund or a dispute."""
        if external_id.startswith(("dp_", "du_")):
            return chargeback_of(self.client.v1.disputes.retrieve(external_id))
        return refund_of(self.client.v1.refunds.retrieve(external_id))
