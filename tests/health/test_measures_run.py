"""Every measure runs the right way: from the facts to points."""

import numpy as np
import pytest

from health.calculations.scoring import subscores
from health.measures import MEASURES
from tests.health.test_measures import facts

USED = {"usage_days": 90, "users_earlier": 20, "events_earlier": 90}
ASKED = {"answerers": 8, "asked": 8, "nps_age": 3, "nps_before": 5}
TICKETS = {"tickets_monthly_before": 2, "ticket_days": 5, "tickets_total": 9}
PAID = {"invoices_seen": 6, "payments_seen": 6, "mrr": 100, "mrr_before": 100}
PEOPLE = {"contacts_known": 3, "admins_known": 1, "executives_known": 1}
# The column that drives each measure, from worst to best, and what has to be there.
DRIVERS: dict[str, tuple[str, list[float], dict[str, float]]] = {
    "active_users_trend": ("users_recent", [0, 8, 14, 17, 25], USED),
    "events_trend": ("events_recent", [0, 30, 70, 90, 120], USED),
    "seat_use": ("users_peak", [1, 4, 6, 9], {"seats": 10}),
    "seats_active": ("users_recent", [1, 2, 4, 7], {"seats": 10}),
    "active_days": ("active_days", [0, 7, 13, 28], USED),
    "active_days_14": ("active_days_14", [0, 3, 6, 14], USED),
    "last_seen": ("unused_days", [60, 30, 9, 0], USED),
    "features": ("features_peak", [0, 2, 4, 9], USED),
    "key_feature": ("key_days", [90, 30, 9, 0], USED | {"key_known": True}),
    "tickets": ("tickets_recent", [9, 4, 1, 0], TICKETS),
    "ticket_trend": ("tickets_recent", [12, 6, 3, 0], TICKETS),
    "open_tickets": ("tickets_open", [7, 3, 1, 0], TICKETS),
    "escalations": ("tickets_escalated", [4, 2, 1, 0], TICKETS),
    "reopened": ("tickets_reopened", [4, 2, 1, 0], TICKETS),
    "first_response": ("response_ratio", [5, 2, 1, 0.3], {"response_hours": 9}),
    "resolution": ("resolution_ratio", [6, 2, 1, 0.3], {"resolution_hours": 9}),
    "satisfaction": ("satisfaction", [1, 2.5, 3.5, 5], {"satisfaction_age": 4}),
    "support_silence": ("ticket_days", [300, 160, 80, 2], TICKETS),
    "nps": ("nps", [0, 4, 7, 10], ASKED),
    "nps_trend": ("nps", [0, 3, 5, 8], ASKED),
    "detractor_share": ("detractors", [8, 4, 2, 0], ASKED),
    "non_response": ("unanswered", [8, 7, 5, 0], ASKED),
    "overdue": ("overdue_days", [40, 20, 5, 0], PAID),
    "late_invoices": ("invoices_late", [4, 2, 1, 0], PAID),
    "failed_payments": ("payments_failed", [4, 2, 1, 0], PAID),
    "revenue_trend": ("mrr", [0, 60, 95, 130], PAID),
    "downgrade": ("downgrade_days", [0, 60, 150, 179], PAID),
    "discount": ("discount", [0.7, 0.4, 0.2, 0], PAID),
    "renewal": ("renewal_days", [0, 20, 100, 360], PAID),
    "interval": ("interval_months", [1, 3, 6, 12], PAID),
    "tenure": ("tenure", [0, 100, 400, 1500], {}),
    "last_contact": ("contact_days", [150, 70, 40, 3], {}),
    "meetings": ("meetings", [0, 1, 2, 5], {"contact_days": 9}),
    "executive_contact": ("executive_days", [300, 200, 100, 3], PEOPLE),
    "pulse": ("pulse", [1, 2, 3, 5], {"pulse_age": 2}),
    "sponsor": ("sponsor_left_days", [0, 40, 90, 119], PEOPLE),
    "admin_left": ("admin_left_days", [0, 40, 90, 119], PEOPLE),
    "onboarding": ("onboarding_days", [200, 100, 50, 3], {}),
    "tasks_overdue": ("tasks_overdue", [5, 2, 1, 0], {}),
}


def test_every_measure_is_here() -> None:
    assert DRIVERS.keys() == MEASURES.keys()


@pytest.mark.parametrize("key", DRIVERS)
def test_better_facts_give_more_points(key: str) -> None:
    column, values, context = DRIVERS[key]
    points = []
    for value in values:
        reading = MEASURES[key].read(facts(**context | {column: value}))
        assert reading.applies is None or reading.applies[0]
        points.append(float(subscores(reading.value, MEASURES[key].anchors)[0]))
    assert (np.diff(points) > 0).all(), points
