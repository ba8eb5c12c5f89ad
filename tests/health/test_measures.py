"""Measures: what each reads, and that every one can be shown."""

import datetime as dt

import lucide
import numpy as np
import pytest
from django.conf import settings
from django.utils import translation

from health import wording
from health.calculations.facts import COLUMNS, Facts
from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.calculations.scoring import subscores
from health.default_scorecard import default_config
from health.features import contract_features, feature_names
from health.measures import BY_CODE, MEASURES
from health.measures.base import SOURCES
from health.readings import read_measures
from health.scoring import ScoredFrame, score_readings, top_measures
from health.wording import next_step, reasons

AS_OF = dt.date(2026, 11, 20)


NONE = {
    "onboarding_days", "renewal_days", "interval_months", "discount", "downgrade_days",
    "unused_days", "key_days", "ticket_days", "response_hours", "response_ratio",
    "resolution_hours", "resolution_ratio", "satisfaction", "satisfaction_age", "nps",
    "nps_age", "nps_before", "contact_days", "pulse", "pulse_age", "sponsor_left_days",
    "admin_left_days", "executive_days",
}  # fmt: skip
AGES = ("usage_source_age", "ticket_source_age", "invoice_source_age")


def facts(**values: float) -> Facts:
    """This will make the facts of one customer; what is not named is "none"."""
    row: dict[str, float] = dict.fromkeys(AGES, 0) | {"tenure": 400}
    for name, kind in COLUMNS.items():
        none = False if kind == "boolean" else -1 if name in NONE else 0
        row.setdefault(name, none)
    unknown = values.keys() - row.keys()
    assert not unknown
    return {name: np.array([value]) for name, value in (row | values).items()}


