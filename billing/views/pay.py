"""The page behind the link of a mail about a payment. No card field, here or anywhere.

Reached without signing in, without a cookie, without a form token: the link's own token is
what counts. A GET may ask the gateway where its own page is and keep that address; it
writes nothing else. Paying and changing a card happen on the gateway's pages.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Company
from accounts.selectors import company as the_company
from billing.dunning_rows import method_words
from billing.models import GatewayAccount, Invoice, PaymentMethod
from billing.selectors.pay_links import (
    invoice_opened,
    invoice_standing,
    method_opened,
)
from billing.selectors.people import payers
from billing.services.gateways.pages import (
    UnableToOpenPage,
    invoice_page_find,
    may_ask,
    methods_page_open,
)
from billing.views.offer import RETRY_SECONDS, guarded
from common.dates import first_zone
from common.outage import database_is_away

# A page that was opened is opened again by the same key, so a double click opens one.
SAME_SECONDS = 30


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """This will show what is owed on an invoice, or whose card runs out (GET), and lead to
    the gateway's page on which a customer changes how they pay (POST)."""
    request.encoding = "utf-8"
    try:
        return _opened(request, token)
    except DatabaseError as error:
        if not database_is_away(error):
            raise
        page = _answer(request, "busy", status=503, company_name="")
        page.headers["Retry-After"] = RETRY_SECONDS
        return page


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    invoice = invoice_opened(token, now=timezone.now())
    if invoice is not None:
        return _spoken(
            invoice.customer_id, lambda: _invoice(request, invoice, token=token)
        )
    method = method_opened(token)
    if method is not None:
        return _spoken(method.customer_id, lambda: _method(request, method))
    return _answer(request, "unknown", status=404)


def _spoken(customer_id: int, page: Callable[[], HttpResponse]) -> HttpResponse:
    """This will make a page in the language of whoever is written to about money."""
    reader = payers([customer_id]).get(customer_id)
    zone = first_zone(reader.time_zone if reader else "", the_company().time_zone)
    language = reader.language if reader else ""
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(zone),
    ):
        return page()


def _invoice(request: HttpRequest, invoice: Invoice, *, token: str) -> HttpResponse:
    standing = invoice_standing(invoice)
    open_ = standing.state == "open"
    error, status = "", 200
    if request.method == "POST" and open_:
        try:
            return _led(request, invoice.gateway, invoice.customer_id)
        except UnableToOpenPage as refusal:
            error, status = str(refusal), 503
    wanted = open_ and not standing.under_way and request.method != "HEAD"
    content = {
        "invoice": invoice,
        "standing": standing,
        "sums": standing.sums,
        "open": open_,
        "page": invoice_page_find(invoice=invoice) if wanted else "",
        "changes": open_ and may_ask(invoice.gateway),
        # Only where we try again ourselves is a new card charged at once.
        "collects": bool(invoice.gateway and invoice.gateway.collects),
        "owner": invoice.customer.owner,
        "error": error,
        "token": token,
    }
    return _answer(request, "invoice", status=status, **content)


def _method(request: HttpRequest, method: PaymentMethod) -> HttpResponse:
    current = method.is_default and method.removed_at is None
    changes = current and may_ask(method.account)
    error, status = "", 200
    if request.method == "POST" and changes:
        try:
            return _led(request, method.account, method.customer_id)
        except UnableToOpenPage as refusal:
            error, status = str(refusal), 503
    content = {
        "method": method,
        "pays_with": method_words(method),
        "current": current,
        "expired": bool(method.expires_on and method.expires_on < timezone.localdate()),
        "changes": changes,
        "owner": method.customer.owner,
        "error": error,
    }
    return _answer(request, "method", status=status, **content)


def _led(
    request: HttpRequest, account: GatewayAccount | None, customer_id: int
) -> HttpResponse:
    """This will lead on to the gateway. By a header and a link instead of a redirect, which
    our own rules for forms would stop at the border of this site."""
    if account is None or not may_ask(account):
        raise UnableToOpenPage
    slot = int(timezone.now().timestamp()) // SAME_SECONDS
    url = methods_page_open(
        account=account,
        customer_id=customer_id,
        back=_own_address(request),
        key=f"methods:{account.pk}:{customer_id}:{slot}",
    )
    page = _answer(request, "leave", status=200, url=url)
    page.headers["Refresh"] = f"0;url={url}"
    return page


def _own_address(request: HttpRequest) -> str:
    base = the_company().base_url.rstrip("/")
    return base + request.path if base else request.build_absolute_uri(request.path)


def _answer(
    request: HttpRequest, name: str, *, status: int, **content: Any
) -> HttpResponse:
    if "company_name" not in content:
        company = Company.objects.filter(id=1).first() or Company()
        content["company_name"] = company.name
    page = render(request, f"billing/pay/{name}.html", content, status=status)
    page.headers["Content-Language"] = translation.get_language() or ""
    return guarded(page)
