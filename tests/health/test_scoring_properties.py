"""What scoring promises, whatever the customer and whatever the scorecard."""

import copy
import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.scorecard import rules_from_config
from health.calculations.scoring import round_to_sum
from health.lineup import Lineup
from health.measures import MEASURES
from health.readings import MISSING, NOT_APPLICABLE, Readings, pack, unpack
from health.scoring import ScoredFrame, fix_scores, score_lineup, score_readings
from tests.health.drawn import config_drawn, readings_drawn, rules_drawn

seeds = st.integers(0, 2**32 - 1)
measures = st.integers(0, len(MEASURES) - 1)
SOURCES = sorted({measure.source for measure in MEASURES.values()})


def assert_same(one: ScoredFrame, other: ScoredFrame) -> None:
    """This will compare two scorings to the last bit."""
    for name in ("subscore", "freshness", "score", "band", "basis", "late"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("score", "coverage", "contributions"):
        first, second = getattr(one.result, name), getattr(other.result, name)
        np.testing.assert_array_equal(first, second)


def changed(
    readings: Readings, index: int, *, age: int | None = None, value: float = np.nan
) -> Readings:
    """This will give everybody another reading of one measure."""
    ages, values = readings.age.copy(), readings.value.copy()
    if age is not None:
        ages[:, index] = age
    values[:, index] = value
    return dataclasses.replace(readings, age=ages, value=values)


@given(seeds, seeds)
def test_contributions_add_up_to_what_the_score_is_off_50(one: int, two: int) -> None:
    frame = score_readings(readings_drawn(one), rules_drawn(two))
    scored = ~np.isnan(frame.score)
    whole = frame.result.contributions.sum(axis=1)
    np.testing.assert_allclose(whole[scored], frame.score[scored] - 50, atol=1e-9)
    assert (whole[~scored] == 0).all()
    assert ((frame.score[scored] >= -1e-9) & (frame.score[scored] <= 100 + 1e-9)).all()
    for score, parts in zip(
        frame.score[scored], frame.result.contributions[scored], strict=True
    ):
        shown = round_to_sum(parts.tolist(), round(score) - 50)
        assert sum(shown) == round(score) - 50
        assert max(abs(np.array(shown) - parts)) < 1.0 + 1e-9


@given(seeds, seeds, measures)
def test_asking_for_more_that_is_missing_never_turns_unknown_into_green(
    one: int, two: int, index: int
) -> None:
    readings, rules = readings_drawn(one), rules_drawn(two)
    without = changed(readings, index, age=NOT_APPLICABLE)
    missing = changed(readings, index, age=MISSING)
    for less in (readings, without):
        before, after = score_readings(less, rules), score_readings(missing, rules)
        assert (after.result.coverage <= before.result.coverage + 1e-12).all()
        assert set(after.band[before.band == 0].tolist()) <= {0}


@pytest.mark.parametrize("key", MEASURES)
@settings(max_examples=20)
@given(one=seeds, two=seeds)
def test_more_of_the_better_never_lowers_a_score(key: str, one: int, two: int) -> None:
    """One customer, nine times: the measure runs from worse than worst to past best."""
    readings, config = readings_drawn(one), config_drawn(two)
    index = readings.layout.index(key)
    config["measures"][index]["weight"] = 5
    worst, *_, best = MEASURES[key].anchors
    for row in range(3):
        line = readings.of(np.full(9, row))
        line.age[:, index] = 0
        line.value[:, index] = worst + np.linspace(-0.5, 1.5, 9) * (best - worst)
        score = score_readings(line, rules_from_config(config)).computed
        assert (np.diff(score) >= -1e-9).all()
        assert score[-1] > score[0]


@given(seeds, seeds, st.floats(0.001, 1000), st.integers(0, 4))
def test_scaling_weights_changes_nothing(
    one: int, two: int, factor: float, place: int
) -> None:
    readings, config = readings_drawn(one), config_drawn(two)
    plain = score_readings(readings, rules_from_config(config))
    groups, inside = copy.deepcopy(config), copy.deepcopy(config)
    for group in groups["groups"]:
        group["weight"] *= factor
    key = config["groups"][place]["key"]
    for line in inside["measures"]:
        line["weight"] *= factor if line["group"] == key else 1
    for scaled in (groups, inside):
        frame = score_readings(readings, rules_from_config(scaled))
        np.testing.assert_allclose(frame.score, plain.score, atol=1e-9)
        np.testing.assert_allclose(
            frame.result.coverage, plain.result.coverage, atol=1e-9
        )


@given(seeds, seeds)
def test_what_is_kept_gives_the_same_score_to_the_last_bit(one: int, two: int) -> None:
    readings, rules = readings_drawn(one), rules_drawn(two)
    frame = score_readings(readings, rules)
    assert_same(score_readings(readings, rules), frame)
    kept = pack(readings)
    back = unpack(
        readings.layout,
        [bytes(row) for row in kept["values"]],
        [bytes(row) for row in kept["before"]],
        [bytes(row) for row in kept["ages"]],
        readings.tenure.tolist(),
    )
    np.testing.assert_array_equal(back.before, readings.before)
    assert_same(score_readings(back, rules), frame)


@given(seeds, seeds)
def test_a_customer_scores_the_same_alone(one: int, two: int) -> None:
    readings, rules = readings_drawn(one), rules_drawn(two)
    frame = score_readings(readings, rules)
    for row in (0, 7):
        alone = score_readings(readings.of(np.array([row])), rules)
        np.testing.assert_array_equal(alone.score, frame.score[[row]])
        np.testing.assert_array_equal(
            alone.result.contributions, frame.result.contributions[[row]]
        )


@given(seeds, st.lists(seeds, min_size=1, max_size=4))
def test_a_lineup_scores_each_part_as_if_alone(one: int, several: list[int]) -> None:
    readings = readings_drawn(one)
    lineup = [rules_drawn(seed) for seed in several]
    which = np.random.default_rng(one).integers(0, len(lineup), len(readings))
    late = {"usage": 5}
    frame = score_lineup(readings, which, lineup, late=late)
    for place, rules in enumerate(lineup):
        rows = np.flatnonzero(which == place)
        alone = score_readings(readings.of(rows), rules, late=late)
        np.testing.assert_array_equal(frame.score[rows], alone.score)
        np.testing.assert_array_equal(frame.band[rows], alone.band)
        np.testing.assert_array_equal(frame.late[rows], alone.late)
        np.testing.assert_array_equal(frame.freshness[rows], alone.freshness)
        np.testing.assert_array_equal(
            frame.result.contributions[rows], alone.result.contributions
        )


@given(seeds, seeds, st.sampled_from(SOURCES), st.integers(1, 500))
def test_a_late_source_stands_still_and_turns_nobody_red_or_green(
    one: int, two: int, source: str, days: int
) -> None:
    readings, rules = readings_drawn(one), rules_drawn(two)
    of_it = [MEASURES[key].source == source for key in readings.layout]
    age = readings.age.copy()
    age[:, of_it] = np.where(age[:, of_it] >= 0, age[:, of_it] + days, age[:, of_it])
    later = dataclasses.replace(readings, age=age)
    on_time = score_readings(readings, rules)
    late = score_readings(later, rules, late={source: days})
    turned = late.band != on_time.band
    assert set(late.band[turned].tolist()) <= {0, 2}
    # What is not too old counts as it did on the source's last day on time.
    maximum = np.array([rules.line(k).freshness.maximum for k in readings.layout])  # type: ignore[union-attr]
    whole = ~((age > maximum) & (readings.age >= 0))[:, of_it].any(axis=1)
    np.testing.assert_array_equal(late.score[whole], on_time.score[whole])
    np.testing.assert_array_equal(late.band[whole], on_time.band[whole])
    counts = np.nan_to_num(on_time.freshness[:, of_it]) > 0
    weights = rules.weights(readings.layout)[of_it] > 0
    np.testing.assert_array_equal(late.late, (counts & weights).any(axis=1))


def test_anchors_by_age_are_those_of_the_youngest_step_that_fits() -> None:
    config = config_drawn(1)
    config["measures"] = [
        {
            "key": "seat_use", "group": "usage", "weight": 1,
            "anchors": [0.2, 0.5, 0.75, 1], "freshness": [7, 14, 62],
            "by_age": [
                {"until_months": 6, "anchors": [0.05, 0.2, 0.5, 0.8]},
                {"until_months": 2, "anchors": [0, 0.1, 0.2, 0.5]},
            ],
        }
    ]  # fmt: skip
    drawn = readings_drawn(2, size=4)
    readings = dataclasses.replace(
        changed(drawn, drawn.layout.index("seat_use"), age=0, value=0.5),
        tenure=np.array([60, 61, 182, 183]),  # 1.97, 2.004, 5.98 and 6.01 months
    )
    frame = score_readings(readings, rules_from_config(config))
    np.testing.assert_allclose(frame.score, [100, 70, 70, 50])


@given(seeds, seeds)
def test_a_given_score_counts_and_the_formula_s_is_kept(one: int, two: int) -> None:
    readings, rules = readings_drawn(one), rules_drawn(two)
    frame = score_readings(readings, rules)
    fixed = np.full(len(readings), np.nan)
    fixed[:4] = (rules.at_risk - 1, rules.at_risk, rules.watch, 100)
    which = np.zeros(len(readings), dtype=np.intp)
    after = fix_scores(frame, fixed, basis=1, lineup=[rules], which=which)  # type: ignore[arg-type]
    assert after.score[:4].tolist() == fixed[:4].tolist()
    assert after.band[:4].tolist() == [1, 2, 3, 3]
    assert after.basis.tolist() == [1] * 4 + [0] * (len(readings) - 4)
    np.testing.assert_array_equal(after.score[4:], frame.score[4:])
    np.testing.assert_array_equal(after.band[4:], frame.band[4:])
    np.testing.assert_array_equal(after.computed, frame.computed)


def test_a_customer_falls_to_the_first_scorecard_that_names_its_segment() -> None:
    lineup = Lineup([7, 8, 9], [rules_drawn(1)] * 3, [[2, 3], [3, 4], []])
    which = lineup.which(np.array([1, 2, 3, 4, 0]))
    assert lineup.versions(which).tolist() == [9, 7, 7, 8, 9]
    assert lineup.as_json()[1] == {"version": 8, "segments": [3, 4]}
