"""When people work: days, hours, holidays."""

import datetime as dt

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.forms.holidays import Day, HolidayForm, HolidayLinesForm
from accounts.forms.settings import CalendarForm, CompanyPartForm
from accounts.http import PersonalRequest
from accounts.models import Holiday
from accounts.selectors.holidays import holiday_years, holidays_of
from accounts.services.holidays import holiday_delete, holidays_add
from accounts.views.settings_part import company_stored, part_answer
from common.undo import message_with_undo

SALT = "accounts.holiday"
# The page has several forms; each field needs an id of its own.
ONE = "holiday_%s"


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def settings_calendar(request: PersonalRequest) -> HttpResponse:
    """This will show and save the working week, above the holidays of a year."""

    def page(form: CompanyPartForm, status: int) -> HttpResponse:
        return _page(request, form=form, status=status)

    return part_answer(request, CalendarForm, page)


@require_POST
@for_administrators
def holiday_add(request: PersonalRequest) -> HttpResponse:
    """This will add one holiday."""
    form = HolidayForm(request.POST, auto_id=ONE)
    if not form.is_valid():
        return _page(request, one=form, status=422)
    return _added(request, [(form.cleaned_data["day"], form.cleaned_data["name"])])


@require_POST
@for_administrators
def holidays_paste(request: PersonalRequest) -> HttpResponse:
    """This will add the holidays of pasted lines: all of them or none."""
    form = HolidayLinesForm(request.POST)
    if not form.is_valid():
        return _page(request, several=form, status=422)
    return _added(request, form.cleaned_data["lines"])


@require_POST
@for_administrators
def holiday_remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will delete a holiday, with a way to take it back."""
    holiday = get_object_or_404(Holiday, pk=pk)
    holiday_delete(holiday=holiday, by=actor_of(request), now=timezone.now())
    token = signing.dumps([holiday.day.isoformat(), holiday.name], salt=SALT)
    message_with_undo(
        request,
        _("Deleted: %(name)s") % {"name": holiday.name},
        url=reverse("holiday_restore", args=[token]),
        back=_year_url(holiday.day.year),
    )
    return HttpResponseRedirect(_year_url(holiday.day.year))


@require_POST
@for_administrators
def holiday_restore(request: PersonalRequest, token: str) -> HttpResponse:
    """This will bring back a deleted holiday."""
    try:
        day, name = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=1))
    except signing.BadSignature:
        messages.warning(request, _("It is too late to undo this. Add the day again."))
        return HttpResponseRedirect(reverse("settings_calendar"))
    return _added(request, [(dt.date.fromisoformat(day), name)])


def _added(request: PersonalRequest, days: list[Day]) -> HttpResponse:
    added = holidays_add(days=days, by=actor_of(request), now=timezone.now())
    old = len(days) - added
    if added:
        text = ngettext(
            "%(days)s holiday was added.", "%(days)s holidays were added.", added
        )
        messages.success(request, text % {"days": added})
    if old:
        text = ngettext(
            "%(days)s day was there already.", "%(days)s days were there already.", old
        )
        messages.info(request, text % {"days": old})
    return HttpResponseRedirect(_year_url(days[0][0].year))


def _year_url(year: int) -> str:
    return f"{reverse('settings_calendar')}?year={year}#holidays"


def _page(
    request: PersonalRequest,
    *,
    form: CompanyPartForm | None = None,
    one: HolidayForm | None = None,
    several: HolidayLinesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    asked = request.GET.get("year") or request.POST.get("day", "")[:4]
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    year = year or today.year
    years = holiday_years()
    content = {
        "form": form or CalendarForm(stored=company_stored()),
        "one": one or HolidayForm(auto_id=ONE),
        "several": several or HolidayLinesForm(),
        "year": year,
        "years": sorted({*years, year, today.year, today.year + 1}),
        "holidays": holidays_of(year),
        "today": today,
    }
    return render(request, "accounts/settings_calendar.html", content, status=status)
