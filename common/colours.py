"""How well words can be read on a colour (WCAG 2.2, relative luminance)."""

# From this contrast on, normal text counts as readable.
READABLE = 4.5
WHITE, BLACK = "#ffffff", "#000000"


def luminance(colour: str) -> float:
    """This will return how bright "#rrggbb" is, 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """This will return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """This will choose white words where they can be read, else black ones.

    On every colour at least one of the two reaches 4.5.
    """
    return WHITE if contrast(colour, WHITE) >= READABLE else BLACK
