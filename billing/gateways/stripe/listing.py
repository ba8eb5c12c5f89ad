"""Reading everything, a hundred at a time, and the list of events.

Calls are spared: invoices come without their tries, which come by themselves (each with
the last charge of its intent; what failed before it is not told here), and of a customer's
methods only the one that is charged.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from billing.enums import ObjectKind
from billing.gateways.base import UnableToRead
from billing.gateways.objects import Hint, Hints, Page, Remote
from billing.gateways.stripe.errors import asking
from billing.gateways.stripe.fetching import Reader
from billing.gateways.stripe.hearing import event_hint
from billing.gateways.stripe.payments import (
    chargeback_of,
    elsewhere_of,
    payment_of,
    refund_of,
    waiting_of,
)
from billing.gateways.stripe.people import customer_of, method_of
from billing.gateways.stripe.prices import price_of, product_of
from billing.gateways.stripe.reading import id_of, told, translating
from billing.gateways.stripe.subscriptions import subscription_of

AT_ONCE = 100
# Refunds come first, then disputes; the cursor says where we are.
DISPUTES = "disputes:"


def rows_listed(reader: Reader, kind: ObjectKind, *, after: str) -> Page:
    """This will read up to a hundred objects behind a cursor, the newest first."""
    v1: Any = reader.client.v1
    with asking():
        match kind:
            case ObjectKind.CUSTOMER:
                return _page(v1.customers.list(_behind(after)), customer_of)
            case ObjectKind.PRODUCT:
                return _page(v1.products.list(_behind(after)), product_of)
            case ObjectKind.PRICE:
                rows = v1.prices.list({**_behind(after), "expand": ["data.tiers"]})
                return _page(rows, lambda row: price_of(row, reader))
            case ObjectKind.METHOD:
                default = "data.invoice_settings.default_payment_method"
                customers = v1.customers.list({**_behind(after), "expand": [default]})
                return _page(customers, _default_method)
            case ObjectKind.SUBSCRIPTION:
                expand = ["data.latest_invoice", "data.discounts"]
                rows = v1.subscriptions.list(
                    {**_behind(after), "status": "all", "expand": expand}
                )
                return _page(rows, lambda row: subscription_of(row, reader))
            case ObjectKind.INVOICE:
                return _page(v1.invoices.list(_behind(after)), reader.invoice_with)
            case ObjectKind.PAYMENT:
                expand = ["data.payment.payment_intent.latest_charge"]
                payments = v1.invoice_payments.list(
                    {**_behind(after), "expand": expand}
                )
                return _page(payments, lambda row: _payment(row, reader))
            case ObjectKind.REFUND:
                return _refunds(reader, after)


def _behind(after: str) -> Any:
    return {"limit": AT_ONCE, **({"starting_after": after} if after else {})}


def _page(listed: Any, translate: Callable[[Any], Remote | None]) -> Page:
    rows: list[Remote] = []
    failed: list[tuple[str, str]] = []
    for row in listed.data:
        try:
            found = translate(row)
        except UnableToRead as error:
            failed.append((id_of(row), str(error)))
            continue
        if found is not None:
            rows.append(found)
    more = listed.data[-1].id if listed.has_more and listed.data else ""
    return Page(rows=tuple(rows), cursor=more, failed=tuple(failed))


def _default_method(customer: Any) -> Remote | None:
    """This will translate what a customer is charged by, which came along."""
    with translating(customer):
        row = told(customer, "invoice_settings", "default_payment_method")
        if row is None or isinstance(row, str):
            return None
        row.customer = customer
        return method_of(row)


def _payment(row: Any, reader: Reader) -> Remote | None:
    with translating(row):
        invoice = id_of(row.invoice)
        intent = told(row, "payment", "payment_intent")
        charge = told(intent, "latest_charge")
        if charge is not None and not isinstance(charge, str):
            refunds = reader.refunds_of(charge)
            return payment_of(charge, invoice=invoice, refunds=refunds)
        if intent is not None:
            return waiting_of(intent, invoice=invoice)
        if told(row, "payment", "charge"):
            return reader.payment(id_of(row.payment.charge))
        return elsewhere_of(row, invoice=invoice)


def _refunds(reader: Reader, after: str) -> Page:
    v1: Any = reader.client.v1
    if after.startswith(DISPUTES):
        behind = _behind(after.removeprefix(DISPUTES))
        page = _page(v1.disputes.list(behind), chargeback_of)
        cursor = DISPUTES + page.cursor if page.cursor else ""
        return Page(page.rows, cursor, page.failed)
    page = _page(v1.refunds.list(_behind(after)), refund_of)
    return Page(page.rows, page.cursor or DISPUTES, page.failed)


def events_listed(reader: Reader, *, since: dt.datetime, after: str) -> Hints:
    """This will read up to a hundred events since a moment, the newest first."""
    v1: Any = reader.client.v1
    behind = {**_behind(after), "created": {"gte": int(since.timestamp())}}
    with asking():
        listed = v1.events.list(behind)
    more = listed.data[-1].id if listed.has_more and listed.data else ""
    return Hints(rows=tuple(_hints(listed.data)), cursor=more)


def _hints(rows: Iterable[Any]) -> list[Hint]:
    return [event_hint(row) for row in rows]
