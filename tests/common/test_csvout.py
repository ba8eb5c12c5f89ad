"""CSV for spreadsheets."""

import csv
import io

import pytest

from common.csvout import csv_lines, safe

RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.mark.parametrize(
    "text",
    [
        "=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x",
        " =1", f"{RIGHT_TO_LEFT}=1", f" {RIGHT_TO_LEFT} @x", "\N{ZERO WIDTH SPACE}+1",
    ],
)  # fmt: skip
def test_every_beginning_of_a_formula_is_quoted(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "cell", ["x=1", "", " ", RIGHT_TO_LEFT, "1-2", "שלום", -5, 3.5, None]
)
def test_what_is_no_formula_stays(cell: object) -> None:
    assert safe(cell) == cell


def test_quotes_and_lines_come_back_as_they_were() -> None:
    rows = [["a", 'say "no"', "two\nlines", "semi;colon, comma"], ["=1", -1, "", "ș"]]
    text = csv_lines(rows).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        rows[0],
        ["'=1", "-1", "", "ș"],
    ]
