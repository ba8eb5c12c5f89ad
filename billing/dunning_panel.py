"""Failing payments and payment methods on the customer's page."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company
from billing.dunning_rows import CaseRow, expiry_words, method_words, rows_of
from billing.enums import CaseState
from billing.models import DunningAction, DunningCase, PaymentMethod
from customers.extension import Tag
from customers.models import Customer
from customers.timeline import Place, TimelineLine

SHOWN = 5
WRITTEN = ("mail", "letter")


def failing_rows(
    customer: Customer, *, company: Company, now: dt.datetime
) -> list[CaseRow]:
    """This will put the customer's open cases into words, the oldest first.

    One query where there is none.
    """
    rows = DunningCase.objects.filter(customer=customer, state=CaseState.OPEN)
    rows = rows.select_related("invoice", "customer", "method")
    cases = list(rows.order_by("began_at", "pk")[:SHOWN])
    return rows_of(cases, company=company, now=now) if cases else []


def failing_mark(failing: Sequence[CaseRow]) -> Sequence[Tag]:
    """This will say beside the name that a payment fails: no word about health."""
    if not failing:
        return ()
    words = ngettext("Payment failing", "%(n)d payments failing", len(failing))
    return (Tag("warn", "credit-card", words % {"n": len(failing)}),)


def methods_shown(customer: Customer, *, today: dt.date) -> list[dict[str, str]]:
    """This will list what the customer pays with, the usual one first. One query."""
    rows = PaymentMethod.objects.filter(customer=customer, removed_at__isnull=True)
    rows = rows.order_by("-is_default", "-added_at", "-pk")
    return [
        {
            "name": method_words(one),
            "expiry": expiry_words(one, today),
            "tone": _tone(one, today),
            "usual": "yes" if one.is_default else "",
        }
        for one in rows[:SHOWN]
    ]


def _tone(method: PaymentMethod, today: dt.date) -> str:
    if method.expires_on is None or not method.is_default:
        return ""
    if method.expires_on < today:
        return "crit"
    return "warn" if (method.expires_on - today).days <= 30 else ""


def mail_lines(
    customer: Customer, behind: Place | None, limit: int
) -> list[TimelineLine]:
    """This will tell of the mails that were written about failed payments. One query."""
    source, moment = "dunning_mail", "done_at"
    where = behind.behind(source, moment) if behind else Q()
    rows = DunningAction.objects.filter(
        where, customer=customer, kind__in=WRITTEN, skipped=False
    ).select_related("case__invoice")
    template = "billing/events/dunning_mail.html"
    return [
        TimelineLine(source, row.pk, row.done_at, template, {"action": row})
        for row in rows.order_by("-done_at", "-pk")[:limit]
    ]


def method_lines(
    customer: Customer, behind: Place | None, limit: int, *, today: dt.date
) -> list[TimelineLine]:
    """This will tell of payment methods that were added. One query."""
    source, moment = "payment_method", "added_at"
    where = behind.behind(source, moment) if behind else Q()
    rows = PaymentMethod.objects.filter(where, customer=customer)
    template = "billing/events/payment_method.html"
    return [
        TimelineLine(
            source,
            row.pk,
            row.added_at,
            template,
            {"words": _method_told(row, today)},
        )
        for row in rows.order_by("-added_at", "-pk")[:limit]
    ]


def _method_told(row: PaymentMethod, today: dt.date) -> str:
    name = method_words(row)
    if row.removed_at:
        return _("%(name)s, taken away since") % {"name": name}
    expiry = expiry_words(row, today)
    return f"{name}, {expiry}" if expiry else name
