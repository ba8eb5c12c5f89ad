"""No language lags behind: every string we say is translated, completely and soundly.

The strings are gathered from the sources in pure Python, so that these tests need no
gettext tools: templates become pseudo-Python by Django's own `templatize`, and both that
and the code are read for calls of the gettext functions.
"""

import ast
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from accounts.enums import Reach
from health.enums import Band
from health.measures import MEASURES
from health.wording import next_step, reasons
from insights.wording import greeting, the_one_sentence

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (
    "accounts",
    "billing",
    "common",
    "config",
    "customers",
    "health",
    "insights",
    "mail",
    "surveys",
)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
FORMS = {"de": 2, "ro": 3}
QUOTES = {"de": ("„", "“", "”"), "ro": ("„", "”", "“")}
NO_BREAK = "\N{NO-BREAK SPACE}"

# Which arguments of a gettext function are the context, the string and its plural.
SHAPES = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
SHAPES |= {f"{name}_lazy": shape for name, shape in SHAPES.items()}
SHAPES["gettext_noop"] = SHAPES["gettext"]
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
TAG = re.compile(r"</?\w[^>]*>")
# 20 needs Romanian's "de" and 101 does not, nor does 19: 20 de zile, 101 zile.
COUNTS = [0, 1, 2, 19, 20, 21, 101]

# Context, string and plural, empty where there is none.
Text = tuple[str, str, str]


def _literal(call: ast.Call, place: int | None) -> str | None:
    """This will return a literal argument, None for what is computed."""
    if place is None:
        return ""
    argument = call.args[place] if place < len(call.args) else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _texts(tree: ast.AST, names: dict[str, str]) -> Iterator[Text]:
    """This will yield the literal strings of gettext calls; `names` are their names."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            function = names.get(node.func.id)
        elif isinstance(node.func, ast.Attribute):
            function = node.func.attr if node.func.attr in SHAPES else None
        else:
            function = None
        if function:
            found = [_literal(node, place) for place in SHAPES[function]]
            context, text, plural = found
            if context is not None and text is not None and plural is not None:
                yield context, text, plural


def texts_of_code(source: str) -> set[Text]:
    """This will gather the strings of a module, its imports resolved by name."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SHAPES
    }
    return set(_texts(tree, names))


def texts_of_template(source: str) -> set[Text]:
    """This will gather the strings of a template.

    What Django makes of it is Python only where a call stands, so each call is parsed
    alone: up to the first closing bracket with which it is whole.
    """
    found: set[Text] = set()
    names = {"_": "gettext"} | {name: name for name in SHAPES}
    pseudo = templatize(source)
    for start in re.finditer(r"(?<!\w)(?:_|n?p?gettext)\(", pseudo):
        for end in re.finditer(r"\)", pseudo[start.start() :]):
            try:
                tree = ast.parse(pseudo[start.start() :][: end.end()], mode="eval")
            except SyntaxError:
                continue
            found |= set(_texts(tree, names))
            break
    return found


@cache
def texts() -> dict[Text, str]:
    """This will gather every string of the sources, with a file it stands in."""
    found: dict[Text, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found |= dict.fromkeys(texts_of_template(path.read_text()), path.name)
    for app in SOURCES:
        for path in sorted((ROOT / app).rglob("*.py")):
            found |= dict.fromkeys(texts_of_code(path.read_text()), path.name)
    return found


@cache
def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))


