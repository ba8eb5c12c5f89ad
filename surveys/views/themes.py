"""The themes, ranked, and a new one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import LEADERS, for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from surveys.forms.themes import ThemeForm
from surveys.models import ThemeSearch
from surveys.selectors.themes import BY_PEOPLE, BY_REVENUE, PERIODS, themes_ranked
from surveys.services.themes import UnableToNameTheme, theme_create
from surveys.views.theme_chart import themes_figure


@require_safe
def themes(request: PersonalRequest) -> HttpResponse:
    """This will rank the themes by people or by revenue, over 90 or 365 days."""
    days = _days(request)
    by = BY_REVENUE if request.GET.get("by") == BY_REVENUE else BY_PEOPLE
    state = "settled" if request.GET.get("state") == "settled" else ""
    lines = themes_ranked(
        user=request.user,
        days=days,
        by=by,
        now=timezone.now(),
        today=timezone.localdate(),
    )
    shown = [line for line in lines if line.is_open is not bool(state)]
    content = {
        "lines": shown,
        "any": bool(lines),
        "chips": _chips(days, by, state, [line.is_open for line in lines]),
        "days": days,
        "by": by,
        "state": state,
        "chart": themes_figure(shown, days=days),
        "searches": ThemeSearch.objects.filter(finished_at=None).order_by("pk"),
        "leads": request.user.role in LEADERS,
    }
    return render(request, "surveys/themes.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def theme_new(request: PersonalRequest) -> HttpResponse:
    """This will take a new theme's name and phrases."""
    form = ThemeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = theme_create(
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                phrases=form.phrases(),
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToNameTheme as error:
            form.add_error("name", str(error))
        else:
            text = _("There is a theme “%(name)s” now.")
            messages.success(request, text % {"name": made.name})
            return HttpResponseRedirect(reverse("theme", args=[made.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "surveys/theme_new.html", {"form": form}, status=status)


def _days(request: PersonalRequest) -> int:
    given = request.GET.get("days", "")
    return int(given) if given in map(str, PERIODS) else PERIODS[0]


def _chips(
    days: int, by: str, state: str, opened: list[bool]
) -> dict[str, list[dict[str, object]]]:
    def link(**change: object) -> str:
        wanted = {"days": days, "by": by, "state": state, **change}
        return "?" + urlencode({name: value for name, value in wanted.items() if value})

    return {
        "state": [
            {
                "label": label,
                "url": link(state=value),
                "current": value == state,
                "count": opened.count(not value),
            }
            for value, label in (("", _("Open")), ("settled", _("Settled")))
        ],
        "days": [
            {"label": label, "url": link(days=value), "current": value == days}
            for value, label in zip(PERIODS, (_("90 days"), _("1 year")), strict=True)
        ],
        "by": [
            {"label": label, "url": link(by=value), "current": value == by}
            for value, label in (
                (BY_PEOPLE, _("By people")),
                (BY_REVENUE, _("By revenue")),
            )
        ],
    }
