import pytest

from billing.calculations.conventions import PRESETS, Conventions, UnknownConvention


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_read_as_they_are_kept(name: str) -> None:
    assert Conventions.from_json(PRESETS[name].as_json()) == PRESETS[name]


def test_switches_that_are_not_told_stand_at_their_default() -> None:
    assert Conventions.from_json({}) == PRESETS["keepwell"]
    assert Conventions.from_json({"paused": "unchanged"}).paused == "unchanged"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"b": 1, "a": 1}, "a, b"),
        ({"churn_on": "never"}, "churn_on: 'never'"),
        ({"paused": None}, "paused: None"),
        ({"past_due_days": "15"}, "past_due_days: '15'"),
        ({"past_due_days": -1}, "past_due_days: -1"),
        ({"reactivation_days": True}, "reactivation_days: True"),
        ({"group_minutes": None}, "group_minutes: None"),
        ({"group_minutes": 1441}, "group_minutes: 1441"),
    ],
)
def test_what_does_not_exist_is_refused(told: dict[str, object], said: str) -> None:
    with pytest.raises(UnknownConvention) as caught:
        Conventions.from_json(told)
    assert str(caught.value) == said
