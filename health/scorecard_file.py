"""A scorecard as a file: written for people to read, read as if by an enemy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from health.calculations.scorecard_checks import config_problems
from health.calculations.scorecard_problems import Path
from health.scorecard_problem_words import place_words, problem_words
from health.scorecard_words import known_measures
from health.scorecard_yaml import Tree, UnableToReadScorecard, yaml_text

FORMAT = "keepwell scorecard 1"
LARGEST_FILE = 100_000
LONGEST_NAME = 120
LONGEST_NOTE = 2000
HEAD = ("format", "name", "note")
HEAD_PATHS = tuple((name,) for name in HEAD)


@dataclass(frozen=True, slots=True)
class ScorecardFile:
    """What a file says."""

    name: str
    note: str
    config: dict[str, Any]


def scorecard_write(*, name: str, note: str, config: Mapping[str, Any]) -> str:
    """This will write a content as YAML; `scorecard_read` gives the same content back."""
    head: dict[str, Any] = {"format": FORMAT, "name": name}
    if note:
        head["note"] = note
    return yaml_text(head | dict(config))


def scorecard_read(data: bytes) -> ScorecardFile:
    """This will read and check a file; UnableToReadScorecard names every wrong line."""
    if len(data) > LARGEST_FILE:
        raise UnableToReadScorecard(
            [
                _(
                    "The file is larger than 100 KB. No scorecard is; check which file it is."
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnableToReadScorecard(
            [_("The file is not in UTF-8. Save it as UTF-8 and try again.")]
        ) from None
    tree = Tree(text, plain=HEAD_PATHS)
    whole = tree.value
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        line = _("Line 1: the file must begin with “format: %(format)s”.")
        raise UnableToReadScorecard([line % {"format": FORMAT}])
    config = {name: value for name, value in whole.items() if name not in HEAD}
    problems = config_problems(config, known_measures())
    problems.sort(key=lambda one: tree.line(one.path))
    lines = [
        *_head_problems(tree),
        *(
            _at(tree, one.path, place_words(one.path, config), problem_words(one))
            for one in problems
        ),
    ]
    if lines:
        raise UnableToReadScorecard(lines)
    return ScorecardFile(whole["name"].strip(), str(whole.get("note", "")), config)


def _head_problems(tree: Tree) -> Iterator[str]:
    name, note = tree.value.get("name"), tree.value.get("note", "")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        told = _("Write a name of at most %(most)s letters.") % {"most": LONGEST_NAME}
        yield _at(tree, ("name",), "name", told)
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        told = _("Write a note of at most %(most)s letters.") % {"most": LONGEST_NOTE}
        yield _at(tree, ("note",), "note", told)


def _at(tree: Tree, path: Path, place: str, told: str) -> str:
    words = {"line": tree.line(path), "place": place, "told": told}
    return _("Line %(line)s, %(place)s: %(told)s") % words
