"""One line stays one line, and a text part fits a window."""

from hypothesis import given
from hypothesis import strategies as st

from mail.calculations.lines import clean_line, wrapped


def test_what_ends_a_line_becomes_a_space() -> None:
    typed = "Ana\r\nBcc: x@y.example\x00\u2028\u2029\x85\x0bPopescu"
    assert clean_line(typed) == "Ana Bcc: x@y.example Popescu"


def test_letters_that_turn_the_rest_around_are_dropped() -> None:
    assert clean_line("Ana \u202egro.live\u202c") == "Ana gro.live"


def test_an_encoded_word_stays_words() -> None:
    assert clean_line("=?utf-8?q?=0D=0ABcc?=") == "= ?utf-8?q?=0D=0ABcc?="
    assert "=?" not in clean_line("==?? =\x00? =\u200e?")


def test_long_lines_are_cut() -> None:
    assert clean_line("a" * 300, 10) == "a" * 9 + "…"
    assert clean_line("a" * 10, 10) == "a" * 10


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert once.splitlines() in ([once], [])


def test_text_is_wrapped_and_addresses_are_not() -> None:
    url = "https://keepwell.example/" + "a" * 90
    made = wrapped(f"\n\n{'word ' * 30}\n\n\n\n- {'item ' * 20}\n{url}\n\n--\n\nFoot  ")
    lines = made.split("\n")
    assert url in lines
    assert max(len(line) for line in lines if line != url) <= 76
    assert "\n\n\n" not in made
    assert made.endswith("-- \nFoot\n")
    assert sum(line.startswith("  item") for line in lines) == 1
