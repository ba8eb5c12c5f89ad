"""YAML for scorecards: little of it is written, and less is read.

YAML is more than anybody wants in such a file: aliases that grow without end, tags that
make objects, dates, "no" for false and 1:30 for ninety. So only its shape is taken from
the parser (lists, names with values, plain words), and numbers are read here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from common.errors import KeepwellError
from health.calculations.scorecard_problems import Path

DEEPEST = 8
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


class UnableToReadScorecard(KeepwellError):
    """The file is not a scorecard; `lines` say where and what to do, all at once."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(" ".join(lines))
        self.lines = lines


def yaml_text(content: Mapping[str, Any]) -> str:
    """This will write a content as YAML, its tables of numbers on one line each."""
    text: str = yaml.dump(
        dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=88
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Lists of numbers and small tables on one line, everything else below another."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True

    def represent_float(self, data: float) -> Any:
        text = repr(data)
        # "1e-05" is a word to readers of YAML, "1.0e-05" is a number.
        text = text if "." in text else text.replace("e", ".0e")
        return self.represent_scalar("tag:yaml.org,2002:float", text)

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> Any:
        flat = all(isinstance(one, int | float) for one in sequence)
        return super().represent_sequence(tag, sequence, flow_style=flat or flow_style)

    def represent_mapping(
        self, tag: str, mapping: Any, flow_style: bool | None = None
    ) -> Any:
        small = "weight" in mapping and len(mapping) == 2
        flat = small or "until_months" in mapping or "at_risk" in mapping
        return super().represent_mapping(tag, mapping, flow_style=flat or flow_style)


_Dumper.add_representer(float, _Dumper.represent_float)


class Tree:
    """A file's values, and the line each of them stands on."""

    def __init__(self, text: str, *, plain: tuple[Path, ...]) -> None:
        """`plain` are the fields whose value is a word whatever it looks like."""
        self._plain = plain
        self.lines: dict[Path, int] = {(): 1}
        self.value: Any = None
        try:
            self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
            self._begin()
        except yaml.YAMLError as error:
            raise UnableToReadScorecard([_fault(error)]) from None

    def line(self, path: Path) -> int:
        """This will return the line of a field, or of the nearest that holds it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def _begin(self) -> None:
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, _("a file holds one scorecard only."))
                self.value = self._read(next(self._events), ())

    def _read(self, event: Any, path: Path) -> Any:
        self.lines[path] = event.start_mark.line + 1
        self._guard(event, path)
        if isinstance(event, yaml.ScalarEvent):
            # A name is a name, also one that could be read as a number.
            return event.value if path[:1] in self._plain else _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._names(path)

    def _list(self, path: Path) -> list[Any]:
        rows: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            rows.append(self._read(event, (*path, len(rows))))
        return rows

    def _names(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, _("a name must be a plain word."))
            self._guard(event, path)
            name = str(event.value)[:200]
            if name in found:
                told = _("“%(name)s” stands here twice. Leave one of them out.")
                self._refuse(event, told % {"name": name[:60]})
            here = event.start_mark.line + 1
            found[name] = self._read(next(self._events), (*path, name))
            self.lines[(*path, name)] = here
        return found

    def _guard(self, event: Any, path: Path) -> None:
        """This will refuse what a scorecard has no use for."""
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._refuse(event, _("write the values out instead of & and *."))
        if event.tag:
            self._refuse(event, _("leave out what begins with an exclamation mark."))
        if len(path) > DEEPEST:
            self._refuse(event, _("this is nested too deeply."))

    def _refuse(self, event: Any, told: str) -> None:
        words = {"line": event.start_mark.line + 1, "told": told}
        raise UnableToReadScorecard([_("Line %(line)s: %(told)s") % words])


def _scalar(event: Any) -> Any:
    """This will read a plain number; everything else is a word."""
    if event.style is None and NUMBER.fullmatch(event.value):
        number = float(event.value)
        whole = number.is_integer() and not re.search(r"[.eE]", event.value)
        return int(event.value) if whole else number
    return event.value


def _fault(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _("The file holds signs that no text has. Save it as plain text.")
    words = {"line": mark.line + 1}
    return _("Line %(line)s: this is not YAML. Check indents, colons and brackets.") % (
        words
    )