def read(key: str, **values: float) -> tuple[float, float, bool]:
    """This will return value, age and whether it applies."""
    reading = MEASURES[key].read(facts(**values))
    applies = True if reading.applies is None else bool(reading.applies[0])
    return float(reading.value[0]), float(reading.age[0]), applies


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        (
            "active_users_trend",
            {"users_recent": 51, "users_earlier": 84, "usage_days": 90},
            51 / 84,
        ),
        ("active_users_trend", {"users_recent": 5, "usage_days": 9}, 1),
        (
            "events_trend",
            {"events_recent": 0, "events_earlier": 80, "usage_days": 90},
            0,
        ),
        ("seat_use", {"seats": 60, "users_peak": 31}, 31 / 60),
        ("active_days", {"active_days": 14, "usage_days": 14}, 14),
        ("last_seen", {"unused_days": 12}, 12),
        ("features", {"features_peak": 3, "usage_days": 4}, 3),
        ("tickets", {"tickets_recent": 4}, 4),
        ("escalations", {"tickets_escalated": 2}, 2),
        ("seats_active", {"seats": 60, "users_recent": 15}, 0.25),
        ("active_days_14", {"active_days_14": 8, "usage_days": 14}, 8),
        ("key_feature", {"key_known": True, "key_days": 9, "usage_days": 20}, 9),
        ("key_feature", {"key_known": True, "usage_days": 20}, 365),
        ("ticket_trend", {"tickets_recent": 6, "tickets_monthly_before": 2}, 2),
        ("ticket_trend", {"tickets_monthly_before": 2}, 0.5),
        ("open_tickets", {"tickets_open": 3}, 3),
        ("reopened", {"tickets_reopened": 1, "ticket_days": 12}, 1),
        ("reopened", {"ticket_days": 89}, 0),
        ("first_response", {"response_ratio": 1.5, "response_hours": 12}, 1.5),
        ("resolution", {"resolution_ratio": 0.5, "resolution_hours": 30}, 0.5),
        ("support_silence", {"tickets_total": 7, "ticket_days": 130}, 130),
        ("satisfaction", {"satisfaction": 4.5, "satisfaction_age": 10}, 4.5),
        ("nps", {"nps": 4, "nps_age": 10}, 4),
        ("nps_trend", {"nps": 4, "nps_age": 10, "nps_before": 9}, -5),
        ("detractor_share", {"answerers": 4, "detractors": 1, "nps_age": 3}, 0.25),
        ("non_response", {"asked": 8, "unanswered": 6}, 0.75),
        ("overdue", {"invoices_seen": 3, "overdue_days": 19}, 19),
        ("late_invoices", {"invoices_seen": 3, "invoices_late": 2}, 2),
        ("failed_payments", {"payments_seen": 5, "payments_failed": 2}, 2),
        ("revenue_trend", {"mrr": 800, "mrr_before": 1000}, 0.8),
        ("downgrade", {"mrr": 800, "downgrade_days": 40}, 40),
        ("downgrade", {"mrr": 800, "downgrade_days": 400}, 180),
        ("downgrade", {"mrr": 800}, 180),
        ("discount", {"discount": 0.25}, 0.25),
        ("renewal", {"renewal_days": 0}, 0),
        ("interval", {"interval_months": 12}, 12),
        ("tenure", {"tenure": 365.25}, 12),
        ("last_contact", {"contact_days": 63}, 63),
        ("pulse", {"pulse": 2, "pulse_age": 5}, 2),
        ("sponsor", {"contacts_known": 2, "sponsor_left_days": 26}, 26),
        ("sponsor", {"contacts_known": 2}, 120),
        ("sponsor", {"contacts_known": 2, "sponsor_left_days": 300}, 120),
        ("admin_left", {"admins_known": 1, "admin_left_days": 7}, 7),
        ("admin_left", {"admin_left_days": 7}, 7),
        ("admin_left", {"admins_known": 1}, 120),
        ("meetings", {"contact_days": 5, "meetings": 2}, 2),
        ("executive_contact", {"executives_known": 1, "executive_days": 44}, 44),
        ("onboarding", {"onboarding_days": 50}, 50),
        ("tasks_overdue", {"tasks_overdue": 2}, 2),
        ("tasks_overdue", {}, 0),
    ],
)
def test_values(key: str, values: dict[str, float], expected: float) -> None:
    assert read(key, **values)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("active_users_trend", {"usage_days": 90}),
        ("events_trend", {}),
        ("seat_use", {"seats": 10}),
        ("seats_active", {"seats": 10}),
        ("active_days", {}),
        ("active_days_14", {}),
        ("key_feature", {"key_known": True}),
        ("last_seen", {}),
        ("features", {}),
        ("tickets", {"ticket_source_age": -1}),
        ("escalations", {"ticket_source_age": -1}),
        ("open_tickets", {"ticket_source_age": -1}),
        ("nps", {}),
        ("overdue", {}),
        ("late_invoices", {}),
        ("last_contact", {}),
        ("pulse", {}),
        ("sponsor", {}),
    ],
)
def test_missing_is_missing_and_never_good(key: str, values: dict[str, float]) -> None:
    value, _age, applies = read(key, **values)
    assert np.isnan(value)
    assert applies is True


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("active_users_trend", {"tenure": 59}),
        ("events_trend", {"tenure": 59}),
        ("seat_use", {}),
        ("failed_payments", {"invoices_seen": 9}),
        ("active_days", {"rolled_up": True, "usage_days": 3}),
        ("last_seen", {"rolled_up": True, "unused_days": 3}),
        ("seats_active", {}),
        ("active_days_14", {"rolled_up": True, "usage_days": 3}),
        ("key_feature", {"usage_days": 9}),
        ("key_feature", {"key_known": True, "rolled_up": True, "usage_days": 3}),
        ("ticket_trend", {}),
        ("ticket_trend", {"tickets_recent": 3, "tenure": 119}),
        ("reopened", {}),
        ("reopened", {"ticket_days": 90}),
        ("reopened", {"ticket_source_age": -1}),
        ("first_response", {}),
        ("resolution", {}),
        ("satisfaction", {}),
        ("support_silence", {}),
        ("support_silence", {"tickets_total": 2, "ticket_days": 9, "tenure": 100}),
        ("support_silence", {"tickets_total": 6, "ticket_days": 99, "tenure": 361}),
        ("nps_trend", {"nps": 9, "nps_age": 4}),
        ("detractor_share", {"answerers": 1, "detractors": 1, "nps_age": 3}),
        ("non_response", {}),
        ("non_response", {"asked": 1, "unanswered": 1}),
        ("downgrade", {}),
        ("discount", {}),
        ("renewal", {}),
        ("interval", {}),
        ("meetings", {}),
        ("executive_contact", {}),
        ("executive_contact", {"executives_known": 1}),
        ("admin_left", {"contacts_known": 3}),
        ("onboarding", {}),
        ("revenue_trend", {"tenure": 179, "mrr_before": 10}),
        ("revenue_trend", {"tenure": 500}),
    ],
)
def test_what_does_not_apply_leaves_the_score(
    key: str, values: dict[str, float]
) -> None:
    assert read(key, **values)[2] is False


