"""What forecasts rest on, in words of every language."""

import pytest
from django.utils.translation import override

from common.templatetags import ui
from health.calculations import lifetime
from health.calculations.churn.choosing import METHODS, Method, Reason
from health.features import TREND, feature_codes
from health.forecast_words import (
    feature_icon,
    feature_label,
    feature_measure,
    lifetime_words,
    method_label,
    method_words,
)
from health.measures import MEASURES


def test_features_are_named_after_their_measures() -> None:
    assert feature_label("overdue") == "Overdue invoice"
    assert feature_label("tickets:trend") == "Support tickets: change"
    with override("de"):
        assert feature_label("tickets:trend") == "Support-Tickets: Veränderung"
    with override("ro"):
        assert feature_label("tickets:trend") == "Tichete de suport: schimbare"


def test_facts_of_the_contract_have_names_of_their_own() -> None:
    names = ("tenure", "renewal", "mrr", "plan", "segment", "interval")
    assert [feature_label(name) for name in names] == [
        "Time as a customer",
        "Renewal",
        "Recurring revenue",
        "Plan",
        "Segment",
        "Paid for how long",
    ]


@pytest.mark.parametrize("language", ["en", "de", "ro"])
def test_no_two_features_look_alike(language: str) -> None:
    with override(language):
        labels = [feature_label(name) for name in feature_codes()]
    assert len(set(labels)) == len(feature_codes())
    assert not set(labels) & set(feature_codes())


def test_a_feature_of_an_old_version_keeps_its_name() -> None:
    assert feature_label("moon_phase:trend") == "moon_phase:trend"
    assert feature_measure("moon_phase") == ""
    assert feature_icon("moon_phase") == "file-text"


def test_a_feature_knows_its_measure_and_icon() -> None:
    assert feature_measure("tickets" + TREND) == feature_measure("tickets") == "tickets"
    assert feature_measure("plan") == ""
    assert feature_icon("tickets" + TREND) == MEASURES["tickets"].icon
    drawn = [ui.icon(feature_icon(name)) for name in feature_codes()]
    assert all(one.startswith("<svg") for one in drawn)


def test_every_method_and_reason_is_told() -> None:
    told = {reason: method_words(method, reason) for reason, method in METHODS.items()}
    assert len(set(told.values())) == len(Reason)
    assert told[Reason.ENOUGH_LEFT] == method_words("logistic")
    assert told[Reason.FEW_LEFT] == (
        "How often customers of the same band left in the past, pulled to the rate of all"
        " customers. Fewer than 50 customers have left: too few to learn from single"
        " signals."
    )
    assert [method_label(method) for method in Method] == [
        "Assumption",
        "Rate of the band",
        "Model",
        "Model (trees)",
    ]
    assert len({lifetime_words(method) for method in lifetime.Method}) == 3


def test_what_is_not_known_is_not_told() -> None:
    assert method_words("oracle", "few_left") == ""
    assert method_label("oracle") == ""
    assert lifetime_words("oracle") == ""
    assert method_words("bands", "because") == method_words("bands")
