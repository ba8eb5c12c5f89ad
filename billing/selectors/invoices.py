"""What stands on invoices and against them."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)

from billing.calculations.owing import Sums
from billing.enums import PaymentState, RefundKind
from billing.models import CreditNote, Invoice, InvoiceLine, Payment, Refund
from customers.models import Customer
from customers.models.scope import ScopedQuerySet

ZERO = Decimal(0)


def invoice_sums(invoices: Iterable[Invoice]) -> dict[int, Sums]:
    """This will sum up what was credited, paid and given back, per invoice.

    Only tries that succeeded count as paid. Three queries, however many invoices.
    """
    rows = {invoice.pk: invoice for invoice in invoices}
    credited = _by_invoice(CreditNote.objects.filter(invoice__in=rows), "invoice_id")
    succeeded = Payment.objects.filter(invoice__in=rows, state=PaymentState.SUCCEEDED)
    paid = _by_invoice(succeeded, "invoice_id")
    back = {
        pk: (refunded or ZERO, charged or ZERO)
        for pk, refunded, charged in Refund.objects.filter(payment__invoice__in=rows)
        .values_list("payment__invoice_id")
        .annotate(
            refunded=Sum("amount", filter=Q(kind=RefundKind.REFUND)),
            charged=Sum("amount", filter=Q(kind=RefundKind.CHARGEBACK)),
        )
        .order_by("payment__invoice_id")
    }
    return {
        pk: Sums(
            total=invoice.total,
            tax=invoice.tax,
            credited=credited.get(pk, ZERO),
            paid=paid.get(pk, ZERO),
            refunded=back.get(pk, (ZERO, ZERO))[0],
            charged_back=back.get(pk, (ZERO, ZERO))[1],
            settled=invoice.paid_on is not None,
        )
        for pk, invoice in rows.items()
    }


def invoice_sums_of(invoice: Invoice) -> Sums:
    """This will sum up one invoice. Three queries."""
    return invoice_sums([invoice])[invoice.pk]


def _by_invoice(
    rows: "QuerySet[CreditNote] | QuerySet[Payment]", key: str
) -> dict[int, Decimal]:
    return dict(rows.values_list(key).annotate(amount_sum=Sum("amount")).order_by(key))


def invoices_of(
    customer: Customer, *, show: str, today: dt.date
) -> "QuerySet[Invoice]":
    """This will list a customer's invoices, newest first: all, open or overdue ones."""
    rows = Invoice.objects.filter(customer=customer)
    if show == "open":
        rows = rows.filter(paid_on__isnull=True)
    elif show == "overdue":
        rows = rows.filter(paid_on__isnull=True, due_on__lt=today)
    return rows.order_by("-issued_on", "-id")


def with_credit(rows: "QuerySet[Invoice]") -> "QuerySet[Invoice]":
    """This will add `whole` to invoices: whether all of one was credited."""
    notes = CreditNote.objects.filter(invoice=OuterRef("pk")).order_by()
    summed = notes.values("invoice").annotate(sum=Sum("amount")).values("sum")
    return rows.annotate(
        whole=Case(
            When(total__gt=0, total__lte=Subquery(summed), then=True), default=False
        )
    )


def lines_of(invoice: Invoice) -> "QuerySet[InvoiceLine]":
    """This will list an invoice's lines in their order."""
    return invoice.lines.select_related("plan", "subscription").order_by("number")


def tries_of(invoice: Invoice) -> list[Payment]:
    """This will list the tries to collect an invoice, each with what went back. Two queries."""
    in_order: Any = Prefetch(
        "refunds", queryset=Refund.objects.order_by("happened_at", "id")
    )
    rows = invoice.payments.prefetch_related(in_order)
    return list(rows.order_by("happened_at", "id"))


def credits_of(invoice: Invoice) -> "QuerySet[CreditNote]":
    """This will list an invoice's credit notes in their order."""
    return invoice.credit_notes.order_by("issued_on", "id")


def document_rows(kind: str) -> ScopedQuerySet[Any]:
    """This will return all payments, credit notes or refunds; the caller narrows them."""
    rows: dict[str, ScopedQuerySet[Any]] = {
        "payment": Payment.objects.select_related("invoice"),
        "credit": CreditNote.objects.select_related("invoice"),
        "refund": Refund.objects.select_related("payment__invoice"),
    }
    return rows[kind]
