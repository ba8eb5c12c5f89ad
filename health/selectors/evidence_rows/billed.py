"""What was billed, paid and agreed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from billing.models import Invoice, Payment, SubscriptionChange
from health.selectors.evidence_rows.asked import Asked, Behind, newest

LATE_WINDOW, LATE_AFTER = 180, 3
FAILED_WINDOW = 60


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as it stood then: `paid` is None while no payment was known."""

    number: str
    issued: dt.date
    due: dt.date
    paid: dt.date | None
    amount: Decimal
    currency: str
    overdue: int  # days past the due date, until it was paid or the day itself


def invoices(asked: Asked) -> Behind:
    """This will return overdue invoices, or those that were paid late."""
    paid = Q(
        paid_on__isnull=False,
        paid_on__lte=asked.as_of,
        paid_recorded_at__lt=asked.known,
    )
    rows = Invoice.objects.filter(
        customer_id=asked.customer_id,
        issued_on__lte=asked.as_of,
        recorded_at__lt=asked.known,
    )
    first = None
    if asked.key == "overdue":
        rows = rows.exclude(paid).filter(due_on__lt=asked.last)
    else:
        first = asked.days(LATE_WINDOW)
        rows = rows.filter(
            ~paid | Q(paid_on__gt=F("due_on") + dt.timedelta(days=LATE_AFTER)),
            due_on__gte=first,
            due_on__lte=asked.last - dt.timedelta(days=LATE_AFTER),
        )
    found, total = newest(asked, rows.order_by("-issued_on", "-id"))
    return Behind("invoice", [_invoice(row, asked) for row in found], total, first)


def _invoice(row: Invoice, asked: Asked) -> InvoiceRow:
    told = row.paid_recorded_at
    paid = row.paid_on
    if paid and (told is None or told >= asked.known or paid > asked.as_of):
        paid = None
    return InvoiceRow(
        row.external_id,
        row.issued_on,
        row.due_on,
        paid,
        row.total,
        row.currency,
        max(0, ((paid or asked.last) - row.due_on).days),
    )


@dataclass(frozen=True, slots=True)
class PaymentRow:
    day: dt.datetime
    number: str
    amount: Decimal
    currency: str
    reason: str


def payments(asked: Asked) -> Behind:
    """This will return the payments that failed: of each invoice the last try."""
    days = FAILED_WINDOW + (asked.as_of - asked.last).days
    rows = Payment.objects.filter(
        customer_id=asked.customer_id,
        state="failed",
        happened_at__gte=asked.known - dt.timedelta(days=days),
        happened_at__lt=asked.known,
        recorded_at__lt=asked.known,
    )
    last = rows.order_by("invoice_id", "-happened_at", "-id").distinct("invoice_id")
    shown_rows = Payment.objects.filter(pk__in=last.values("pk"))
    found, total = newest(
        asked, shown_rows.select_related("invoice").order_by("-happened_at", "-id")
    )
    shown = [
        PaymentRow(
            row.happened_at,
            row.invoice.external_id,
            row.amount,
            row.currency,
            row.reason,
        )
        for row in found
    ]
    return Behind("payment", shown, total, asked.days(FAILED_WINDOW))


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line of a subscription's log."""

    day: dt.date
    kind: str
    plan: str
    mrr: Decimal
    currency: str
    seats: int
    months: int
    renews: dt.date | None
    discount: Decimal | None


def subscriptions(asked: Asked) -> Behind:
    """This will return every change of the customer's subscriptions that counted."""
    rows = SubscriptionChange.objects.filter(
        customer_id=asked.customer_id,
        effective_on__lte=asked.as_of,
        recorded_at__lt=asked.known,
    ).select_related("subscription__plan")
    found, total = newest(asked, rows.order_by("-effective_on", "-id"))
    shown = [
        ChangeRow(
            row.effective_on,
            row.get_kind_display(),
            row.subscription.plan.name if row.subscription.plan else "",
            row.mrr,
            row.currency,
            row.quantity,
            row.interval_months,
            row.renews_on,
            row.discount,
        )
        for row in found
    ]
    return Behind("change", shown, total)