CODES = {
    "active_users_trend": 1, "events_trend": 2, "seat_use": 3, "active_days": 4,
    "last_seen": 5, "features": 6, "active_days_14": 7, "key_feature": 8,
    "seats_active": 9, "tickets": 20, "escalations": 21, "resolution": 22,
    "satisfaction": 23, "ticket_trend": 24, "open_tickets": 25, "first_response": 26,
    "reopened": 28, "support_silence": 29, "nps": 40, "nps_trend": 41,
    "detractor_share": 42, "non_response": 43, "overdue": 60, "late_invoices": 61,
    "failed_payments": 62, "revenue_trend": 63, "tenure": 64, "renewal": 65,
    "downgrade": 66, "discount": 67, "interval": 68, "last_contact": 80, "pulse": 81,
    "sponsor": 82, "meetings": 83, "onboarding": 84, "tasks_overdue": 85,
    "executive_contact": 86, "admin_left": 87,
}  # fmt: skip


def test_codes_are_for_ever() -> None:
    assert {key: measure.code for key, measure in MEASURES.items()} == CODES
    assert {code: measure.key for code, measure in BY_CODE.items()} == {
        code: key for key, code in CODES.items()
    }


def test_there_are_five_groups_and_weights_are_shares_of_100() -> None:
    weights: dict[str, float] = {}
    for measure in MEASURES.values():
        weights[measure.group] = weights.get(measure.group, 0) + measure.weight
        assert measure.source in SOURCES
    assert weights == {
        "usage": 38, "support": 16, "survey": 18, "billing": 14, "relationship": 14,
    }  # fmt: skip


# What no trouble at all is worth, and where it is read from.
QUIET = {
    "tickets": ("tickets_recent", 85), "open_tickets": ("tickets_open", 70),
    "escalations": ("tickets_escalated", 70), "reopened": ("tickets_reopened", 70),
    "overdue": ("overdue_days", 70), "late_invoices": ("invoices_late", 70),
    "failed_payments": ("payments_failed", 70), "tasks_overdue": ("tasks_overdue", 70),
    "downgrade": ("downgrade_days", 70), "sponsor": ("sponsor_left_days", 70),
    "admin_left": ("admin_left_days", 70),
}  # fmt: skip


@pytest.mark.parametrize("key", QUIET)
def test_the_absence_of_trouble_is_good_not_best(key: str) -> None:
    column, worth = QUIET[key]
    quiet = facts(
        ticket_days=3, invoices_seen=4, payments_seen=4, contacts_known=2,
        admins_known=1, mrr=100,
    )  # fmt: skip
    assert quiet[column][0] <= 0
    value = MEASURES[key].read(quiet).value
    assert subscores(value, MEASURES[key].anchors)[0] == pytest.approx(worth)


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_can_be_shown(key: str) -> None:
    measure = MEASURES[key]
    lucide._load_icon(measure.icon)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, before in ((0.4, 20.0), (1.0, 0.0), (5.0, 2.0), (100.0, 200.0)):
                sentence = measure.sentence(value, before, AS_OF)
                assert sentence
                assert "%" not in sentence.replace(" %", "%").replace("%", "", 1)
            assert all((str(measure.label), str(measure.unit), str(measure.help)))


