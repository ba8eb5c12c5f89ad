"""Do they pay, and for more or less than before?"""

from functools import partial

import numpy as np
from django.utils.translation import gettext_lazy as _

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import ALWAYS, Measure, Reading, ageless, since
from health.measures.words import billing as say

STREAM = Freshness(full=45, half_life=30, maximum=180)
BASELINE_TENURE = 180
DAYS_IN_MONTH = 30.4375


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
    applies = (facts["tenure"] >= BASELINE_TENURE) & (before > 0)
    return Reading(value, ageless(now), before, applies)


def _downgrade(facts: Facts) -> Reading:
    """Applies to subscribers: who pays for nothing yet cannot pay for less."""
    days = facts["downgrade_days"]
    pays = (facts["mrr"] > 0) | (facts["mrr_before"] > 0) | (days >= 0)
    return Reading(since(days, say.DOWNGRADE_WINDOW), ageless(days), applies=pays)


def _where_known(facts: Facts, column: str) -> Reading:
    """Does not apply where nothing is on record: what nobody sends is nobody's fault."""
    value = missing(facts[column])
    return Reading(value, ageless(value), applies=~np.isnan(value))


def _discount(facts: Facts) -> Reading:
    return _where_known(facts, "discount")


def _renewal(facts: Facts) -> Reading:
    return _where_known(facts, "renewal_days")


def _interval(facts: Facts) -> Reading:
    return _where_known(facts, "interval_months")


def _tenure(facts: Facts) -> Reading:
    return Reading(facts["tenure"] / DAYS_IN_MONTH, ageless(facts["tenure"]))


_measure = partial(Measure, group="billing")

# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid. The same way nobody
# falls to the worst anchor of the days to renewal: a date is no fault.
MEASURES = [
    _measure(
        code=60,
        key="overdue",
        source="invoices",
        label=_("Overdue invoice"),
        unit=_("days"),
        help=_("Days the oldest open invoice is past its due date."),
        icon="receipt",
        weight=3,
        anchors=(30, 10, 0, -10),
        freshness=STREAM,
        read=_overdue,
        sentence=say.overdue,
    ),
    _measure(
        code=61,
        key="late_invoices",
        source="invoices",
        label=_("Late invoices"),
        unit=_("invoices"),
        help=_("Invoices of 180 days paid more than 3 days late, or not yet."),
        icon="calendar-clock",
        weight=2,
        anchors=(3, 1, 0, -1),
        freshness=STREAM,
        read=_late,
        sentence=say.late,
    ),
    _measure(
        code=62,
        key="failed_payments",
        source="payments",
        label=_("Failed payments"),
        unit=_("payments"),
        help=_(
            "Payments that failed in the last 60 days; tries of one invoice count once."
        ),
        icon="credit-card",
        weight=2,
        anchors=(3, 1, 0, -1),
        freshness=STREAM,
        read=_failed_payments,
        sentence=say.failed,
    ),
    _measure(
        code=63,
        key="revenue_trend",
        source="subscriptions",
        label=_("Revenue, trend"),
        unit=_("times"),
        help=_("Monthly recurring revenue against 180 days ago."),
        icon="trending-down",
        weight=2,
        anchors=(0.5, 0.85, 1.0, 1.15),
        freshness=ALWAYS,
        read=_revenue_trend,
        sentence=say.revenue,
    ),
    _measure(
        code=66,
        key="downgrade",
        source="subscriptions",
        label=_("Downgrade"),
        unit=_("days"),
        help=_(
            "Days since the revenue of a subscription last fell; remembered for 180 days."
        ),
        icon="circle-arrow-down",
        weight=1,
        anchors=(0, 90, 180, 270),
        freshness=ALWAYS,
        read=_downgrade,
        sentence=say.downgrade,
    ),
    _measure(
        code=67,
        key="discount",
        source="subscriptions",
        label=_("Discount"),
        unit=_("share"),
        help=_("Discount as a share of the list price."),
        icon="percent",
        weight=1,
        anchors=(0.6, 0.3, 0.1, -0.1),
        freshness=ALWAYS,
        read=_discount,
        sentence=say.discount,
    ),
    _measure(
        code=65,
        key="renewal",
        source="subscriptions",
        label=_("Days to renewal"),
        unit=_("days"),
        help=_("Days until the contract renews next."),
        icon="calendar-sync",
        weight=1,
        anchors=(-60, 14, 90, 300),
        freshness=ALWAYS,
        read=_renewal,
        sentence=say.renewal,
    ),
    _measure(
        code=68,
        key="interval",
        source="subscriptions",
        label=_("Paid for how long"),
        unit=_("months"),
        help=_("Months one payment covers: 1 by the month, 12 by the year."),
        icon="repeat",
        weight=1,
        anchors=(0, 1, 6, 12),
        freshness=ALWAYS,
        read=_interval,
        sentence=say.interval,
    ),
    _measure(
        code=64,
        key="tenure",
        source="profile",
        label=_("Time as a customer"),
        unit=_("months"),
        help=_("Months since the customer started."),
        icon="hourglass",
        weight=1,
        anchors=(0, 3, 12, 36),
        freshness=ALWAYS,
        read=_tenure,
        sentence=say.tenure,
    ),
]
