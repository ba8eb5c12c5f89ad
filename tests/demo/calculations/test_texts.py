"""Whether the words read as if people wrote them, in the language of whoever did."""

import re
import string
from collections import Counter, defaultdict

import pytest

from demo.calculations.tables import Demo
from demo.texts import TEXTS
from demo.texts.companies import FORMS, INDUSTRIES, NEEDS, STEMS
from demo.texts.names import NAMES
from demo.texts.places import COUNTRIES

LATIN = "".join(map(chr, range(0x41, 0x24F)))
ALLOWED = set(string.ascii_letters + string.digits + " .,:;?!'’„“()/-–%&")
LETTERS = {
    "en": set("öé"),
    "de": set("äöüÄÖÜß"),
    "ro": set("ăâîșțĂÂÎȘȚ"),
}
# Small words that give a language away.
SMALL = {
    "en": {"the", "is", "are", "and", "of", "to", "we", "they", "not", "our", "for"},
    "de": {
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "wir",
        "sie",
        "für",
        "ein",
        "den",
    },
    "ro": {"și", "nu", "este", "sunt", "de", "la", "pentru", "pe", "cu", "ne", "să"},
}


def words_by_language(demo: Demo) -> dict[str, dict[str, list[str]]]:
    people = {row.contact_id: row.language for row in demo.tables["contacts"]}
    notes = {one.id: one.notes_in for one in demo.world.customers}
    homes = {one.id: one.language for one in demo.world.customers}
    made: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in demo.tables["tickets"]:
        made["subjects"][homes[row.customer_id]].append(row.subject)
    for row in demo.tables["survey_responses"]:
        if row.comment:
            made["comments"][people[row.contact_id]].append(row.comment)
    for row in demo.tables["interactions"]:
        if row.summary:
            made["notes"][notes[row.customer_id]].append(row.summary)
    for row in demo.tables["churn_events"]:
        if row.comment:
            made["goodbyes"][homes[row.customer_id]].append(row.comment)
    return made


@pytest.mark.parametrize("language", ["en", "de", "ro"])
def test_enough_different_sentences(company: Demo, language: str) -> None:
    words = words_by_language(company)
    distinct = {kind: len(set(own[language])) for kind, own in words.items()}
    assert distinct["subjects"] >= 120
    assert distinct["comments"] >= 90
    assert distinct["notes"] >= 60


def test_nothing_is_repeated_often(company: Demo) -> None:
    for own in words_by_language(company).values():
        for lines in own.values():
            assert Counter(lines).most_common(1)[0][1] <= 10


@pytest.mark.parametrize("language", ["en", "de", "ro"])
def test_alphabet_and_slots(company: Demo, language: str) -> None:
    for own in words_by_language(company).values():
        for line in own[language]:
            assert not re.search(r"[{}]|\bNone\b|\bnan\b", line), line
            assert set(line) <= ALLOWED | LETTERS[language], line
            assert line == " ".join(line.split())


@pytest.mark.parametrize("language", ["en", "de", "ro"])
def test_the_language_is_the_right_one(company: Demo, language: str) -> None:
    for kind in ("subjects", "comments", "notes", "goodbyes"):
        text = " ".join(words_by_language(company)[kind][language]).lower()
        counts = Counter(re.findall(r"\w+", text))
        hits = {key: sum(counts[w] for w in small) for key, small in SMALL.items()}
        assert max(hits, key=lambda key: hits[key]) == language


def test_a_bad_answer_sounds_like_one(company: Demo) -> None:
    promoters = {
        first for texts in TEXTS.values() for first in texts.comments["promoter"][0]
    }
    for row in company.tables["survey_responses"]:
        if row.kind == "nps" and row.score <= 6 and row.comment:
            assert not any(row.comment.startswith(first) for first in promoters)


def test_all_languages_say_the_same_things() -> None:
    for name in vars(TEXTS["en"]):
        shapes = set()
        for texts in TEXTS.values():
            value = getattr(texts, name)
            shapes.add(tuple(value) if isinstance(value, dict) else len(value))
        assert len(shapes) == 1, name


def test_romanian_uses_commas_below_not_cedillas() -> None:
    stems = " ".join(STEMS["ro"]) + " ".join(FORMS["ro"][key][0] for key in INDUSTRIES)
    people = " ".join(NAMES["RO"].surnames + NAMES["RO"].women + NAMES["RO"].men)
    assert not set("şţŞŢ") & set(str(TEXTS["ro"]) + stems + people)


def test_names_are_listed_once_and_for_all_countries() -> None:
    assert set(NAMES) == set(COUNTRIES)
    assert set(NEEDS) == set(INDUSTRIES)
    assert all(set(forms) == set(INDUSTRIES) for forms in FORMS.values())
    for stems in STEMS.values():
        assert len(set(stems)) == len(stems)
    assert sum(place.share for place in COUNTRIES.values()) == pytest.approx(1)
    assert sum(INDUSTRIES.values()) == pytest.approx(1)
