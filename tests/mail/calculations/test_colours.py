"""Whatever colour a company chooses, buttons and links can be read."""

from hypothesis import given
from hypothesis import strategies as st

from common.colours import contrast
from mail.calculations.colours import BLACK, CARD, DARK_CARD, moved, palette

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_every_colour_becomes_readable_in_both_themes(accent: str) -> None:
    made = palette(accent)
    assert contrast(made.fill, CARD) >= 3
    assert contrast(made.ink, made.fill) >= 4.5
    assert contrast(made.link, CARD) >= 4.5
    assert contrast(made.dark_fill, DARK_CARD) >= 3
    assert contrast(made.dark_ink, made.dark_fill) >= 4.5
    assert contrast(made.dark_link, DARK_CARD) >= 4.5


def test_a_colour_that_reads_well_stays_as_it_is() -> None:
    assert palette("#0e6b62").fill == "#0e6b62"
    assert palette("#0e6b62").link == "#0e6b62"
    assert palette("#79cdc4").dark_fill == "#79cdc4"


def test_a_contrast_that_no_colour_has_ends_at_the_other_colour() -> None:
    assert moved("#808080", away_from=CARD, to=BLACK, until=22) == BLACK
