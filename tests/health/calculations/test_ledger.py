"""The lines of a ledger add up, whatever happened between the two days."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.children import Child, roll_up_ledger
from health.calculations.ledger import (
    BY_HAND,
    CHILD,
    DATA,
    FRESHNESS,
    KNOWN,
    SCORECARD,
    Ledger,
    Line,
    ledger,
)
from health.calculations.ledger_cells import Datum, Side
from health.calculations.scorecard import ScorecardRules, rules_from_config

NAN = float("nan")
KEYS = ("use", "nps", "late", "pulse")
RISING, FALLING = (2.0, 6.0, 8.0, 10.0), (30.0, 10.0, 4.0, -2.0)


def rules(**weights: float) -> ScorecardRules:
    """This will make a scorecard of rising measures, full for 90 days."""
    return with_lines(*({"key": key, "weight": w} for key, w in weights.items()))


def with_lines(*lines: dict[str, object], **more: object) -> ScorecardRules:
    filled = [{"anchors": RISING, "freshness": (90, 90, 365)} | line for line in lines]
    return rules_from_config(
        {
            "measures": filled,
            "bands": {"at_risk": 50, "watch": 70},
            "floor": 0.5,
            "prior": dict.fromkeys(("unknown", "at_risk", "watch", "healthy"), 0.1),
        }
        | more
    )


def side(
    scorecard: ScorecardRules, *, day: int = 0, tenure: int = 800, **more: object
) -> Side:
    """This will make a day; a plain number is a value read today."""
    fixed = more.pop("fixed", None)
    unknown = more.pop("unknown", False)
    data = {
        key: datum if isinstance(datum, Datum) else Datum(float(datum), 0)  # type: ignore[arg-type]
        for key, datum in more.items()
    }
    return Side(day, tenure, data, scorecard, fixed, bool(unknown))  # type: ignore[arg-type]


def lines(found: Ledger) -> list[tuple[str, str, float]]:
    return [(line.step, line.key, round(line.change, 6)) for line in found.lines]


BOTH = rules(use=1, nps=1)


def test_one_changed_value_is_one_line() -> None:
    # nps 8 is worth 70, 10 is worth 100; half the weight is its.
    found = ledger(side(BOTH, use=8, nps=8), side(BOTH, day=7, use=8, nps=10))
    assert lines(found) == [(DATA, "nps", 15.0)]
    assert (found.first, found.last) == (70.0, 85.0)


def test_the_same_data_grown_old_is_freshness() -> None:
    first = side(BOTH, use=10, nps=Datum(6, 90))
    last = side(BOTH, day=90, use=10, nps=Datum(6, 180))
    # From half the weight to a third: (100 + 50) / 2 = 75, (100 + 25) / 1.5 = 83.3.
    assert lines(ledger(first, last)) == [(FRESHNESS, "nps", 8.333333)]


def test_the_same_value_read_anew_is_data() -> None:
    first = side(BOTH, use=10, nps=Datum(6, 180))
    last = side(BOTH, day=90, use=10, nps=Datum(6, 3))
    assert lines(ledger(first, last)) == [(DATA, "nps", -8.333333)]


def test_a_late_source_stands_still() -> None:
    first = side(BOTH, use=10, nps=Datum(6, 90))
    last = side(BOTH, day=90, use=10, nps=Datum(6, 180, late=90))
    assert lines(ledger(first, last)) == []


def test_past_its_maximum_age_even_a_late_one_is_dropped() -> None:
    first = side(BOTH, use=10, nps=Datum(6, 360, late=300))
    last = side(BOTH, day=6, use=10, nps=Datum(6, 366, late=306))
    assert lines(ledger(first, last)) == [(FRESHNESS, "nps", 25.0)]


@pytest.mark.parametrize("gone", [-1, -2])
def test_what_is_missing_or_does_not_apply_any_more_is_data(gone: int) -> None:
    first = side(BOTH, use=10, nps=6)
    last = side(BOTH, day=1, use=10, nps=Datum(NAN, gone))
    assert lines(ledger(first, last)) == [(DATA, "nps", 25.0)]


def test_what_was_missing_and_stays_so_has_no_line() -> None:
    first = side(BOTH, use=10, nps=Datum(NAN, -1))
    last = side(BOTH, day=9, use=10, nps=Datum(NAN, -2))
    assert lines(ledger(first, last)) == []


def test_passing_an_age_step_is_data() -> None:
    young = [{"until_months": 6, "anchors": (0, 1, 2, 3)}]
    scorecard = with_lines(
        {"key": "use", "weight": 1, "by_age": young}, {"key": "nps", "weight": 1}
    )
    first = side(scorecard, tenure=180, use=Datum(8, 0), nps=8)
    last = side(scorecard, day=7, tenure=187, use=Datum(8, 7), nps=8)
    assert lines(ledger(first, last)) == [(DATA, "use", -15.0)]


def test_only_the_measures_that_were_weighed_anew_have_lines() -> None:
    old, new = rules(use=1, nps=1, late=2), rules(use=1, nps=2, late=2, pulse=1)
    data = {"use": 8, "nps": 10, "late": 6, "pulse": 10}
    found = ledger(side(old, **data), side(new, day=1, **data))
    # (70 + 100 + 100) / 4 = 67.5; (70 + 200 + 100) / 5 = 74; (470) / 6 = 78.3.
    assert lines(found) == [(SCORECARD, "nps", 6.5), (SCORECARD, "pulse", 4.333333)]


def test_other_anchors_freshness_or_no_measure_are_lines() -> None:
    old = with_lines(*({"key": key, "weight": 1} for key in KEYS))
    new = with_lines(
        {"key": "use", "weight": 1, "anchors": FALLING},
        {"key": "nps", "weight": 1, "freshness": (0, 90, 365)},
        {"key": "late", "weight": 1},
    )
    data = {"use": 10, "nps": Datum(10, 90), "late": 8, "pulse": 6}
    found = ledger(side(old, **data), side(new, **data))
    assert [(line.step, line.key) for line in found.lines] == [
        (SCORECARD, "use"),
        (SCORECARD, "nps"),
        (SCORECARD, "pulse"),
    ]
    assert sum(line.change for line in found.lines) == pytest.approx(
        found.difference, abs=1e-9
    )


def test_a_scorecard_with_nothing_in_common_still_adds_up() -> None:
    first, last = side(rules(use=3), use=8, nps=10), side(rules(nps=2), use=8, nps=10)
    found = ledger(first, last)
    # In the order of the layout: out goes the one, in comes the other.
    assert [(line.step, line.key) for line in found.lines] == [
        (SCORECARD, "use"),
        (SCORECARD, "nps"),
    ]
    assert found.difference == pytest.approx(30)
    assert sum(line.change for line in found.lines) == pytest.approx(30, abs=1e-9)


def test_a_measure_that_was_not_read_before_enters_with_its_version() -> None:
    first = side(rules(use=1), use=8)
    last = side(rules(use=1, nps=1), day=1, use=8, nps=10)
    assert lines(ledger(first, last)) == [(SCORECARD, "nps", 15.0)]


def test_one_that_is_read_no_more_leaves_with_the_data() -> None:
    first, last = side(BOTH, use=8, nps=10), side(BOTH, day=1, use=8)
    assert lines(ledger(first, last)) == [(DATA, "nps", -15.0)]


def test_a_score_set_by_hand_is_the_last_line() -> None:
    first, last = side(BOTH, use=8, nps=8), side(BOTH, day=1, use=8, nps=10, fixed=60.0)
    found = ledger(first, last)
    assert lines(found) == [(DATA, "nps", 15.0), (BY_HAND, "", -25.0)]
    assert (found.first, found.last) == (70.0, 60.0)


def test_the_same_score_by_hand_holds_against_the_data() -> None:
    first = side(BOTH, use=8, nps=8, fixed=60.0)
    last = side(BOTH, day=1, use=8, nps=10, fixed=60.0)
    found = ledger(first, last)
    assert lines(found) == [(DATA, "nps", 15.0), (BY_HAND, "", -15.0)]
    assert found.difference == 0


def test_from_nothing_at_all_is_a_line_of_its_own() -> None:
    first = side(BOTH, use=Datum(NAN, -1), nps=Datum(NAN, -1), unknown=True)
    found = ledger(first, side(BOTH, day=1, use=8, nps=10))
    assert lines(found) == [(KNOWN, "", 35.0)]
    assert (found.first, found.last, found.difference) == (None, 85.0, 35.0)


def test_nothing_on_both_days_is_no_line() -> None:
    empty = {"use": Datum(NAN, -1), "nps": Datum(NAN, -2)}
    found = ledger(side(BOTH, **empty), side(BOTH, day=1, **empty))
    assert (lines(found), found.difference, found.shown()) == ([], 0.0, [])


def test_too_little_known_is_a_line_without_points() -> None:
    first = side(BOTH, use=8, nps=8)
    last = side(BOTH, day=1, use=8, nps=Datum(NAN, -1), unknown=True)
    found = ledger(first, last)
    assert lines(found) == [(KNOWN, "", 0.0)]
    assert found.shown() == [0]


def test_shown_points_are_rounded_by_largest_remainder() -> None:
    found = Ledger(
        60.4,
        62.0,
        (Line(DATA, "a", 0.7), Line(KNOWN, "", 0.0), Line(DATA, "b", 0.9)),
    )
    assert found.shown() == [1, 0, 1]


data_strategy = st.builds(
    lambda value, age, late: Datum(NAN if age < 0 else value, age, late),
    st.floats(-3, 40, width=32),
    st.integers(-2, 400),
    st.sampled_from([0, 0, 0, 5, 40]),
)
measure_strategy = st.fixed_dictionaries(
    {
        "weight": st.sampled_from([0, 1, 2, 5.5]),
        "group": st.sampled_from(["a", "b"]),
        "anchors": st.sampled_from([RISING, FALLING]),
        "freshness": st.sampled_from([(7, 14, 62), (90, 90, 365), (0, 30, 200)]),
        "by_age": st.sampled_from([[], [{"until_months": 6, "anchors": (0, 1, 2, 3)}]]),
    }
)


@st.composite
def rules_strategy(draw: st.DrawFn) -> ScorecardRules:
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
    groups = [{"key": "a", "weight": 3}, {"key": "b", "weight": 1}]
    grouped = {"groups": groups} if draw(st.booleans()) else {}
    return with_lines(*({"key": k} | draw(measure_strategy) for k in keys), **grouped)


@st.composite
def sides_strategy(draw: st.DrawFn) -> tuple[Side, Side]:
    """Two days: often the same rules, often a measure that only grew older."""
    days = draw(st.integers(1, 90))
    first_rules = draw(rules_strategy())
    last_rules = draw(st.one_of(st.just(first_rules), rules_strategy()))
    first_data = {key: draw(data_strategy) for key in KEYS[: draw(st.integers(0, 4))]}
    last_data = {}
    for key in KEYS[: draw(st.integers(0, 4))]:
        was = first_data.get(key)
        if was and was.age >= 0 and draw(st.booleans()):
            last_data[key] = Datum(was.value, was.age + days, was.late)
        else:
            last_data[key] = draw(data_strategy)
    tenure = draw(st.integers(0, 400))
    given_score = st.one_of(st.none(), st.none(), st.integers(0, 100).map(float))
    first = Side(
        0, tenure, first_data, first_rules, draw(given_score), draw(st.booleans())
    )
    last = Side(
        days,
        tenure + days,
        last_data,
        last_rules,
        draw(given_score),
        draw(st.booleans()),
    )
    return first, last


@given(sides_strategy())
def test_lines_sum_to_the_difference(sides: tuple[Side, Side]) -> None:
    found = ledger(*sides)
    assert math.isclose(
        sum(line.change for line in found.lines), found.difference, abs_tol=1e-9
    )
    start = 50.0 if found.first is None else found.first
    end = 50.0 if found.last is None else found.last
    assert sum(found.shown()) == round(end) - round(start)


@given(sides_strategy())
def test_a_day_against_itself_has_no_lines(sides: tuple[Side, Side]) -> None:
    for one in sides:
        found = ledger(one, one)
        assert (found.lines, found.difference) == ((), 0.0)


@given(sides_strategy())
def test_the_order_is_that_of_steps_and_layout(sides: tuple[Side, Side]) -> None:
    order = [DATA, FRESHNESS, SCORECARD, KNOWN, BY_HAND]
    keys = [*sides[1].data, *(k for k in sides[0].data if k not in sides[1].data), ""]
    places = [
        (order.index(line.step), keys.index(line.key)) for line in ledger(*sides).lines
    ]
    assert places == sorted(set(places))


@given(sides_strategy())
def test_there_and_back_is_where_it_was(sides: tuple[Side, Side]) -> None:
    there, back = ledger(*sides), ledger(sides[1], sides[0])
    assert math.isclose(there.difference, -back.difference, abs_tol=1e-9)


def mean(children: list[Child]) -> float:
    return sum(c.score * c.weight for c in children) / sum(c.weight for c in children)


def worst(children: list[Child]) -> float:
    return min(child.score for child in children)


def test_a_rolled_up_parent_moves_by_its_children() -> None:
    first = {1: Child(80), 2: Child(60), 4: Child(70)}
    last = {1: Child(50), 2: Child(60), 3: Child(70)}
    found = roll_up_ledger(first, last, before=mean, after=mean)
    # 210/3 = 70, 180/3 = 60 (1 fell), 250/4 = 62.5 (3 came), 180/3 = 60 (4 went).
    assert lines(found) == [(CHILD, "1", -10.0), (CHILD, "3", 2.5), (CHILD, "4", -2.5)]
    assert found.difference == pytest.approx(-10)


def test_another_way_of_rolling_up_is_the_scorecard() -> None:
    children = {1: Child(80), 2: Child(60)}
    found = roll_up_ledger(children, children, before=mean, after=worst)
    assert lines(found) == [(SCORECARD, "", -10.0)]


children_strategy = st.dictionaries(
    st.integers(1, 6),
    st.builds(Child, st.floats(0, 100), st.sampled_from([0.5, 1.0, 7.0])),
    min_size=1,
)


@given(
    children_strategy,
    children_strategy,
    st.sampled_from([mean, worst]),
    st.sampled_from([mean, worst]),
)
def test_children_sum_to_the_difference(first, last, before, after) -> None:  # type: ignore[no-untyped-def]
    found = roll_up_ledger(first, last, before=before, after=after)
    assert found.first == pytest.approx(before(list(first.values())), abs=1e-9)
    assert found.last == pytest.approx(after(list(last.values())), abs=1e-9)
    assert math.isclose(
        sum(line.change for line in found.lines), found.difference, abs_tol=1e-9
    )
