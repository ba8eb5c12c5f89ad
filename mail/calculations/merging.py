"""Merge fields: `{contact.first_name}`, or `{contact.first_name|there}` for a blank.

Names are looked up in a plain dictionary of texts. There are no attributes, no formats,
no expressions: whatever is not exactly a field stays as it was typed.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

# One pair of braces around a dotted name. Two pairs are somebody else's language.
FIELD = re.compile(
    r"(?<!\{)\{[ ]*([A-Za-z_][\w.]*)[ ]*(?:\|([^{}\n]*))?\}(?!\})", re.ASCII
)
FOREIGN = re.compile(r"\{\{[ ]*([A-Za-z_][\w.]*)[ ]*(?:\|[^{}\n]*)?\}\}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """A place to be filled. `source` is what was typed."""

    name: str
    fallback: str
    source: str


Part = str | Field


def parsed(text: str) -> list[Part]:
    """This will cut a text into words and fields; joined they are the text again."""
    parts: list[Part] = []
    end = 0
    for match in FIELD.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()])
        parts.append(Field(match[1], (match[2] or "").strip(), match[0]))
        end = match.end()
    if end < len(text):
        parts.append(text[end:])
    return parts


def filled(text: str, values: Mapping[str, str]) -> str:
    """This will fill a text's fields; a value is never read again for fields.

    A field without a value becomes its fallback, and one that does not exist stays as it
    was typed.
    """
    return "".join(_filled(parsed(text), values))


def _filled(parts: list[Part], values: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif part.name in values:
            yield values[part.name] or part.fallback
        else:
            yield part.source


def fields_of(text: str) -> list[Field]:
    """This will list a text's fields in their order."""
    return [part for part in parsed(text) if isinstance(part, Field)]


def fields_unknown(text: str, known: Collection[str]) -> list[str]:
    """This will list the fields, as typed, that nothing will ever fill."""
    return [field.source for field in fields_of(text) if field.name not in known]


def fields_foreign(text: str, known: Collection[str]) -> list[str]:
    """This will list fields of ours in double braces: they would come out as typed."""
    return [match[0] for match in FOREIGN.finditer(text) if match[1] in known]


def fields_blank(text: str, values: Mapping[str, str]) -> list[str]:
    """This will list the names that neither a value nor a fallback fills."""
    blank = (
        field.name
        for field in fields_of(text)
        if field.name in values and not (values[field.name] or field.fallback)
    )
    return list(dict.fromkeys(blank))
