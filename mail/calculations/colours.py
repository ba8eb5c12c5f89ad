"""A company's colour as mails and public pages can use it, on light and on dark."""

from dataclasses import dataclass

from common.colours import BLACK, READABLE, WHITE, contrast, ink_on

# The cards that buttons and links stand on; mail/light.css and mail/dark.css have them.
CARD, DARK_CARD = "#ffffff", "#1a1d22"
# What a button must reach to be seen as one (WCAG 2.2, 1.4.11).
SEEN = 3.0
STEPS = 50


@dataclass(frozen=True, slots=True)
class Palette:
    """What a company's colour becomes, each "#rrggbb".

    A button is `fill` with `ink` on it; a link in running text is `link`. Each has a twin
    for dark backgrounds.
    """

    fill: str
    ink: str
    link: str
    dark_fill: str
    dark_ink: str
    dark_link: str


def palette(accent: str) -> Palette:
    """This will derive the palette of a colour "#rrggbb"; readable whatever it is."""
    fill = moved(accent, away_from=CARD, to=BLACK, until=SEEN)
    dark_fill = moved(accent, away_from=DARK_CARD, to=WHITE, until=SEEN)
    return Palette(
        fill=fill,
        ink=ink_on(fill),
        link=moved(accent, away_from=CARD, to=BLACK, until=READABLE),
        dark_fill=dark_fill,
        dark_ink=ink_on(dark_fill),
        dark_link=moved(accent, away_from=DARK_CARD, to=WHITE, until=READABLE),
    )


def moved(colour: str, *, away_from: str, to: str, until: float) -> str:
    """This will move a colour towards another only as far as the contrast asks for."""
    for step in range(STEPS + 1):
        made = _mixed(colour, to, step / STEPS)
        if contrast(made, away_from) >= until:
            return made
    return to


def _mixed(one: str, other: str, share: float) -> str:
    parts = []
    for at in (1, 3, 5):
        here, there = int(one[at : at + 2], 16), int(other[at : at + 2], 16)
        parts.append(round(here + (there - here) * share))
    return "#" + "".join(f"{part:02x}" for part in parts)