def key(entry: polib.POEntry) -> Text:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def wordings(entry: polib.POEntry) -> list[str]:
    """This will return an entry's translation, or its plural forms in order."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def test_strings_of_code_are_found() -> None:
    source = (
        "from django.utils.translation import gettext as _, ngettext_lazy, pgettext\n"
        "from elsewhere import gettext_noop\n"
        "from django.utils import translation\n"
        '_("Go " "home"); ngettext_lazy("%(n)d day", "%(n)d days", n)\n'
        'pgettext("month", "May"); translation.gettext("Stay"); _(computed)\n'
        'gettext_noop("Not ours"); other("No")\n'
    )
    assert texts_of_code(source) == {
        ("", "Go home", ""),
        ("", "%(n)d day", "%(n)d days"),
        ("month", "May", ""),
        ("", "Stay", ""),
    }


def test_strings_of_templates_are_found() -> None:
    source = (
        '{% translate "Not (yet)" as x %}{{ a|default:_("nobody’s") }}'
        '{% include "a.html" with title=_("Nobody here") text=_("It’s (all) fine") %}'
        "{% blocktranslate with day=run.day|day trimmed %}\n  As of {{ day }},\n"
        "  100%.\n{% endblocktranslate %}"
        "{% blocktranslate count n=a %}{{ n }} part{% plural %}{{ n }} parts"
        '{% endblocktranslate %}{% translate "Open" context "task" %}'
    )
    assert texts_of_template(source) == {
        ("", "Not (yet)", ""),
        ("", "nobody’s", ""),
        ("", "Nobody here", ""),
        ("", "It’s (all) fine", ""),
        ("", "As of %(day)s, 100%%.", ""),
        ("", "%(n)s part", "%(n)s parts"),
        ("task", "Open", ""),
    }


def test_every_language_is_told_apart_here() -> None:
    assert set(FORMS) == set(QUOTES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_the_sources_say(language: str) -> None:
    held = {key(entry) for entry in catalogue(language)}
    lacking = {text: where for text, where in texts().items() if text not in held}
    assert lacking == {}
    assert held - set(texts()) == set(), "nobody says this any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    entries = catalogue(language)
    assert [entry.msgid for entry in entries if not all(wordings(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries if entry.obsolete] == []
    plurals = [entry for entry in entries if entry.msgid_plural]
    assert plurals
    wrong = [e.msgid for e in plurals if len(wordings(e)) != FORMS[language]]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive(language: str) -> None:
    """The form for one may spell out its number: "o zi"."""
    wrong = []
    for entry in catalogue(language):
        source = entry.msgid_plural or entry.msgid
        expected = set(PLACEHOLDER.findall(source))
        shown = set(PLACEHOLDER.findall(entry.msgid)) | expected
        for form, wording in enumerate(wordings(entry)):
            found = set(PLACEHOLDER.findall(wording))
            spelled_out = bool(entry.msgid_plural) and form == 0
            enough = len(expected - found) <= spelled_out and found <= shown
            whole = PLACEHOLDER.sub("", wording).replace("%%", "")
            formatted = "python-format" in entry.flags
            if not enough or (formatted and "%" in whole):
                wrong.append(wording)
            if source.count("%%") != wording.count("%%"):
                wrong.append(wording)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_survives(language: str) -> None:
    wrong = [
        wording
        for entry in catalogue(language)
        for wording in wordings(entry)
        if Counter(TAG.findall(wording)) != Counter(TAG.findall(entry.msgid))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_typography(language: str) -> None:
    opening, closing, foreign = QUOTES[language]
    wrong = []
    for entry in catalogue(language):
        for wording in wordings(entry):
            bare = TAG.sub("", wording)
            quoted = bare.count(opening) == bare.count(closing)
            straight = '"' in bare or "'" in bare or foreign in bare
            tight = re.search(rf"[^{NO_BREAK}]%%", bare)
            padded = bare != bare.strip() or "  " in bare or "..." in bare
            if not quoted or straight or tight or padded:
                wrong.append(wording)
            if entry.msgid[-1] in ".?:" and bare[-1] not in ".?:":
                wrong.append(wording)
    assert wrong == []


def test_romanian_letters_have_a_comma_below() -> None:
    cedilla = re.compile("[şţŞŢ]")
    text = (ROOT / "locale/ro/LC_MESSAGES/django.po").read_text()
    assert cedilla.findall(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_the_same_on_every_machine(language: str) -> None:
    text = (ROOT / f"locale/{language}/LC_MESSAGES/django.po").read_text()
    assert "-Date:" not in text
    assert "\n#:" not in text, "no places, they change with every line"


def rendered(key: str, count: int) -> set[str]:
    """This will say a measure's sentences of a count, in the active language."""
    measure, day = MEASURES[key], dt.date(2026, 11, 20)
    values = {float(count), count / 100, 24.0 * count}
    befores = {0.0, 1.0, count - 0.5, float(count), 2.0 * count + 3}
    return {
        measure.sentence(value, before, day)
        for value in values
        for before in befores
        if before >= 0
    }


