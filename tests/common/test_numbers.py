"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.numbers import UnableToReadNumber, decimal_read


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("0.91", "", "0.91"),
        ("0,91", "", "0.91"),
        ("0,91", ".", "0.91"),
        (" 12 ", "", "12"),
        ("1 234,5", "", "1234.5"),
        ("1\N{NO-BREAK SPACE}234,5", ",", "1234.5"),
        ("1'234.5", "", "1234.5"),
        ("1.234,56", ".", "1234.56"),
        ("1,234.56", ",", "1234.56"),
        ("1,234,567", ".", "1234567"),
        ("1,234,567.5", "", "1234567.5"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("0,912", ".", "0.912"),
        ("1234,567", ".", "1234.567"),
        (".5", "", "0.5"),
        ("-3", "", "-3"),
    ],
)
def test_reads_points_and_commas(text: str, sign: str, value: str) -> None:
    assert decimal_read(text, sign=sign) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("1,234", "."),
        ("1.234", ","),
        ("1,234", "?"),
        ("", ""),
        ("1e5", ""),
        ("NaN", ""),
        ("Infinity", ""),
        ("1,2,3", ""),
        ("1.234.5", ""),
        ("12,345.678.9", ""),
        ("٣", ""),
        ("1" * 25, ""),
    ],
)
def test_refuses_what_is_no_number_or_could_be_two(text: str, sign: str) -> None:
    with pytest.raises(UnableToReadNumber):
        decimal_read(text, sign=sign)


@given(st.decimals(0, 10**9, places=2), st.sampled_from([",", "."]))
def test_every_amount_is_read_back(value: Decimal, sign: str) -> None:
    other = "." if sign == "," else ","
    grouped = f"{value:,.2f}".translate(str.maketrans(",.", other + sign))
    plain = f"{value:.2f}".replace(".", sign)
    assert decimal_read(grouped, sign=sign) == decimal_read(plain, sign=sign) == value
