"""Places on the timeline, and the template of an event."""

import datetime as dt

import pytest

from customers.timeline import (
    FALLBACK,
    Place,
    TimelineLine,
    event_template,
    merged,
    place_from,
)
from tests.world import NOW


def test_a_place_survives_the_address() -> None:
    place = Place(NOW, "interaction", 17)
    assert place_from(place.encode()) == place


@pytest.mark.parametrize("text", ["", "x", "Zg", "MjAyNi0wNi0zMHx4fDE", "é", "%00"])
def test_anything_else_is_no_place(text: str) -> None:
    assert place_from(text) is None


def test_lines_of_one_moment_stand_by_source_then_newest_row() -> None:
    def line(source: str, pk: int, hours: int = 0) -> TimelineLine:
        return TimelineLine(source, pk, NOW + dt.timedelta(hours=hours), FALLBACK)

    lines = merged([[line("b", 1), line("b", 2)], [line("a", 1)], [line("c", 9, 1)]], 3)
    assert [(one.source, one.pk) for one in lines] == [("c", 9), ("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("customers.task_done", "customers/events/task_done.html"),
        ("customers.never_heard_of", FALLBACK),
        ("../secrets.txt", FALLBACK),
        ("plain", FALLBACK),
    ],
)
def test_an_events_template_is_found_by_its_kind(kind: str, template: str) -> None:
    assert event_template(kind) == template
