"""By which conventions revenue is reckoned, and what others would make of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.calculations.conventions import (
    PRESETS,
    Conventions,
    UnknownConvention,
)
from billing.selectors.ledger_state import conventions_in_use
from billing.services.conventions import (
    UnableToChangeUnseen,
    conventions_change,
    preset_of,
)
from common.dates import months_before
from insights.compare_words import compared_lines
from insights.convention_forms import ConventionsForm
from insights.convention_lines import month_beside, months_beside
from insights.convention_words import sets_named, switches_beside
from insights.revenue_choice import month_of
from insights.revenue_words import preset_name
from insights.selectors.revenue import Ledger, anything_sold, ledger_for
from insights.selectors.revenue_compare import LIVE, compared_page, months_of
from insights.selectors.revenue_reasons import reasons_of
from insights.views.revenue import head_of

SALT = "insights.conventions"
YEAR = 12


@require_safe
def conventions(request: PersonalRequest) -> HttpResponse:
    """This will show the switches in force beside the presets."""
    return _page(request, conventions_in_use(), form=None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def conventions_edit(request: PersonalRequest) -> HttpResponse:
    """This will show the form, try what is chosen, or put it in force.

    422 for what is wrong, 409 when somebody else has changed them meanwhile.
    """
    now = conventions_in_use()
    if request.method != "POST":
        first = PRESETS.get(request.GET.get("preset", ""), now)
        form = ConventionsForm(initial={**first.as_json(), "seen": _sealed(now)})
        return _page(request, now, form=form, tried=first if first != now else None)
    form = ConventionsForm(request.POST)
    if not form.is_valid():
        return _page(request, now, form=form, status=422)
    chosen = form.switches()
    if "try" in request.POST:
        return _page(request, now, form=form, tried=chosen)
    try:
        seen = Conventions.from_json(
            signing.loads(form.cleaned_data["seen"], salt=SALT)
        )
        changed = conventions_change(
            switches=chosen, seen=seen, by=actor_of(request), now=timezone.now()
        )
    except (UnableToChangeUnseen, signing.BadSignature, UnknownConvention):
        again = ConventionsForm({**request.POST.dict(), "seen": _sealed(now)})
        return _page(request, now, form=again, tried=chosen, met=True, status=409)
    if changed:
        text = _("Saved. The ledger and all its sums are made anew in the background.")
        messages.success(request, text)
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(reverse("conventions"))


def _sealed(switches: Conventions) -> str:
    return signing.dumps(switches.as_json(), salt=SALT)


def _page(
    request: PersonalRequest,
    now: Conventions,
    *,
    form: ConventionsForm | None,
    tried: Conventions | None = None,
    met: bool = False,
    status: int = 200,
) -> HttpResponse:
    ledger = ledger_for(request.user)
    sets = sets_named(now, preset_of(now))
    content: dict[str, Any] = {
        **head_of(request, ledger),
        "sets": sets,
        "switches": switches_beside(now, [switches for _key, _name, switches in sets]),
        "form": form,
        "met": met,
        "currency": request.company.currency,
    }
    if tried is not None:
        content |= _tried(ledger, now, tried)
    return render(request, "insights/revenue/conventions.html", content, status=status)


def _tried(
    ledger: Ledger | None, now: Conventions, tried: Conventions
) -> dict[str, Any]:
    """This will say what the last twelve months would be, where that is kept."""
    preset = preset_of(tried)
    content: dict[str, Any] = {"tried": preset_name(preset), "same": tried == now}
    if ledger is None or preset not in PRESETS or tried == now:
        return content
    last = ledger.last.replace(day=1)
    first = max(months_before(last, YEAR - 1), ledger.earliest)
    ones = months_of(ledger, preset, first, last)
    others = months_of(ledger, LIVE, first, last)
    return content | {"beside": months_beside(ones, others)}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sets of conventions by their keys, a month, and where a page begins."""

    one: str
    other: str
    month: dt.date
    behind: int

    @property
    def url(self) -> str:
        return f"?a={self.one}&b={self.other}&month={self.month:%Y-%m}"


@require_safe
def conventions_compare(request: PersonalRequest) -> HttpResponse:
    """This will itemise a month by customer where two conventions differ.

    The number of queries is fixed.
    """
    ledger = ledger_for(request.user)
    content = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/revenue/compare.html", content)
    sets = sets_named(ledger.switches, preset_of(ledger.switches))
    pair = _pair(request, [key for key, _name, _switches in sets], ledger)
    names = {key: name for key, name, _switches in sets}
    sums = [
        months_of(ledger, key, pair.month, pair.month) for key in (pair.one, pair.other)
    ]
    content |= {
        "sets": sets,
        "pair": pair,
        "names": (names[pair.one], names[pair.other]),
        "months": _months(ledger),
        "beside": month_beside(sums[0][0], sums[1][0]) if all(sums) else [],
        "lost": [rows[0].customers_lost for rows in sums] if all(sums) else [],
        "currency": request.company.currency,
        **_differing(request, ledger, pair, {key: one for key, _name, one in sets}),
    }
    return render(request, "insights/revenue/compare.html", content)


def _pair(request: PersonalRequest, keys: list[str], ledger: Ledger) -> Pair:
    """This will read the address; whatever makes no sense is the usual."""
    one, other = request.GET.get("a", ""), request.GET.get("b", "")
    at = request.GET.get("at", "")
    return Pair(
        one if one in keys else keys[1],
        other if other in keys else LIVE,
        month_of(request.GET.get("month", "")) or ledger.last.replace(day=1),
        int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0,
    )


def _differing(
    request: PersonalRequest, ledger: Ledger, pair: Pair, known: dict[str, Conventions]
) -> dict[str, Any]:
    """This will list a page of the customers of whom the two differ, and say why."""
    rows, more = (
        ([], False)
        if pair.one == pair.other
        else compared_page(
            request.user, pair.one, pair.other, pair.month, behind=pair.behind
        )
    )
    why = reasons_of(
        sorted({row.customer_id for row in rows}),
        known[pair.one],
        known[pair.other],
        month=pair.month,
        until=ledger.last,
    )
    return {
        "lines": compared_lines(rows, why),
        "previous_url": pair.url if pair.behind else "",
        "next_url": f"{pair.url}&at={rows[-1].customer_id}" if more else "",
    }


def _months(ledger: Ledger) -> list[dt.date]:
    """This will list the months to choose from, newest first."""
    found: list[dt.date] = []
    month = ledger.last.replace(day=1)
    while month >= ledger.earliest and len(found) < 2 * YEAR:
        found.append(month)
        month = months_before(month, 1)
    return found