def test_sentences_say_what_was_found() -> None:
    def say(key: str, value: float, before: float = np.nan) -> str:
        return MEASURES[key].sentence(value, before, AS_OF)

    assert say("active_users_trend", 51 / 84, 84) == (
        "Active users fell from 84 to 51 since September"
    )
    assert say("active_users_trend", 0, 0) == "No active users for four months"
    assert say("events_trend", 0, 0) == "Not used for four months"
    assert say("seat_use", 31 / 60, 60) == "31 of 60 paid seats are in use"
    assert say("last_contact", 1) == "No contact for 1 day"
    assert say("last_contact", 63) == "No contact for 63 days"
    assert say("nps", 4, 9) == "NPS answer fell from 9 to 4"
    assert say("overdue", 19) == "An invoice is 19 days overdue"
    assert say("seats_active", 0.184) == (
        "18% of the paid seats are used on a normal day"
    )
    assert say("key_feature", 1) == "No key feature has been used for 1 day"
    assert say("active_days_14", 0) == "Not used on any day of the last two weeks"
    assert say("ticket_trend", 8 / 3.3, 1.3) == "Tickets rose from 1.3 to 6 a month"
    assert say("ticket_trend", 0.5, 2) == "Tickets fell from 2 to 0 a month"
    assert say("ticket_trend", 1, 2) == "As many tickets as in the months before"
    assert say("open_tickets", 2) == "2 tickets are open"
    assert say("first_response", 0.5, 1.2) == (
        "First answers take 1 hour, within the target"
    )
    assert say("first_response", 1.5) == "First answers take 1.5 times the target"
    assert say("resolution", 2.5, 60) == (
        "Tickets take 2 days to resolve, 2.5 times the target"
    )
    assert (
        say("resolution", 1, 47)
        == "Tickets take 47 hours to resolve, within the target"
    )
    assert say("resolution", 3) == "Tickets take 3 times the target to resolve"
    assert say("nps_trend", -1) == "The NPS answer is 1 point lower than the one before"
    assert (
        say("nps_trend", 3) == "The NPS answer is 3 points higher than the one before"
    )
    assert say("nps_trend", 0) == "The NPS answer is the same as the one before"
    assert say("detractor_share", 0.25, 4) == (
        "1 of 4 people who answered would advise against us"
    )
    assert say("non_response", 0.75, 8) == (
        "6 of 8 invitations to a survey were not answered"
    )
    assert say("downgrade", 180) == "No downgrade in six months"
    assert say("downgrade", 12) == "Downgraded 12 days ago"
    assert say("discount", 0.254) == "Pays 25% less than the list price"
    assert say("discount", 0) == "Pays the list price"
    assert say("renewal", 0) == "The contract renews today"
    assert say("renewal", 31) == "The contract renews in 31 days"
    assert say("interval", 1) == "Pays by the month"
    assert say("interval", 12) == "Pays by the year"
    assert say("interval", 3) == "Pays every 3 months"
    assert say("onboarding", 44) == "In onboarding for 44 days"
    assert say("onboarding", 45) == "Onboarding is behind: 45 days so far"
    assert say("onboarding", 90) == "Onboarding is stuck: 90 days so far"
    assert say("admin_left", 1) == "An administrator left 1 day ago"
    assert say("admin_left", 120) == "The administrators are still there"
    assert say("tasks_overdue", 1) == "1 task of ours is overdue"
    assert say("meetings", 0) == "No meeting in 90 days"
    assert say("support_silence", 80) == "Used to ask support, but not for 80 days"


def scored(found: Facts, rules: ScorecardRules) -> ScoredFrame:
    return score_readings(read_measures(found), rules)


