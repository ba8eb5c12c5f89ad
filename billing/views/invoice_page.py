"""The page of one invoice: what it charged, what came in, what is still owed."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import PersonalRequest
from billing.enums import PaymentState
from billing.forms.documents import CreditForm, DocumentForm, PaymentForm, RefundForm
from billing.invoice_words import Standing
from billing.models import Invoice
from billing.selectors.dunning.page import case_of
from billing.selectors.invoices import (
    credits_of,
    invoice_sums_of,
    lines_of,
    tries_of,
)
from billing.services.taking_out import may_be_taken_out
from common.dates import local_day

FORMS: dict[str, type[DocumentForm]] = {
    "payment": PaymentForm,
    "credit": CreditForm,
    "refund": RefundForm,
}


class InvoicePage:
    """What the page and its forms share. Seven queries, whatever stands on the invoice."""

    def __init__(
        self, request: PersonalRequest, invoice: Invoice, *, now: dt.datetime
    ) -> None:
        self.request, self.invoice, self.now = request, invoice, now
        self.zone = ZoneInfo(request.company.time_zone)
        self.today = local_day(now, self.zone)
        self.sums = invoice_sums_of(invoice)
        self.tries = tries_of(invoice)
        self.credits = list(credits_of(invoice))

    def form(self, name: str, data: Any = None) -> DocumentForm:
        """This will make one of the forms, as it stands on the page or as it was sent."""
        refunds = sum(len(one.refunds.all()) for one in self.tries)
        return FORMS[name](
            data,
            invoice=self.invoice,
            sums=self.sums,
            seen=len(self.tries) + len(self.credits) + refunds,
            today=self.today,
            payments=self.tries,
        )

    def forms(self, sent: DocumentForm | None) -> dict[str, DocumentForm]:
        """This will make the forms that make sense now, with the one that was sent."""
        came = any(one.state == PaymentState.SUCCEEDED for one in self.tries)
        names = ["payment"]
        if self.sums.credited < self.sums.total:
            names.append("credit")
        if came:
            names.append("refund")
        made = {name: self.form(name) for name in names}
        if sent is not None:
            made[str(sent.prefix)] = sent
        return made

    def removable(self) -> set[tuple[str, int]]:
        """This will say what was noted by hand today and may be taken out."""
        rows: list[tuple[str, Any]] = [("credit", one) for one in self.credits]
        for one in self.tries:
            gone = list(one.refunds.all())
            rows += [("refund", each) for each in gone]
            rows += [] if gone else [("payment", one)]
        return {
            (kind, row.pk)
            for kind, row in rows
            if may_be_taken_out(row, now=self.now, zone=self.zone)
        }


def invoice_answer(
    request: PersonalRequest,
    invoice: Invoice,
    *,
    sent: DocumentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """This will render the page, with the form that was sent and is amiss, if any."""
    page = InvoicePage(request, invoice, now=timezone.now())
    editable = invoice.customer.owner_id in request.user.reach.changes
    removable = page.removable() if editable else set()
    content = {
        "invoice": invoice,
        "customer": invoice.customer,
        "standing": Standing(invoice, page.sums, page.today),
        "sums": page.sums,
        "lines": list(lines_of(invoice)),
        "tries": page.tries,
        "credits": page.credits,
        "case": case_of(invoice),
        "forms": page.forms(sent) if editable else {},
        "form": sent,
        "removable_payments": {pk for kind, pk in removable if kind == "payment"},
        "removable_credits": {pk for kind, pk in removable if kind == "credit"},
        "removable_refunds": {pk for kind, pk in removable if kind == "refund"},
        "today": page.today,
    }
    return render(request, "billing/invoice.html", content, status=status)
