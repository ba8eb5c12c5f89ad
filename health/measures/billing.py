"""Do they pay, and for more or less than before?"""

import datetime as dt

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import Measure, Reading

STREAM = Freshness(full=45, half_life=30, maximum=180)
ALWAYS = Freshness(full=36_500, half_life=1, maximum=36_500)
GROUP = "billing"
BASELINE_TENURE = 180


def _invoiced(facts: Facts, column: str) -> Reading:
    value = np.where(facts["invoices_seen"] > 0, facts[column], np.nan)
    return Reading(value.astype(np.float64), missing(facts["invoice_source_age"]))


def _overdue(facts: Facts) -> Reading:
    return _invoiced(facts, "overdue_days")


def _late(facts: Facts) -> Reading:
    return _invoiced(facts, "invoices_late")


def _failed_payments(facts: Facts) -> Reading:
    """Does not apply to those who pay without our seeing each try, by transfer say."""
    count = facts["payments_failed"].astype(np.float64)
    age = missing(facts["invoice_source_age"])
    return Reading(count, age, applies=facts["payments_seen"] > 0)


def _revenue_trend(facts: Facts) -> Reading:
    now, before = facts["mrr"], facts["mrr_before"]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(before > 0, now / before, np.nan)
    age = np.zeros(len(now))
    applies = (facts["tenure"] >= BASELINE_TENURE) & (before > 0)
    return Reading(value, age, before, applies)


def _tenure(facts: Facts) -> Reading:
    return Reading(facts["tenure"] / 30.4375, np.zeros(len(facts["tenure"])))


def _say_overdue(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("No invoice is overdue")
    return ngettext(
        "An invoice is %(days)d day overdue",
        "An invoice is %(days)d days overdue",
        days,
    ) % {"days": days}


def _say_late(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    return ngettext(
        "%(count)d invoice was paid late in six months",
        "%(count)d invoices were paid late in six months",
        count,
    ) % {"count": count}


def _say_failed(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    return ngettext(
        "%(count)d payment failed in 60 days",
        "%(count)d payments failed in 60 days",
        count,
    ) % {"count": count}


def _say_revenue(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    change = abs(round((value - 1) * 100))
    if change == 0:
        return _("Pays as much as six months ago")
    if value < 1:
        return _("Pays %(change)d%% less than six months ago") % {"change": change}
    return _("Pays %(change)d%% more than six months ago") % {"change": change}


def _say_tenure(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    months = int(value)
    if months == 0:
        return _("Customer for less than a month")
    return ngettext(
        "Customer for %(months)d month", "Customer for %(months)d months", months
    ) % {"months": months}


# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid.
MEASURES = [
    Measure(
        code=60,
        key="overdue",
        group=GROUP,
        source="invoices",
        label=gettext_lazy("Overdue invoice"),
        unit=gettext_lazy("days"),
        help=gettext_lazy("Days the oldest open invoice is past its due date."),
        icon="receipt",
        weight=6,
        anchors=(30, 10, 0, -10),
        freshness=STREAM,
        read=_overdue,
        sentence=_say_overdue,
    ),
    Measure(
        code=61,
        key="late_invoices",
        group=GROUP,
        source="invoices",
        label=gettext_lazy("Late invoices"),
        unit=gettext_lazy("invoices"),
        help=gettext_lazy(
            "Invoices of 180 days paid more than 3 days late, or not yet."
        ),
        icon="calendar-clock",
        weight=4,
        anchors=(3, 1, 0, -1),
        freshness=STREAM,
        read=_late,
        sentence=_say_late,
    ),
    Measure(
        code=62,
        key="failed_payments",
        group=GROUP,
        source="payments",
        label=gettext_lazy("Failed payments"),
        unit=gettext_lazy("payments"),
        help=gettext_lazy("Payments that failed in the last 60 days."),
        icon="credit-card",
        weight=4,
        anchors=(3, 1, 0, -1),
        freshness=STREAM,
        read=_failed_payments,
        sentence=_say_failed,
    ),
    Measure(
        code=63,
        key="revenue_trend",
        group=GROUP,
        source="subscriptions",
        label=gettext_lazy("Revenue, trend"),
        unit=gettext_lazy("times"),
        help=gettext_lazy("Monthly recurring revenue against 180 days ago."),
        icon="trending-down",
        weight=5,
        anchors=(0.5, 0.85, 1.0, 1.15),
        freshness=ALWAYS,
        read=_revenue_trend,
        sentence=_say_revenue,
    ),
    Measure(
        code=64,
        key="tenure",
        group=GROUP,
        source="profile",
        label=gettext_lazy("Time as a customer"),
        unit=gettext_lazy("months"),
        help=gettext_lazy("Months since the customer started."),
        icon="hourglass",
        weight=4,
        anchors=(0, 3, 12, 36),
        freshness=ALWAYS,
        read=_tenure,
        sentence=_say_tenure,
    ),
]
