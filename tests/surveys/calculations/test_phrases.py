"""Words and phrases in comments of any shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.phrases import (
    Matcher,
    Phrase,
    base_of,
    folded,
    parts_of,
    words_of,
)


def finds(phrase: str, text: str, *, language: str = "", spoken: str = "") -> bool:
    one = Phrase(1, language, phrase)
    return Matcher([one]).found(text, spoken) == {one}


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("export", "The EXPORT breaks.", True),
        ("port", "The export breaks.", False),
        ("export", "Exports break.", False),
        ("export*", "Exports break.", True),
        ("export*", "export", True),
        ("month end", "at month-end, always", True),
        ("month end", "at the end of the month", False),
        ("month end", "month", False),
        ("month end*", "every month ending", True),
        ("e-mail", "No E-Mail came", True),
        ("café", "no CAFE here", True),
        ("cafe", "no café here", True),
        ("straße", "STRASSE gesperrt", True),
        ("don't work", "they don’t work", True),
        ("*", "anything", False),
        ("!!!", "!!!", False),
        ("", "", False),
        ("2fa", "2FA fails", True),
    ],
)
def test_whole_words(phrase: str, text: str, found: bool) -> None:
    assert finds(phrase, text) is found


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("Rechnung", False),
        ("Rechnung*", True),
        ("Rechnungsstellung", True),
        ("stellung*", False),
    ],
)
def test_german_compounds(phrase: str, found: bool) -> None:
    assert finds(phrase, "Die Rechnungsstellung dauert") is found


@pytest.mark.parametrize("written", ["preț", "preţ", "pret", "PREŢ", "pret\u0326"])
def test_romanian_letters_both_ways(written: str) -> None:
    """Comma below, cedilla below, none, capitals, and a letter with a loose mark."""
    for phrase in ("preț", "preţ", "pret"):
        assert finds(phrase, f"Un {written} prea mare")


@pytest.mark.parametrize(
    "text",
    [
        "the \u200fexport\u200e breaks",
        "the ex\u200bport breaks",
        "the ex\u00adport breaks",
        "\u202eexport\u202c",
        "the\x00export\x00breaks",
        "<script>export</script>",
    ],
)
def test_marks_that_nobody_sees(text: str) -> None:
    assert finds("export", text)


def test_languages() -> None:
    english, german = Phrase(1, "en", "rest"), Phrase(2, "de", "rest")
    everywhere = Phrase(3, "", "rest")
    matcher = Matcher([english, german, everywhere])
    assert matcher.found("rest", "en") == {english, everywhere}
    assert matcher.found("rest", "de-AT") == {german, everywhere}
    assert matcher.found("rest", "fr") == {everywhere}
    assert matcher.found("rest", "") == {english, german, everywhere}


def test_many_phrases_of_many_themes() -> None:
    phrases = [Phrase(n, "", f"word{n}") for n in range(500)]
    phrases += [Phrase(n, "", f"begin{n}*") for n in range(500)]
    matcher = Matcher(phrases)
    found = matcher.found("word7 and begin12ning, but wordless")
    assert {(one.owner, one.text) for one in found} == {
        (7, "word7"),
        (12, "begin12*"),
        (1, "begin1*"),
    }


def test_a_megabyte() -> None:
    text = "nothing to see here " * 50_000 + "export"
    assert len(text) > 1_000_000
    assert finds("export", text)
    assert not finds("import", text)
    assert finds("expo*", "é" * 1_000_000 + " export")


def test_a_code_of_a_language() -> None:
    assert [base_of(code) for code in ("de-AT", "pt_BR", "RO", "")] == [
        "de", "pt", "ro", "",
    ]  # fmt: skip


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words_of(folded(text)) == words_of(text)


@given(st.text(), st.text())
def test_whatever_is_typed_is_found_in_itself(text: str, around: str) -> None:
    phrase = text.replace("*", " ")
    assert finds(phrase, f"{around} {phrase} {around}") is bool(parts_of(phrase))


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=4), max_size=8))
def test_whole_words_are_what_splitting_finds(words: list[str]) -> None:
    assert finds("ab", " ".join(words)) is ("ab" in words)
    begun = any(word.startswith("ab") for word in words)
    assert finds("ab*", " ".join(words)) is begun
