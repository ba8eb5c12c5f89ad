"""A wording: read, written, and chosen by language."""

import pytest

from surveys.calculations.content import Content, Texts, content_read, content_write
from surveys.calculations.defaults import content_default
from surveys.calculations.parts import (
    PARTS,
    changes,
    flat,
    missing,
    part_of,
    texts_of,
)
from tests.world import CONTENT

WHOLE = texts_of({part: f"{part}!" for part in PARTS})


def test_what_is_written_is_read_again() -> None:
    assert content_write(content_read(CONTENT)) == CONTENT


def test_what_is_missing_is_empty() -> None:
    content = content_read({"texts": {"en": {"subject": "S"}}})
    assert content.default_language == "en"
    assert content.texts["en"] == Texts(
        subject="S",
        follow_up={"low": "", "middle": "", "high": ""},
        thanks={"low": "", "middle": "", "high": ""},
    )


@pytest.mark.parametrize(
    ("asked", "used"),
    [("de", "de"), ("de-AT", "de"), ("pt-BR", "pt-BR"), ("pt", "ro"), ("", "ro")],
)
def test_the_nearest_language_is_chosen(asked: str, used: str) -> None:
    texts = {code: texts_of({"question": code}) for code in ("de", "ro", "pt-BR")}
    code, chosen = Content(default_language="ro", texts=texts).chosen(asked)
    assert (code, chosen.question) == (used, used)


def test_without_the_default_language_the_first_is_taken() -> None:
    content = Content(default_language="en", texts={"ro": WHOLE})
    assert content.chosen("fr") == ("ro", WHOLE)


def test_without_words_there_are_none() -> None:
    assert Content(default_language="ro").chosen("de") == ("ro", Texts())


def test_a_missing_text_is_the_default_languages() -> None:
    half = texts_of({"question": "Wie?", "thanks_low": "Danke"})
    content = Content(default_language="en", texts={"en": WHOLE, "de": half})
    _code, texts = content.chosen("de")
    assert (texts.question, texts.thanks["low"]) == ("Wie?", "Danke")
    assert (texts.subject, texts.low, texts.high) == ("subject!", "low!", "high!")
    assert texts.thanks["high"] == "thanks_high!"
    assert texts.follow_up["middle"] == "follow_up_middle!"
    # Left out on purpose.
    assert texts.intro == ""


def test_parts_are_taken_apart_and_put_together() -> None:
    assert {part: part_of(WHOLE, part) for part in PARTS} == {
        part: f"{part}!" for part in PARTS
    }
    assert part_of(Texts(), "thanks_low") == ""


def test_what_nobody_wrote_is_missing() -> None:
    assert missing(WHOLE) == []
    assert missing(texts_of({**flat_of(WHOLE), "low": " ", "intro": ""})) == ["low"]
    assert missing(Texts()) == [part for part in PARTS if part != "intro"]


def flat_of(texts: Texts) -> dict[str, str]:
    return {part: part_of(texts, part) for part in PARTS}


def test_everything_lies_side_by_side() -> None:
    content = Content("ro", "#123456", "Us", {"ro": WHOLE})
    laid = flat(content)
    assert laid.pop("default_language") == "ro"
    assert laid.pop("accent") == "#123456"
    assert laid.pop("company_name") == "Us"
    assert laid == {f"ro:{part}": f"{part}!" for part in PARTS}


def test_changes_are_named_by_language() -> None:
    before = Content("en", texts={"en": WHOLE, "de": WHOLE})
    other = texts_of({**flat_of(WHOLE), "question": "Q", "thanks_high": "T"})
    after = Content("fr", "#123456", texts={"en": other, "fr": WHOLE})
    assert changes(before, before) == {}
    assert changes(before, after) == {
        "": ["default_language", "accent"],
        "de": ["-"],
        "en": ["question", "thanks_high"],
        "fr": ["+"],
    }


@pytest.mark.parametrize("kind", ["nps", "csat", "ces"])
def test_the_first_words_are_complete(kind: str) -> None:
    content = content_default(kind, default_language="de")
    assert content.default_language == "de"
    assert list(content.texts) == ["en", "de", "ro"]
    for texts in content.texts.values():
        assert missing(texts) == []
        assert texts.intro


def test_another_language_begins_in_english() -> None:
    assert content_default("nps", default_language="fr").default_language == "en"
