"""Words on colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.colours import BLACK, WHITE, contrast, ink_on


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (WHITE, BLACK, 21.0),
        (WHITE, WHITE, 1.0),
        # The examples of WebAIM's contrast checker.
        ("#777777", WHITE, 4.48),
        ("#0000ff", WHITE, 8.59),
    ],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert round(contrast(other, one), 2) == ratio


@given(st.integers(0, 0xFFFFFF))
def test_words_can_be_read_on_every_colour(number: int) -> None:
    colour = f"#{number:06x}"
    assert contrast(colour, ink_on(colour)) >= 4.5
