"""Measures: what each reads, and that every one can be shown."""

import datetime as dt

import lucide
import numpy as np
import pytest
from django.conf import settings
from django.utils import translation

from health.calculations.facts import Facts
from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.default_scorecard import default_config
from health.measures import BY_CODE, MEASURES
from health.readings import read_measures
from health.scoring import ScoredFrame, score_readings, top_measures
from health.selectors.frame_sql import COLUMNS
from health.wording import next_step, reasons

AS_OF = dt.date(2026, 11, 20)


NONE = (
    "renewal_days", "unused_days", "resolution_hours", "satisfaction",
    "satisfaction_age", "nps", "nps_age", "nps_before", "contact_days", "pulse",
    "pulse_age", "sponsor_left_days",
)  # fmt: skip


def facts(**values: float) -> Facts:
    """This will make the facts of one customer; what is not named is "none"."""
    none = dict.fromkeys(NONE, -1)
    ages = {"usage_source_age": 0, "ticket_source_age": 0, "invoice_source_age": 0}
    zeros = {n: False if kind == "boolean" else 0 for n, kind in COLUMNS.items()}
    row = zeros | none | ages | {"tenure": 400} | values
    return {name: np.array([value]) for name, value in row.items()}


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
        ("resolution", {"resolution_hours": 30}, 30),
        ("satisfaction", {"satisfaction": 4.5, "satisfaction_age": 10}, 4.5),
        ("nps", {"nps": 4, "nps_age": 10}, 4),
        ("overdue", {"invoices_seen": 3, "overdue_days": 19}, 19),
        ("late_invoices", {"invoices_seen": 3, "invoices_late": 2}, 2),
        ("failed_payments", {"payments_seen": 5, "payments_failed": 2}, 2),
        ("revenue_trend", {"mrr": 800, "mrr_before": 1000}, 0.8),
        ("tenure", {"tenure": 365.25}, 12),
        ("last_contact", {"contact_days": 63}, 63),
        ("pulse", {"pulse": 2, "pulse_age": 5}, 2),
        ("sponsor", {"contacts_known": 2, "sponsor_left_days": 26}, 26),
        ("sponsor", {"contacts_known": 2}, 120),
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
        ("active_days", {}),
        ("last_seen", {}),
        ("features", {}),
        ("tickets", {"ticket_source_age": -1}),
        ("escalations", {"ticket_source_age": -1}),
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
        ("resolution", {}),
        ("satisfaction", {}),
        ("revenue_trend", {"tenure": 179, "mrr_before": 10}),
        ("revenue_trend", {"tenure": 500}),
    ],
)
def test_what_does_not_apply_leaves_the_score(
    key: str, values: dict[str, float]
) -> None:
    assert read(key, **values)[2] is False


def test_there_are_enough_measures_in_five_groups() -> None:
    assert len(MEASURES) == 19
    assert {measure.group for measure in MEASURES.values()} == {
        "usage", "support", "survey", "billing", "relationship",
    }  # fmt: skip


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
        ("sponsor", "", "Find a new contact"),
        ("nps", "", "Find a contact"),
    ],
)
def test_the_next_step_is_named(measure: str, contact: str, label: str) -> None:
    step = next_step(first_reason=measure, contact=contact)
    assert step.label == label
    lucide._load_icon(step.icon)
