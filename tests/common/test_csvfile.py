"""CSV files as people save them."""

import pytest

from common.csvfile import UnableToReadCsv, csv_read

COLUMNS = ("day", "name")
WORDS = "day;name\r\n2026-01-01;Année – Größe, №\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_what_programs_save(encoding: str) -> None:
    read = csv_read(WORDS.encode(encoding), columns=COLUMNS)
    assert read.separator == ";"
    assert [(line.number, line.cells) for line in read.lines] == [
        (2, ("2026-01-01", "Année – Größe, №"))
    ]


def test_guesses_an_old_encoding() -> None:
    text = "day;name\n" + "2026-01-01;Grüße aus Köln für Jürgen\n" * 20
    read = csv_read(text.encode("cp1252"), columns=COLUMNS)
    assert {line.cells[1] for line in read.lines} == {"Grüße aus Köln für Jürgen"}


def test_numbers_lines_where_they_begin() -> None:
    data = b'x,NAME, Day \n\n1,"two\nlines",a\n,,\n2,b\n'
    read = csv_read(data, columns=COLUMNS)
    assert [(line.number, line.cells) for line in read.lines] == [
        (3, ("a", "two\nlines")),
        (6, ("", "b")),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "day, name is missing"),
        (b"day\n1\n", "name is missing"),
        (b'day,name\n"' + b"x" * 200_000, "quote left open"),
    ],
)
def test_says_what_is_wrong_with_the_file(data: bytes, words: str) -> None:
    with pytest.raises(UnableToReadCsv, match=words):
        csv_read(data, columns=COLUMNS)
