"""Groups of comments: found, shown by words, never of stop words alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.calculations.clusters import MOST, SMALLEST, groups_of
from surveys.calculations.stopwords import stop_words

ENGLISH = [
    "The export breaks every month end",
    "Exports fail with large files",
    "Export to Excel is broken again",
    "I cannot export my data",
    "Invoices arrive late",
    "The invoice was wrong twice",
    "Wrong invoice amounts, please fix",
    "Invoice totals do not match",
    "Mobile app crashes",
    "The app crashes on my phone",
    "App keeps crashing after login",
    "Great product",
    "Love it",
]
GERMAN = [
    "Die Rechnung war falsch",
    "Rechnungen kommen zu spät",
    "Falsche Rechnung erhalten",
    "Der Export bricht ab",
    "Export funktioniert nicht",
    "Exporte dauern zu lange",
]
ROMANIAN = [
    "Factura este greșită",
    "Facturile vin târziu",
    "Am primit o factură greşită",
    "Aplicația se blochează",
    "Aplicaţia merge greu",
    "Aplicația nu pornește",
]


def places(texts: list[str], language: str) -> list[tuple[int, ...]]:
    return [group.members for group in groups_of(texts, language)]


def test_english() -> None:
    found = groups_of(ENGLISH, "en")
    assert [group.members for group in found] == [
        (0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10),
    ]  # fmt: skip
    assert [group.words[0] for group in found] == ["export", "invoice", "app"]
    assert [group.phrases[0] for group in found] == ["export*", "invoice*", "app"]


def test_german_and_romanian() -> None:
    assert places(GERMAN, "de") == [(0, 1, 2), (3, 4, 5)]
    assert places(ROMANIAN, "ro") == [(0, 1, 2), (3, 4, 5)]


def test_the_same_comments_give_the_same_groups() -> None:
    assert groups_of(ENGLISH, "en") == groups_of(list(ENGLISH), "en")


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["a"],
        ["", "", "", "", "", "", ""],
        ["export", "export"],
        ["the and of it is"] * 20,
        ["12 345 6789"] * 20,
        ["x y z"] * 20,
        [f"word{n}" for n in range(30)],
        ["\x00\u200f"] * 9,
    ],
)
def test_too_little_to_say_anything(texts: list[str]) -> None:
    assert groups_of(texts, "en") == []


def test_all_the_same() -> None:
    [group] = groups_of(["Exports break"] * 8, "en")
    assert group.members == tuple(range(8))
    assert set(group.words) == {"exports", "break"}


def test_at_most_eight() -> None:
    subjects = [
        "apples", "bridge", "candle", "dragon", "engine", "forest", "guitar",
        "hammer", "island", "jungle", "kettle", "ladder",
    ]  # fmt: skip
    found = groups_of([f"{one} fails" for one in subjects for _ in range(4)], "en")
    assert len(found) == MOST
    assert {len(group.members) for group in found} == {4}


def test_a_language_nobody_knows() -> None:
    texts = ["Der export bricht", "export zu langsam", "kein export"] * 2
    [group] = groups_of(texts, "xx")
    assert group.words == ("export",)
    assert stop_words("xx") > stop_words("ro")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(alphabet="abcdefgh ", max_size=30) | st.sampled_from(ENGLISH),
        max_size=25,
    )
)
def test_whatever_is_said(texts: list[str]) -> None:
    found = groups_of(texts, "en")
    assert len(found) <= MOST
    members = [place for group in found for place in group.members]
    assert len(members) == len(set(members))
    for group in found:
        assert len(group.members) >= SMALLEST
        assert group.words
        assert not set(group.words) & stop_words("en")
