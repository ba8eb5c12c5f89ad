"""Charts are text: they must parse, stay in their box and never let markup in."""

import math
import re
from xml.etree import ElementTree

import pytest

from common.charts import (
    Contribution,
    Mark,
    Zone,
    contributions,
    interval_bar,
    sparkline,
    trend,
)
from common.charts.labels import Labels, Place
from common.charts.svg import scale, short, wrap

EVIL = '<script>alert("1")</script>'
ZONES = [
    Zone(0, 50, "crit", "At risk"),
    Zone(50, 70, "warn", "Watch"),
    Zone(70, 100, "ok", "Healthy"),
]


def parse(svg: str) -> ElementTree.Element:
    # Ours and generated a line before; nothing foreign is parsed.
    return ElementTree.fromstring(svg)  # noqa: S314


def texts(svg: str) -> dict[str, tuple[float, float, str]]:
    """This will give the place of each text by its words."""
    return {
        node.text or "": (
            float(node.attrib["x"]),
            float(node.attrib["y"]),
            node.attrib.get("text-anchor", "start"),
        )
        for node in parse(svg).iter("text")
    }


def draw(values: list[float], **options: object) -> str:
    given = {
        "days": [(0, "31 Aug"), (2, "28 Sep"), (len(values) - 1, "today")],
        "width": 430,
        "height": 210,
        "ticks": [30, 50, 70, 90],
        "write": lambda value: f"{value:.0f}",
    }
    return trend(values, **{**given, **options})  # type: ignore[arg-type]


def test_coordinates_are_short_and_have_no_negative_zero() -> None:
    assert [short(value) for value in (1.0, 1.25, -0.01, 10)] == ["1", "1.2", "0", "10"]


def test_an_empty_range_is_drawn_in_the_middle() -> None:
    assert scale(5, 5, 0, 10)(5) == 5
    assert scale(0, 10, 100, 0)(2.5) == 75


def test_words_wrap_and_nothing_stays_one_line() -> None:
    assert wrap("Fewer exports run than a year ago", 110, 13) == [
        "Fewer exports",
        "run than a year",
        "ago",
    ]
    assert wrap("", 100, 13) == [""]


class TestSparkline:
    def test_is_small_and_says_its_message(self) -> None:
        svg = sparkline([70, 68, 60, 46], label="Health, from 70 to 46")
        assert parse(svg).attrib["aria-label"] == "Health, from 70 to 46"
        assert parse(svg).attrib["role"] == "img"
        assert len(svg) < 400

    def test_noise_stays_flat_because_slopes_must_compare(self) -> None:
        heights = [
            float(y)
            for y in re.findall(r"[ML][\d.]+ ([\d.]+)", sparkline([50, 51], label=""))
        ]
        assert abs(heights[0] - heights[1]) < 1

    def test_missing_days_leave_a_gap_and_the_last_known_is_marked(self) -> None:
        svg = sparkline([60, 61, math.nan, 70, 71, math.nan], label="")
        line, dot = parse(svg)
        assert line.attrib["d"].count("M") == 2
        assert dot.attrib["cx"] == "65.4"

    def test_one_known_day_is_a_dot(self) -> None:
        assert [node.tag for node in parse(sparkline([math.nan, 5], label=""))] == [
            "circle"
        ]

    def test_nothing_known_is_an_empty_picture_with_its_words(self) -> None:
        svg = parse(sparkline([math.nan], label="No score yet"))
        assert list(svg) == []
        assert svg.attrib["aria-label"] == "No score yet"

    def test_the_label_cannot_bring_markup(self) -> None:
        svg = sparkline([1, 2], label=EVIL)
        assert "<script" not in svg
        assert parse(svg).attrib["aria-label"] == EVIL


