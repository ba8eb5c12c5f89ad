"""Interface tags, loaded into every template. /styleguide/ shows each of them."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

import lucide
from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from common import charts, formats
from common.formats import Number

register = template.Library()

# What stands where there is no value; screen readers pause on it.
NOTHING = "–"

# Bands by their stored number: tone, icon and words (health.enums.Band, which lies
# above this app, says what the numbers mean).
BANDS = {
    0: ("unknown", "circle-question-mark", _("Unknown")),
    1: ("crit", "triangle-alert", _("At risk")),
    2: ("warn", "eye", _("Watch")),
    3: ("ok", "circle-check", _("Healthy")),
}


def _counts(value: Number | None) -> TypeGuard[Number]:
    """This will be true of a number that says something.

    Templates read an attribute of what is missing as "", and NaN differs from itself.
    """
    return value is not None and value != "" and value == value


def _locale() -> str:
    return translation.get_language() or "en"


def _day_of(value: dt.date) -> dt.date:
    """This will return the local day of a moment, and a day as it is."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date()
    return value


def _zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())


# What every icon has in common stands in app.css, once instead of in each of them.
DRAWN = (
    ' width="24" height="24"',
    ' fill="none" stroke="currentColor" stroke-width="2"',
    ' stroke-linecap="round" stroke-linejoin="round"',
)


@cache
def _icon(name: str, css: str) -> SafeString:
    svg = lucide._render_icon(  # noqa: SLF001 - the package offers no other pure way
        name, None, **{"class": css, "aria-hidden": "true", "focusable": "false"}
    )
    for said_by_css in DRAWN:
        svg = svg.replace(said_by_css, "")
    return mark_safe(svg.replace("\n", ""))  # noqa: S308 - from the package


@register.simple_tag
def icon(name: str, css: str = "ico-s") -> SafeString:
    """This will draw an icon by its lucide name; the words beside it say the meaning."""
    return _icon(name, css)


@register.filter
def money(amount: Number | None, currency: str) -> str:
    """This will write an amount: {{ value|money:"EUR" }}."""
    return formats.money(amount, currency, _locale()) if _counts(amount) else NOTHING


@register.filter
def money_exact(amount: Number | None, currency: str) -> str:
    """This will write an amount to the cent: {{ invoice.total|money_exact:"EUR" }}."""
    return (
        formats.money_exact(amount, currency, _locale()) if _counts(amount) else NOTHING
    )


@register.filter
def money_short(amount: Number | None, currency: str) -> str:
    """This will write an amount briefly where the language can: {{ clv|money_short:"EUR" }}."""
    return (
        formats.money_short(amount, currency, _locale()) if _counts(amount) else NOTHING
    )


@register.filter
def percent(share: Number | None, digits: int = 0) -> str:
    """This will write a share of 1: {{ probability|percent }}."""
    return formats.percent(share, _locale(), digits) if _counts(share) else NOTHING


@register.simple_tag
def percent_range(low: Number | None, high: Number | None) -> str:
    """This will write an interval: {% percent_range low high %}."""
    if _counts(low) and _counts(high):
        return formats.percent_range(low, high, _locale())
    return NOTHING


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """This will write a number with grouping: {{ value|number }}."""
    return formats.number(value, _locale(), digits) if _counts(value) else NOTHING


@register.filter
def signed(value: Number | None, digits: int = 0) -> str:
    """This will write a change with its sign: {{ value|signed }}."""
    return formats.signed(value, _locale(), digits) if _counts(value) else NOTHING


@register.filter
def points(value: Number | None) -> str:
    """This will write percentage points, one decimal: {{ push|points }}."""
    return formats.points(value, _locale()) if _counts(value) else NOTHING


@register.filter
def day(value: dt.date | None) -> str:
    """This will write "18 Dec", with the year when it is far away."""
    return (
        formats.day(_day_of(value), _locale(), timezone.localdate())
        if value
        else NOTHING
    )


@register.filter
def day_long(value: dt.date | None) -> str:
    """This will write "18 December 2026"."""
    return formats.day_long(_day_of(value), _locale()) if value else NOTHING


@register.filter
def month_year(value: dt.date | None) -> str:
    """This will write "October 2026"."""
    return formats.month_year(_day_of(value), _locale()) if value else NOTHING


@register.filter
def month_short(value: dt.date | None) -> str:
    """This will write "Oct 2026"."""
    return formats.month_short(_day_of(value), _locale()) if value else NOTHING


@register.filter
def weekday(value: dt.date | None) -> str:
    """This will write "Tuesday 24 November"."""
    return formats.weekday(_day_of(value), _locale()) if value else NOTHING


@register.filter
def days_until(value: dt.date | None) -> str:
    """This will write "in 24 days"."""
    return (
        formats.days_until(_day_of(value), _locale(), timezone.localdate())
        if value
        else NOTHING
    )


@register.filter
def ago(value: dt.date | None) -> str:
    """This will write "41 days ago"."""
    return (
        formats.ago(_day_of(value), _locale(), timezone.localdate())
        if value
        else NOTHING
    )


@register.filter
def moment(value: dt.datetime | None) -> str:
    """This will write "24 Nov, 05:10" in the person's time zone."""
    return (
        formats.moment(value, _locale(), _zone(), timezone.localdate())
        if value
        else NOTHING
    )


WORDINGS: dict[str, Callable[[Any], str]] = {
    "ago": ago,
    "day": day,
    "day_long": day_long,
    "days_until": days_until,
    "moment": moment,
}


@register.simple_tag
def when(value: dt.date | None, wording: str = "ago", css: str = "") -> str:
    """This will mark up a time for machines and people: {% when task.due_on "day" %}.

    The full date is in the title, so that "41 days ago" can be checked.
    """
    if not value:
        return NOTHING
    full = moment(value) if isinstance(value, dt.datetime) else day_long(value)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        value.isoformat(),
        full,
        format_html(' class="{}"', css) if css else "",
        WORDINGS[wording](value),
    )


@register.filter
def initials(name: str) -> str:
    """This will return the letters of an avatar."""
    return formats.initials(name)


@register.filter
def tone(band: int | None) -> str:
    """This will give a band's tone, for the classes t-… and tag …."""
    return BANDS[band or 0][0]


@register.simple_tag
def band(value: int | None) -> str:
    """This will draw a band as a tag with icon and word: {% band customer.band %}."""
    css, name, label = BANDS[value or 0]
    return format_html('<span class="tag {}">{}{}</span>', css, icon(name), label)


@register.simple_tag
def sparkline(values: list[float], label: str) -> SafeString:
    """This will draw a small trend: {% sparkline scores "Health, from 70 to 46" %}."""
    return mark_safe(charts.sparkline(values, label=label))  # noqa: S308 - charts escape


@register.inclusion_tag("common/figure.html")
def figure(chart: charts.Figure) -> dict[str, Any]:
    """This will draw a chart with its message and its table: {% figure chart %}."""
    return {"figure": chart}


@register.inclusion_tag("common/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """This will draw one form field with label, help and errors: {% field form.name %}."""
    return {
        "field": bound,
        "css": css,
        "check": isinstance(bound.field.widget, CheckboxInput),
        "group": bound.use_fieldset,
    }


@register.inclusion_tag("common/error_summary.html")
def error_summary(form: BaseForm, *, first: bool = True) -> dict[str, Any]:
    """This will list a form's errors above it, each linked to its field.

    The focus goes to it when the page appears, unless `first=False` says otherwise.
    """
    fields = [bound for bound in form if bound.errors]
    return {"form": form, "fields": fields, "first": first}
