"""The font, cut down from the full family to the letters and weights we use."""

import io
from importlib.metadata import version
from pathlib import Path

import fontpkg_inter
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from common.assets.workshop import Workshop

SOURCE = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
WEIGHTS = (400, 700)
# English, German, Romanian (also the older ş ţ in imported names) and the names of most
# of Europe; other scripts fall back to the system's font.
LETTERS = (
    [*range(0x20, 0x7F), *range(0xA0, 0x180)]
    + [0x218, 0x219, 0x21A, 0x21B]
    + [ord(sign) for sign in "‐‑–—‘’‚“”„†•…‰‹›€₤−×≈≠≤≥←↑→↓↗↘"]
)
FEATURES = ["kern", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case"]


def font_build(target: Path, workshop: Workshop) -> bool:
    """This will write the variable subset as woff2 and tell whether it had to.

    Takes some seconds the first time and nothing after that.
    """
    packages = [version("fontpkg-inter"), version("fonttools")]
    recipe = f"{packages} {WEIGHTS} {LETTERS} {FEATURES}"
    return workshop.build(target, recipe.encode(), _subset)


def _subset() -> bytes:
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = Options(layout_features=FEATURES, hinting=False, name_IDs=[1, 2, 13, 14])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    # Text is small here, so the design for small sizes stays and the axis goes.
    instancer.instantiateVariableFont(font, {"opsz": 14, "wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