class TestTrend:
    def test_draws_zones_in_words_ticks_days_and_the_last_point(self) -> None:
        svg = draw([71, 70, 66, 46], zones=ZONES)
        assert {"Healthy", "Watch", "At risk", "30", "90", "31 Aug", "28 Sep"} <= set(
            texts(svg)
        )
        assert [node.attrib["class"] for node in parse(svg).iter("rect")] == [
            "zone z-crit",
            "zone z-warn",
            "zone z-ok",
        ]
        assert 'class="dot"' in svg
        assert 'aria-hidden="true"' in svg

    def test_the_scale_ends_cut_the_zones(self) -> None:
        rects = list(parse(draw([71, 70], zones=ZONES)).iter("rect"))
        assert sum(float(rect.attrib["height"]) for rect in rects) == pytest.approx(174)

    def test_dots_bridge_a_gap(self) -> None:
        svg = draw([62, 63, math.nan, 66, 69])
        assert svg.count('class="gap"') == 1
        assert svg.count('class="line"') == 2

    def test_nothing_known_draws_no_line(self) -> None:
        svg = draw([math.nan, math.nan, math.nan])
        assert 'class="line"' not in svg
        assert 'class="dot"' not in svg

    def test_a_single_value_is_drawn(self) -> None:
        assert 'class="dot"' in draw([50.0], days=[])

    def test_the_band_follows_its_gaps(self) -> None:
        lows, highs = [40, math.nan, 50, 51], [60, math.nan, 70, 71]
        svg = draw([50, math.nan, 60, 61], band=(lows, highs))
        assert (svg.count('class="band"'), svg.count('class="alone"')) == (1, 1)

    def test_marks_stand_clear_of_a_falling_line(self) -> None:
        svg = draw([88, 87, 70, 50, 32], marks=[Mark(2, "NPS 4")])
        mark = next(n for n in parse(svg).iter("circle") if n.attrib["class"] == "mark")
        x, y, anchor = texts(svg)["NPS 4"]
        above, right = y < float(mark.attrib["cy"]), anchor == "start"
        below, left = y > float(mark.attrib["cy"]), anchor == "end"
        assert (above and right) or (below and left)
        assert x >= 0

    def test_a_mark_where_nothing_is_known_is_left_out(self) -> None:
        svg = draw([70, math.nan, 60], marks=[Mark(1, "lost")])
        assert "lost" not in svg

    def test_a_zone_is_named_where_the_line_is_not(self) -> None:
        _, high, _ = texts(draw([71, 71, 71, 71], zones=ZONES))["Healthy"]
        assert high == 28
        _, moved, _ = texts(draw([88, 88, 88, 88], zones=ZONES))["Healthy"]
        assert moved > 40

    def test_words_cannot_bring_markup(self) -> None:
        svg = draw(
            [71, 70, 60],
            zones=[Zone(0, 90, "ok", EVIL)],
            marks=[Mark(1, EVIL)],
            days=[(0, EVIL)],
            write=lambda value: EVIL,
        )
        assert "<script" not in svg
        assert len(list(parse(svg).iter("text"))) == 7


class TestLabels:
    def test_leaving_the_chart_is_worse_than_any_crowd(self) -> None:
        labels = Labels([(0, 50), (100, 50)], 100)
        crowded, outside = Place(50, 50, "middle"), Place(98, 10, "start")
        assert 'x="50"' in labels.write("words", [outside, crowded], "note")

    def test_two_labels_do_not_share_a_place(self) -> None:
        labels = Labels([], 200)
        places = [Place(50, 20, "start"), Place(50, 60, "start")]
        assert 'y="20"' in labels.write("first", places, "note")
        assert 'y="60"' in labels.write("second", places, "note")


class TestContributions:
    ITEMS = (Contribution("Administrator left", 14), Contribution("Paid on time", -4))

    def draw(self, **options: object) -> str:
        return contributions(  # type: ignore[arg-type]
            self.ITEMS, width=430, write=lambda value: f"{value:+.0f}", **options
        )

    def test_bars_share_one_scale(self) -> None:
        widths = [
            float(rect.attrib["width"]) for rect in parse(self.draw()).iter("rect")
        ]
        assert widths[0] / widths[1] == pytest.approx(14 / 4, rel=0.01)

    @pytest.mark.parametrize(
        ("up_is_good", "classes"), [(True, ["good", "bad"]), (False, ["bad", "good"])]
    )
    def test_colour_follows_the_news_not_the_sign(
        self, *, up_is_good: bool, classes: list[str]
    ) -> None:
        rects = parse(self.draw(up_is_good=up_is_good)).iter("rect")
        assert [rect.attrib["class"] for rect in rects] == classes

    def test_values_are_written_outside_their_bars(self) -> None:
        placed = texts(self.draw())
        assert placed["+14"][2] == "start"
        assert placed["-4"][2] == "end"
        assert placed["+14"][0] < 430

    def test_stacked_words_stand_above_their_bar(self) -> None:
        svg = self.draw(stacked=True)
        bar = next(parse(svg).iter("rect"))
        assert texts(svg)["Administrator left"][1] < float(bar.attrib["y"])

    def test_nothing_to_say_is_an_empty_picture(self) -> None:
        assert list(parse(contributions([], width=100, write=str))) == []

    def test_items_without_effect_are_thin_lines(self) -> None:
        svg = contributions([Contribution("None", 0)], width=200, write=str)
        assert next(parse(svg).iter("rect")).attrib["width"] == "1.5"

    def test_labels_cannot_bring_markup(self) -> None:
        svg = contributions(
            [Contribution(EVIL, 1)], width=430, write=lambda value: EVIL
        )
        assert "<script" not in svg
        assert parse(svg) is not None


class TestInterval:
    def test_the_dot_lies_in_its_range(self) -> None:
        _, span, dot = parse(interval_bar(0.38, 0.29, 0.47))
        start, width = float(span.attrib["x"]), float(span.attrib["width"])
        assert start < float(dot.attrib["cx"]) < start + width

    def test_what_lies_beyond_the_limit_is_cut(self) -> None:
        _, span, dot = parse(interval_bar(0.9, -0.2, 1.4, limit=0.5, width=100))
        assert (span.attrib["x"], span.attrib["width"]) == ("5", "90")
        assert dot.attrib["cx"] == "95"

    def test_a_sure_thing_is_still_seen(self) -> None:
        _, span, _ = parse(interval_bar(0.5, 0.5, 0.5))
        assert span.attrib["width"] == "2"
