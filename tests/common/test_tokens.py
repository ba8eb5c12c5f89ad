"""Every pair of colours that meets on a page can be told apart, in both themes.

Axe cannot judge text inside SVG, so the tokens themselves are measured (WCAG 2.2, 1.4.3
and 1.4.11).
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, SHAPE = 4.5, 3.0
SURFACES = ("bg", "surface", "sunken")
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "ink-2") for paper in SURFACES],
    *[
        (f"{tone}", paper, TEXT)
        for tone in ("crit", "warn", "ok", "info")
        for paper in (f"{tone}-soft", "surface", "bg")
    ],
    *[
        ("ink", f"{tone}-soft", TEXT)
        for tone in ("crit", "warn", "ok", "info", "accent")
    ],
    *[("accent", paper, TEXT) for paper in ("bg", "surface", "accent-soft")],
    *[("ink-2", f"{tone}-soft", TEXT) for tone in ("crit", "warn", "ok", "accent")],
    ("accent-ink", "accent", TEXT),
    ("bg", "ink", TEXT),
    *[("control", paper, SHAPE) for paper in ("bg", "surface")],
    *[("focus", paper, SHAPE) for paper in SURFACES],
]


def tokens() -> dict[str, tuple[str, str]]:
    """This will read the light and the dark value of every colour."""
    css = (Path(settings.BASE_DIR) / "static" / "app.css").read_text()
    found = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """This will give the relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_can_be_told_apart(theme: str) -> None:
    side = ["light", "dark"].index(theme)
    colours = {name: values[side] for name, values in tokens().items()}
    short = []
    for ink, paper, goal in PAIRS:
        low, high = sorted((luminance(colours[ink]), luminance(colours[paper])))
        contrast = (high + 0.05) / (low + 0.05)
        if contrast < goal:
            short.append(f"{ink} on {paper}: {contrast:.2f}")
    assert short == []
