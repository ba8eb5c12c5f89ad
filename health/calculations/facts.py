"""Columns of facts about customers, and how measures read them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

# Column name to an array with one value per customer, as of a day.
Facts = dict[str, NDArray[Any]]

# Every column of the facts and its kind. −1 marks "none" unless the line says otherwise;
# "days" are days before the day. Windows of a late source end with its last day on time.
COLUMNS = {
    "customer_id": "bigint",
    "segment_id": "bigint",  # as known on the day; 0 for none
    "parent_id": "bigint",  # as known on the day; 0 for none
    "tenure": "integer",  # days since the customer started
    "onboarding_days": "integer",  # days in the stage of onboarding; −1: is not in it
    "acquisition_cost": "double",  # 0 for none
    # Subscriptions, in the company's currency
    "rate_missing": "boolean",
    "mrr": "double",
    "mrr_before": "double",  # 180 days before
    "mrr_year_ago": "double",  # 365 days before
    "seats": "bigint",
    "renewal_days": "integer",  # days until the next renewal
    "interval_months": "integer",  # of the subscription with the highest revenue
    "plan_id": "bigint",  # of the same; 0 for none
    "discount": "double",  # share of the list price, 0..1; −1: not known
    "downgrade_days": "integer",  # days since revenue of a subscription last fell
    "subscribed": "boolean",  # has, or ever had, a subscription
    # Usage
    "usage_days": "integer",  # days with a row in a year
    "rolled_up": "boolean",  # rows stand for whole periods
    "unused_days": "integer",
    "active_days": "integer",  # of the last 28
    "active_days_14": "integer",  # of the last 14
    "users_recent": "double",  # mean a day, last 31 days
    "users_earlier": "double",  # mean a day, the 90 days before
    "users_peak": "double",
    "events_recent": "double",  # a day
    "events_earlier": "double",  # a day
    "features_peak": "double",
    "features_before": "double",
    "key_known": "boolean",  # whether the use of key features is recorded at all
    "key_days": "integer",  # days since a key feature was used
    # Support
    "tickets_recent": "integer",  # opened in 30 days
    "tickets_monthly_before": "double",  # a month, in the 90 days before
    "tickets_open": "integer",
    "tickets_escalated": "integer",  # in 90 days
    "tickets_reopened": "integer",  # in 90 days
    "tickets_total": "integer",
    "ticket_days": "integer",  # days since the last ticket was opened
    "response_hours": "double",  # mean until the first response, 90 days
    "response_ratio": "double",  # mean of hours against the target of the priority
    "resolution_hours": "double",
    "resolution_ratio": "double",
    "satisfaction": "double",
    "satisfaction_age": "integer",
    # Surveys
    "nps": "integer",
    "nps_age": "integer",
    "nps_before": "integer",
    "answerers": "integer",  # people who answered NPS in a year
    "detractors": "integer",  # of them, those whose latest answer is 0 to 6
    "promoters": "integer",  # of them, those whose latest answer is 9 or 10
    "asked": "integer",  # invitations of a year that had 14 days to be answered
    "unanswered": "integer",  # of them
    # Invoices and payments
    "invoices_seen": "integer",
    "overdue_days": "integer",
    "invoices_late": "integer",
    "earned": "double",
    # Of those who never had a subscription; 0 and −1 for the others
    "purchases": "integer",  # days with a purchase
    "first_purchase_days": "integer",
    "last_purchase_days": "integer",
    "purchase_mean": "double",  # of the days after the first, in the company's currency
    "payments_seen": "integer",
    "payments_failed": "integer",
    # People and contacts with us
    "contact_days": "integer",
    "meetings": "integer",  # meetings and reviews in 90 days
    "pulse": "integer",
    "pulse_age": "integer",
    "sponsor_left_days": "integer",
    "contacts_known": "integer",  # of all that are known: also those who left
    "admin_left_days": "integer",
    "admins_known": "integer",  # administrators of our product, also those who left
    "executive_days": "integer",  # days since a contact with an executive
    "executives_known": "integer",  # also those who left
    "tasks_overdue": "integer",
}


def missing(column: NDArray[Any], mark: float = -1.0) -> Floats:
    """This will return a column as floats with NaN where the facts say "none"."""
    values = column.astype(np.float64)
    return np.where(values == mark, np.nan, values)


def ratio(now: Floats, before: Floats, used: NDArray[np.bool_]) -> Floats:
    """This will return now / before; nothing before and now is 0, a return counts as 1.

    NaN for customers without any usage on record.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(before > 0, now / before, np.where(now > 0, 1.0, 0.0))
    return np.where(used, value, np.nan)