@pytest.mark.parametrize("measure", sorted(MEASURES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_measures_speak_the_language(language: str, measure: str) -> None:
    with translation.override("en"):
        english = {line for count in COUNTS for line in rendered(measure, count)}
        words = [str(MEASURES[measure].label), str(MEASURES[measure].help)]
    with translation.override(language):
        for count in COUNTS:
            lines = rendered(measure, count)
            assert lines
            assert lines.isdisjoint(english)
            assert [line for line in lines if "%(" in line or "%%" in line] == []
        assert str(MEASURES[measure].label) not in words
        assert str(MEASURES[measure].help) not in words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            {
                1: "Seit 1 Tag kein Kontakt",
                2: "Seit 2 Tagen kein Kontakt",
                101: "Seit 101 Tagen kein Kontakt",
            },
        ),
        (
            "ro",
            {
                0: "Niciun contact de 0 zile",
                1: "Niciun contact de o zi",
                2: "Niciun contact de 2 zile",
                19: "Niciun contact de 19 zile",
                20: "Niciun contact de 20 de zile",
                21: "Niciun contact de 21 de zile",
                101: "Niciun contact de 101 zile",
            },
        ),
    ],
)
def test_counts_take_their_form(language: str, expected: dict[int, str]) -> None:
    with translation.override(language):
        for count, words in expected.items():
            assert MEASURES["last_contact"].sentence(count, 0, dt.date.min) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_can_be_filled_in(language: str) -> None:
    """Every plural of the catalogues at every count, as Django picks and fills it."""
    with translation.override(language):
        for entry in catalogue(language):
            if not entry.msgid_plural:
                continue
            names = {name for name, _ in PLACEHOLDER.findall(entry.msgid_plural)}
            for count in COUNTS:
                words = dict.fromkeys(names, count)
                text = translation.ngettext(entry.msgid, entry.msgid_plural, count)
                assert text in wordings(entry)
                assert "%" not in (text % words).replace(f"{NO_BREAK}%", "")


def test_romanian_says_de_from_twenty_on() -> None:
    """The last form is for 20 and more: where a noun is counted "de" comes first."""
    lacking = []
    for entry in catalogue("ro"):
        if not entry.msgid_plural:
            continue
        _one, few, many = wordings(entry)
        added = Counter(many.split()) - Counter(few.split())
        if few != many and added != Counter(["de"]):
            lacking.append(many)
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_first_words(language: str) -> None:
    morning = dt.datetime(2026, 11, 20, 9)
    with translation.override("en"):
        english = (
            greeting(morning, "Ana"),
            the_one_sentence(at_risk=1, customers=1, whose=Reach.OWN),
        )
    with translation.override(language):
        assert greeting(morning, "Ana") != english[0]
        for whose in Reach:
            for count in COUNTS:
                text = the_one_sentence(at_risk=count, customers=101, whose=whose)
                assert text != english[1]
                assert "%" not in text
        first = reasons(
            codes=[40],
            values=[3.0],
            before=[0.0],
            as_of=morning.date(),
            band=Band.UNKNOWN,
            coverage=0.42,
        )
        assert f"42{NO_BREAK}%" in first[0].text
        step = next_step(first_reason="tickets", contact="Ana Popescu")
        assert "Ana Popescu" in step.label
        assert "Call" not in step.label
