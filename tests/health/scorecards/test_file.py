"""A scorecard goes into a file and comes back; what is hostile or wrong is refused."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.scorecard_checks import config_problems
from health.default_scorecard import default_config
from health.measures import MEASURES
from health.scorecard_file import (
    LARGEST_FILE,
    scorecard_read,
    scorecard_write,
)
from health.scorecard_words import known_measures
from health.scorecard_yaml import UnableToReadScorecard

FIRST = "format: keepwell scorecard 1\n"
numbers = st.integers(0, 10**6) | st.floats(0, 10**6)
days = st.integers(1, 3650) | st.floats(0.001, 3650)
texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=60
)


@st.composite
def anchors(draw: Any, *, rising: bool) -> list[float]:
    found = draw(
        st.lists(st.floats(-(10**9), 10**9), min_size=4, max_size=4, unique=True)
    )
    return sorted(found, reverse=not rising)


@st.composite
def configs(draw: Any) -> dict[str, Any]:
    """A sound content: some measures, any weights, perhaps steps for young customers."""
    config = default_config()
    keys = draw(st.sets(st.sampled_from(sorted(MEASURES)), min_size=1, max_size=8))
    config["measures"] = [one for one in config["measures"] if one["key"] in keys]
    for row in [*config["groups"], *config["measures"]]:
        row["weight"] = draw(numbers)
    config["measures"][0]["weight"] = draw(st.floats(0.001, 100))
    for row in config["groups"]:
        if row["key"] == config["measures"][0]["group"]:
            row["weight"] = 1
    for line in config["measures"]:
        rising = MEASURES[line["key"]].rising
        line["anchors"] = draw(anchors(rising=rising))
        full = draw(days)
        line["freshness"] = [full, draw(days), full + draw(days)]
        months = draw(st.sets(st.integers(1, 600), max_size=3))
        if months:
            line["by_age"] = [
                {"until_months": until, "anchors": draw(anchors(rising=rising))}
                for until in sorted(months)
            ]
    config["floor"] = draw(st.floats(0, 1))
    config["rollup"] = draw(st.sampled_from(["own", "mean", "revenue", "worst"]))
    return config


@settings(max_examples=settings.default.max_examples // 3)
@given(config=configs(), name=texts, note=st.just("") | texts)
def test_what_is_written_is_read(config: dict[str, Any], name: str, note: str) -> None:
    assert config_problems(config, known_measures()) == []
    if not name.strip():
        name = "Ours"
    read = scorecard_read(scorecard_write(name=name, note=note, config=config).encode())
    assert (read.name, read.note) == (name.strip(), note)
    assert read.config == config


def test_a_note_of_several_lines_and_words_that_look_like_something_else() -> None:
    note = "First: less weight on usage\n- second line\n# third\n'quoted' \"too\""
    for name in ("no", "12", "0e0", "-.5", "1:30", "null", "2026-01-01", "[a]", "~"):
        text = scorecard_write(name=name, note=note, config=default_config())
        read = scorecard_read(text.encode())
        assert (read.name, read.note) == (name, note)


def refused(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(UnableToReadScorecard) as caught:
        scorecard_read(data)
    return caught.value.lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 100 KB. No scorecard is; check which file it is."),
        (b"\xff\xfe\x00", "The file is not in UTF-8. Save it as UTF-8 and try again."),
        ("a: \x00", "The file holds signs that no text has. Save it as plain text."),
        ("", "Line 1: the file must begin with “format: keepwell scorecard 1”."),
        ("format: 2", "Line 1: the file must begin with “format: keepwell scorecard 1”."),
        ("- 1", "Line 1: the file must begin with “format: keepwell scorecard 1”."),
        (FIRST + "name: [", "Line 2: this is not YAML. Check indents, colons and brackets."),
        (FIRST + "name: !!python/object/apply:os.system [ls]", "Line 2: leave out what begins with an exclamation mark."),
        (FIRST + "name: !own x", "Line 2: leave out what begins with an exclamation mark."),
        (FIRST + "? !!str name\n: x", "Line 2: leave out what begins with an exclamation mark."),
        (FIRST + "a: &a [1]\nb: *a", "Line 2: write the values out instead of & and *."),
        (FIRST + "a: *b", "Line 2: write the values out instead of & and *."),
        (FIRST + "<<: *b", "Line 2: write the values out instead of & and *."),
        (FIRST + "? [a]\n: b", "Line 2: a name must be a plain word."),
        (FIRST + "name: x\nname: y", "Line 3: “name” stands here twice. Leave one of them out."),
        (FIRST + "a: " + "[" * 20_000, "Line 2: this is nested too deeply."),
        (FIRST + "---\n" + FIRST, "Line 2: a file holds one scorecard only."),
    ],
)  # fmt: skip
def test_what_is_no_scorecard(text: str | bytes, line: str) -> None:
    assert refused(text) == [line]


def test_every_wrong_field_is_named_with_its_line_and_what_to_do() -> None:
    text = scorecard_write(name="Ours", note="", config=default_config())
    text = text.replace("name: Ours", "name: ''")
    text = re.sub(r"(key: nps\n  group: survey\n  weight: )\S+", r"\1-3", text)
    text = text.replace("key: pulse\n", "key: pulze\n")
    text = text.replace("at_risk: 50", "at_risk: low")
    text = text.replace("rollup: own", "rollup: best")
    lines = text.splitlines()

    def line(start: str, after: str = "") -> int:
        first = next((i for i, one in enumerate(lines) if after in one), 0)
        return (
            first + next(i for i, one in enumerate(lines[first:]) if start in one) + 1
        )

    keys = [one["key"] for one in default_config()["measures"]]
    nps, pulse = keys.index("nps") + 1, keys.index("pulse") + 1
    near = "There is no measure “pulze”. Did you mean “pulse”?"
    band = "Write a number above 0 and below 100."
    rollup = "There is no “best” here. There are: own, mean, revenue, worst."
    assert refused(text) == [
        "Line 2, name: Write a name of at most 120 letters.",
        f"Line {line('weight: -3')}, measures[{nps}].weight (nps): Write 0 or more.",
        f"Line {line('pulze')}, measures[{pulse}].key (pulze): {near}",
        f"Line {line('at_risk: low')}, bands.at_risk: {band}",
        f"Line {line('rollup: best')}, rollup: {rollup}",
    ]


def test_the_name_and_the_note_have_an_end() -> None:
    text = scorecard_write(name="x" * 121, note="y" * 2001, config=default_config())
    assert refused(text) == [
        "Line 2, name: Write a name of at most 120 letters.",
        "Line 3, note: Write a note of at most 2000 letters.",
    ]


@pytest.mark.parametrize("value", ["1:30", "0x10", ".inf", ".nan", "1_000", "yes", "~"])
def test_what_yaml_would_take_for_a_number_is_none(value: str) -> None:
    text = scorecard_write(name="Ours", note="", config=default_config())
    text = text.replace("floor: 0.5", f"floor: {value}")
    number = text.splitlines().index(f"floor: {value}") + 1
    assert refused(text) == [
        f"Line {number}, floor: Write a share from 0 to 1, such as 0.5."
    ]


def test_an_overflowing_number_is_none() -> None:
    text = scorecard_write(name="Ours", note="", config=default_config())
    [line] = refused(text.replace("floor: 0.5", "floor: 1e999"))
    assert line.endswith("floor: Write a share from 0 to 1, such as 0.5.")


def test_the_example_of_the_docs_is_a_scorecard() -> None:
    page = Path("docs/scorecards.md").read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    read = scorecard_read(example.encode())
    assert read.name == "Enterprise"
    assert [line["key"] for line in read.config["measures"]] == [
        "seat_use", "active_users_trend", "tickets", "nps",
    ]  # fmt: skip
    assert read.config["measures"][0]["by_age"][0]["until_months"] == 6
