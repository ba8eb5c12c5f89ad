"""What every chart is made of: scales, escaped text, one outer element."""

import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from html import escape

Point = tuple[float, float]
Scale = Callable[[float], float]

# The average letter of our font, as a share of its size; wide enough to be safe.
LETTER = 0.56
NARROW, WIDE = frozenset(" .,:;'’|!()iIíîjlftrț-"), frozenset("mwMW%—")


def short(value: float) -> str:
    """This will write a coordinate in as few characters as the eye can tell apart."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0 turns -0.0 to 0.0


def scale(low: float, high: float, start: float, end: float) -> Scale:
    """This will map low..high to start..end; an empty range maps to the middle."""
    if high == low:
        return lambda _: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def path(points: Sequence[Point]) -> str:
    """This will join points by straight lines."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


def runs(values: Sequence[float]) -> Iterator[list[int]]:
    """This will yield the indices of each unbroken stretch of known values."""
    run: list[int] = []
    for index, value in enumerate(values):
        if math.isnan(value):
            if run:
                yield run
            run = []
        else:
            run.append(index)
    if run:
        yield run


def text(x: float, y: float, words: str, css: str, anchor: str = "start") -> str:
    """This will place escaped words; the page's own language goes in already translated."""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{css}" x="{short(x)}" y="{short(y)}"{side}>{escape(words)}</text>'


def text_width(words: str, size: float) -> float:
    """This will estimate the width of words in pixels, a little on the wide side."""
    return size * sum(_share(letter) for letter in words)


def _share(letter: str) -> float:
    """This will return the width of a letter as a share of its height."""
    if letter in NARROW:
        return 0.32
    if letter in WIDE:
        return 0.88
    return 0.7 if letter.isupper() else 0.6


def wrap(words: str, width: float, size: float) -> list[str]:
    """This will break words into lines that fit; SVG text cannot do it by itself."""
    return textwrap.wrap(words, max(8, int(width / (size * LETTER)))) or [""]


def svg(width: float, height: float, parts: Sequence[str], css: str = "chart") -> str:
    """This will wrap parts in the outer element, hidden from screen readers.

    The width is an attribute and CSS only ever shrinks it, so that the text in a chart
    is never bigger than the text around it. The table beside it is what is read aloud.
    """
    box = f"{short(width)} {short(height)}"
    return (
        f'<svg class="{css}" width="{short(width)}" height="{short(height)}"'
        f' viewBox="0 0 {box}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )
