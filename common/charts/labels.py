"""Finds a place for words where neither the line nor other words are."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.charts.svg import Point, text, text_width

SIZE = 12
# How far apart the line is looked at; less than the height of a letter.
STEP = 4


@dataclass(frozen=True)
class Place:
    """Where a text would stand: its anchor point as SVG understands it."""

    x: float
    y: float
    anchor: str


@dataclass
class Labels:
    """The words of one chart, placed one after the other."""

    line: Sequence[Point]
    width: float
    taken: list[Point] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken += _dense(self.line)

    def write(self, words: str, places: Iterable[Place], css: str) -> str:
        """This will write words at the first free place, else at the least crowded."""
        crowds = [(self._crowd(words, place), place) for place in places]
        _, place = min(crowds, key=lambda pair: pair[0])
        left, right = _ends(words, place)
        steps = range(int(left), int(right) + STEP, STEP)
        self.taken += [(x, place.y - SIZE / 3) for x in steps]
        return text(place.x, place.y, words, css, place.anchor)

    def _crowd(self, words: str, place: Place) -> float:
        """This will count what is in the way; leaving the chart is worst of all."""
        left, right = _ends(words, place)
        if left < 0 or right > self.width:
            return float("inf")
        top, bottom = place.y - SIZE - 2, place.y + 4
        return sum(left <= x <= right and top <= y <= bottom for x, y in self.taken)


def _ends(words: str, place: Place) -> tuple[float, float]:
    room = text_width(words, SIZE)
    shift = {"start": 0.0, "middle": room / 2, "end": room}[place.anchor]
    return place.x - shift, place.x - shift + room


def _dense(line: Sequence[Point]) -> list[Point]:
    """This will add points between the corners of a line."""
    points = list(line[:1])
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        parts = max(1, int((abs(x1 - x0) + abs(y1 - y0)) / STEP))
        points += [
            (x0 + (x1 - x0) * part / parts, y0 + (y1 - y0) * part / parts)
            for part in range(1, parts + 1)
        ]
    return points