def test_a_customer_without_data_is_unknown_whatever_the_rest() -> None:
    rules = rules_from_config(default_config())
    frame = scored(facts(), rules)
    assert frame.band.tolist() == [0]
    assert frame.result.coverage[0] < rules.floor


def test_reasons_are_the_strongest_drags() -> None:
    rules = rules_from_config(default_config())
    frame = scored(
        facts(
            usage_days=100, users_recent=4, users_earlier=16, users_peak=6, seats=20,
            events_recent=90, events_earlier=100, active_days=20, unused_days=1,
            features_peak=5, nps=9, nps_age=10, contact_days=80, invoices_seen=3,
        ),
        rules,
    )  # fmt: skip
    [first, second] = top_measures(frame)[0].tolist()
    assert BY_CODE[first].key == "active_users_trend"
    # Seats in use drag more, but they too are about usage.
    assert BY_CODE[second].key == "last_contact"


def test_without_another_group_the_next_drag_is_the_second_reason() -> None:
    config = default_config()
    config["measures"] = [
        line for line in config["measures"] if MEASURES[line["key"]].group == "usage"
    ]
    rules = rules_from_config(config)
    frame = scored(facts(usage_days=9, unused_days=40, active_days=1), rules)
    [first, second] = top_measures(frame)[0].tolist()
    assert {BY_CODE[first].key, BY_CODE[second].key} <= {
        "events_trend", "last_seen", "active_days", "features",
    }  # fmt: skip
    assert first != second


def test_a_customer_without_drags_has_no_reason() -> None:
    rules = rules_from_config(default_config())
    frame = scored(facts(nps=10, nps_age=1, tenure=2000), rules)
    assert top_measures(frame)[0].tolist() == [-1, -1]


def test_reasons_in_words_and_the_next_step() -> None:
    lines = reasons(
        codes=[60, 40], values=[19, 4], before=[np.nan, 9],
        as_of=AS_OF, band=1, coverage=0.9,
    )  # fmt: skip
    assert [(line.measure, line.text) for line in lines] == [
        ("overdue", "An invoice is 19 days overdue"),
        ("nps", "NPS answer fell from 9 to 4"),
    ]
    unknown = reasons(
        codes=[40, -1], values=[4, np.nan], before=[9, np.nan],
        as_of=AS_OF, band=0, coverage=0.31,
    )  # fmt: skip
    assert [line.text for line in unknown] == [
        "Only 31% of the signals are known",
        "NPS answer fell from 9 to 4",
    ]


@pytest.mark.parametrize(
    ("measure", "contact", "label"),
    [
        ("overdue", "Mara Ionescu", "Clear up the payment"),
        ("nps", "Mara Ionescu", "Call Mara Ionescu"),
        ("seat_use", "Tom Reyes", "Email Tom Reyes"),
        ("last_contact", "Tom Reyes", "Book a review"),
        ("events_trend", "Tom Reyes", "Call Tom Reyes"),
        ("downgrade", "Tom Reyes", "Book a review"),
        ("onboarding", "Tom Reyes", "Offer a training"),
        ("non_response", "Tom Reyes", "Email Tom Reyes"),
        ("tasks_overdue", "", "Do what is overdue"),
        ("admin_left", "Tom Reyes", "Call Tom Reyes"),
        ("sponsor", "", "Find a new contact"),
        ("admin_left", "", "Find a new contact"),
        ("nps", "", "Find a contact"),
    ],
)
def test_the_next_step_is_named(measure: str, contact: str, label: str) -> None:
    step = next_step(first_reason=measure, contact=contact)
    assert step.label == label
    lucide._load_icon(step.icon)


def test_next_steps_are_told_of_measures_there_are() -> None:
    told = wording.PAYMENT | wording.REVIEW | wording.TRAINING | wording.EMAIL
    assert told - MEASURES.keys() == set()


def test_features_of_the_contract_are_features() -> None:
    found = contract_features()
    assert set(found) <= set(feature_names())
    assert {"revenue_trend", "revenue_trend:trend", "tenure"} <= set(found)
    assert "late_invoices" not in found
