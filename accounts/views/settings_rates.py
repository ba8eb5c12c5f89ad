"""Exchange rates from a file and into one."""

import csv
import datetime as dt
from decimal import Decimal
from itertools import islice

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.forms.rates import RatesFileForm
from accounts.http import PersonalRequest
from accounts.importing.rates import COLUMNS, Key, RatesRead
from accounts.models import ExchangeRate
from accounts.services.rates import UnableToStoreRate, rates_compare, rates_store
from accounts.views.settings_money import money_page

SALT = "accounts.rates"
SHOWN = 20
SHOWN_TROUBLES = 100


@require_POST
@for_administrators
def rates_preview(request: PersonalRequest) -> HttpResponse:
    """This will read a file and show what it would change. Nothing is stored."""
    form = RatesFileForm(request.POST, request.FILES, ours=request.company.currency)
    if not form.is_valid():
        return money_page(request, file=form, status=422)
    return _preview(request, form.cleaned_data["file"])


@require_POST
@for_administrators
def rates_keep(request: PersonalRequest) -> HttpResponse:
    """This will store the good lines of a file that was shown before."""
    try:
        rates = _unpacked(request.POST.get("rates", ""))
        compared = rates_store(rates=rates, by=actor_of(request), now=timezone.now())
    except signing.BadSignature:
        messages.warning(request, _("That was too long ago. Choose the file again."))
        return HttpResponseRedirect(reverse("settings_money") + "#rates")
    except UnableToStoreRate as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("settings_money") + "#rates")
    count = len(compared.added) + len(compared.changed)
    if count:
        text = ngettext("%(rates)s rate stored.", "%(rates)s rates stored.", count)
        messages.success(request, text % {"rates": count})
    else:
        messages.info(request, _("All of these rates were stored already."))
    return HttpResponseRedirect(reverse("settings_money") + "#rates")


@require_safe
@for_administrators
def rates_file(request: PersonalRequest) -> HttpResponse:
    """This will write all rates as a file that can be imported again."""
    name = f"rates-{request.company.currency}-{timezone.localdate()}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    rates = ExchangeRate.objects.order_by("currency", "valid_on")
    for currency, day, rate in rates.values_list("currency", "valid_on", "rate"):
        writer.writerow([currency, day.isoformat(), f"{rate:f}"])
    return response


def _preview(request: PersonalRequest, read: RatesRead) -> HttpResponse:
    compared = rates_compare(read.rates)
    content = {
        "total": len(read.rates) + len(read.troubles),
        "good": len(read.rates),
        "new": len(compared.added) + len(compared.changed),
        "added": len(compared.added),
        "changed": len(compared.changed),
        "same": compared.same,
        "changes": [
            (key, old, rate)
            for key, (old, rate) in islice(compared.changed.items(), SHOWN)
        ],
        "additions": list(islice(compared.added.items(), SHOWN)),
        "troubles": read.troubles[:SHOWN_TROUBLES],
        "troubled": len(read.troubles),
        "hidden_troubles": max(0, len(read.troubles) - SHOWN_TROUBLES),
        "packed": _packed(read.rates),
        "ours": request.company.currency,
    }
    status = 422 if read.troubles else 200
    return render(
        request, "accounts/settings_rates_preview.html", content, status=status
    )


def _packed(rates: dict[Key, Decimal]) -> str:
    rows = [[code, day.isoformat(), str(rate)] for (code, day), rate in rates.items()]
    return signing.dumps(rows, salt=SALT, compress=True)


def _unpacked(text: str) -> dict[Key, Decimal]:
    rows = signing.loads(text, salt=SALT, max_age=dt.timedelta(hours=12))
    return {
        (code, dt.date.fromisoformat(day)): Decimal(rate) for code, day, rate in rows
    }
