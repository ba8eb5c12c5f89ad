"""A customer's invoices: the list, one of them, and what is noted on it by hand."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.enums import PaymentState, RefundKind
from billing.forms.documents import DocumentForm, moment_of
from billing.invoice_words import Standing
from billing.models import Invoice
from billing.selectors.invoices import document_rows, invoice_sums, invoices_of
from billing.services.credit_notes import credit_note_record
from billing.services.payments import payment_record
from billing.services.recorded import Recorded, UnableToRecord
from billing.services.refunds import refund_record
from billing.services.taking_out import document_take_out
from billing.views.invoice_page import InvoicePage, invoice_answer
from common.dates import local_day
from common.undo import message_with_undo
from customers.access import customer_for, editable_row_for, row_for

PAGE = 40
WITH = ("customer__owner", "subscription__plan")


@require_safe
def customer_invoices(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will list a customer's invoices: all of them, the open or the overdue ones."""
    customer = customer_for(request.user, pk)
    today = local_day(timezone.now(), ZoneInfo(request.company.time_zone))
    show = request.GET.get("show", "")
    show = show if show in ("open", "overdue") else "all"
    page = _page_number(request)
    first = (page - 1) * PAGE
    rows = list(invoices_of(customer, show=show, today=today)[first : first + PAGE + 1])
    sums = invoice_sums(rows[:PAGE])
    link = f"?show={show}&page="
    content = {
        "customer": customer,
        "show": show,
        "standings": [Standing(row, sums[row.pk], today) for row in rows[:PAGE]],
        "previous_url": f"{link}{page - 1}" if page > 1 else "",
        "next_url": f"{link}{page + 1}" if len(rows) > PAGE else "",
    }
    return render(request, "billing/invoice_list.html", content)


def _page_number(request: PersonalRequest) -> int:
    text = request.GET.get("page", "")
    return (
        max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    )


@require_safe
def invoice(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show an invoice and all that happened to it."""
    stored: Invoice = row_for(request.user, Invoice.objects.select_related(*WITH), pk)
    return invoice_answer(request, stored)


@require_POST
def invoice_note(request: PersonalRequest, pk: int, kind: str) -> HttpResponse:
    """This will note a payment, credit note or refund; 422 shows what is amiss."""
    stored: Invoice = editable_row_for(
        request.user, Invoice.objects.select_related(*WITH), pk
    )
    if kind not in NOTES:
        raise Http404
    page = InvoicePage(request, stored, now=timezone.now())
    form = page.form(kind, request.POST)
    if form.is_valid():
        try:
            made = NOTES[kind](page, form)
        except UnableToRecord as error:
            form.add_error(None, str(error))
        else:
            return _noted(request, stored, kind, made)
    return invoice_answer(request, stored, sent=form, status=422)


def _noted(
    request: PersonalRequest, stored: Invoice, kind: str, made: "Recorded[Any]"
) -> HttpResponse:
    back = reverse("invoice", args=[stored.pk])
    text = " ".join([_("Noted."), *made.notes])
    url = reverse("invoice_take_out", args=[kind, made.row.pk])
    message_with_undo(request, text, url=url, back=back)
    return HttpResponseRedirect(back)


def _payment(page: InvoicePage, form: DocumentForm) -> "Recorded[Any]":
    values = form.cleaned_data
    return payment_record(
        invoice=page.invoice,
        state=PaymentState(values["state"]),
        amount=values["amount"],
        happened_at=moment_of(values["day"], zone=page.zone, now=page.now),
        reason=values["reason"],
        by=actor_of(page.request),
        now=page.now,
    )


def _credit(page: InvoicePage, form: DocumentForm) -> "Recorded[Any]":
    values = form.cleaned_data
    return credit_note_record(
        invoice=page.invoice,
        amount=values["amount"],
        issued_on=values["day"],
        reason=values["reason"],
        by=actor_of(page.request),
        now=page.now,
    )


def _refund(page: InvoicePage, form: DocumentForm) -> "Recorded[Any]":
    values = form.cleaned_data
    return refund_record(
        payment=values["payment"],
        kind=RefundKind(values["kind"]),
        amount=values["amount"],
        happened_at=moment_of(values["day"], zone=page.zone, now=page.now),
        reason=values["reason"],
        by=actor_of(page.request),
        now=page.now,
    )


NOTES: dict[str, Callable[[InvoicePage, DocumentForm], "Recorded[Any]"]] = {
    "payment": _payment,
    "credit": _credit,
    "refund": _refund,
}


@require_POST
def invoice_take_out(request: PersonalRequest, kind: str, pk: int) -> HttpResponse:
    """This will take out what was noted by hand today."""
    if kind not in NOTES:
        raise Http404
    row = editable_row_for(request.user, document_rows(kind), pk)
    invoice_id = row.payment.invoice_id if kind == "refund" else row.invoice_id
    try:
        document_take_out(row=row, by=actor_of(request), now=timezone.now())
    except UnableToRecord as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Taken out."))
    return HttpResponseRedirect(reverse("invoice", args=[invoice_id]))
