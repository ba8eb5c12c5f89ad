"""What the forecasts reckon with: currency, margin, costs, and rates by hand."""

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.forms.rates import CurrencyForm, RateForm, RatesFileForm
from accounts.forms.settings import CompanyPartForm, MoneyForm
from accounts.http import PersonalRequest
from accounts.importing.rates import KNOWN
from accounts.models import ExchangeRate
from accounts.selectors.rates import currencies_with_rates, rates_page
from accounts.services.company import UnableToSaveUnseen, company_change
from accounts.services.rates import UnableToStoreRate, rate_add, rate_delete
from accounts.views.settings_part import company_stored, part_answer, saved
from common.undo import message_with_undo

SALT = "accounts.rate"


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def settings_money(request: PersonalRequest) -> HttpResponse:
    """This will show and save margin, costs and discount, beside currency and rates."""

    def page(form: CompanyPartForm, status: int) -> HttpResponse:
        return money_page(request, form=form, status=status)

    return part_answer(request, MoneyForm, page)


@require_POST
@for_administrators
def currency_change(request: PersonalRequest) -> HttpResponse:
    """This will change the currency once the person has said that it is meant."""
    form = CurrencyForm(request.POST, stored=company_stored())
    if not form.is_valid():
        return money_page(request, currency=form, status=422)
    if form.asks:
        form.ask()
        return money_page(request, currency=form, status=422)
    try:
        changed = company_change(
            values=form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
            keep_rates=form.keep_rates,
        )
    except UnableToSaveUnseen:
        form.meet(company_stored())
        return money_page(request, currency=form, status=409)
    saved(request, changed)
    return HttpResponseRedirect(reverse("settings_money"))


@require_safe
@for_administrators
def settings_rates(request: PersonalRequest, currency: str) -> HttpResponse:
    """This will list a currency's rates, newest first."""
    if currency not in KNOWN:
        raise Http404
    before = request.GET.get("before", "")
    try:
        until = dt.date.fromisoformat(before) if before else None
    except ValueError:
        until = None
    rates, older = rates_page(currency=currency, before=until)
    content = {
        "currency": currency,
        "rates": rates,
        "older": older,
        "before": until,
        "ours": request.company.currency,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/settings_rates.html", content)


@require_POST
@for_administrators
def rate_create(request: PersonalRequest) -> HttpResponse:
    """This will store one rate."""
    form = RateForm(request.POST, ours=request.company.currency)
    if not form.is_valid():
        return money_page(request, rate=form, status=422)
    try:
        stored = rate_add(**form.cleaned_data, by=actor_of(request), now=timezone.now())
    except UnableToStoreRate as error:
        form.add_error(None, str(error))
        return money_page(request, rate=form, status=422)
    text = _("Stored: %(currency)s") % {"currency": stored.currency}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("settings_money") + "#rates")


@require_POST
@for_administrators
def rate_remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will delete a rate, with a way to take it back."""
    rate = get_object_or_404(ExchangeRate, pk=pk)
    rate_delete(rate=rate, by=actor_of(request), now=timezone.now())
    token = signing.dumps(
        [rate.currency, rate.valid_on.isoformat(), str(rate.rate)], salt=SALT
    )
    back = reverse("settings_rates", args=[rate.currency])
    message_with_undo(
        request,
        _("The rate was deleted."),
        url=reverse("rate_restore", args=[token]),
        back=back,
    )
    return HttpResponseRedirect(back)


@require_POST
@for_administrators
def rate_restore(request: PersonalRequest, token: str) -> HttpResponse:
    """This will bring back a deleted rate."""
    try:
        currency, day, rate = signing.loads(
            token, salt=SALT, max_age=dt.timedelta(days=1)
        )
        rate_add(
            currency=currency,
            valid_on=dt.date.fromisoformat(day),
            rate=Decimal(rate),
            by=actor_of(request),
            now=timezone.now(),
        )
    except (signing.BadSignature, UnableToStoreRate):
        messages.warning(request, _("It is too late to undo this. Add the rate again."))
        return HttpResponseRedirect(reverse("settings_money"))
    messages.success(request, _("The rate is there again."))
    return HttpResponseRedirect(reverse("settings_rates", args=[currency]))


def money_page(
    request: PersonalRequest,
    *,
    form: CompanyPartForm | None = None,
    currency: CurrencyForm | None = None,
    rate: RateForm | None = None,
    file: RatesFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """This will render the page about money, with the form that is wrong as it was typed."""
    stored = company_stored()
    today = timezone.localdate()
    content = {
        "form": form or MoneyForm(stored=stored),
        "currency_form": currency or CurrencyForm(stored=stored),
        "rate_form": rate
        or RateForm(ours=stored.currency, initial={"valid_on": today}),
        "file_form": file or RatesFileForm(ours=stored.currency),
        "ours": stored.currency,
        "currencies": currencies_with_rates(today=today),
    }
    return render(request, "accounts/settings_money.html", content, status=status)
