"""The few marks that people may use in a mail they write, read without any HTML.

A blank line ends a paragraph, lines that begin with "- " are a list, **two stars** make
bold, https addresses become links, [words](https://…) name one, and a paragraph that is
nothing but such a link is the mail's button (the first of them).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mail.calculations.lines import clean_line
from mail.calculations.merging import filled

URL = r"https://[^\s()<>\"'{}]+"
NAMED = rf"\[([^\]\[\n]+)\]\(({URL})\)"
MARK = re.compile(rf"{NAMED}|({URL})|\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
ONLY_NAMED = re.compile(rf"\s*{NAMED}\s*")
BULLET = re.compile(r"\s*[-*•]\s+")
SENTENCE_ENDS = ".,;:!?…"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words: bold, a link, or neither."""

    text: str
    bold: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one item), a list (its items), or a button (one run with a link)."""

    kind: str
    items: tuple[tuple[Run, ...], ...]


def blocks(text: str, values: Mapping[str, str]) -> list[Block]:
    """This will read a text and fill its merge fields.

    Marks are read before the fields are filled, so nothing that a contact is called can
    become a link or bold.
    """
    clean = {name: clean_line(value) for name, value in values.items()}
    made: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", _lines(text)):
        if not paragraph.strip():
            continue
        named = ONLY_NAMED.fullmatch(paragraph)
        if named and all(block.kind != "button" for block in made):
            run = Run(filled(named[1], clean), url=named[2])
            made.append(Block("button", ((run,),)))
        else:
            made.extend(_blocks(paragraph.strip("\n"), clean))
    return made


def as_text(made: list[Block]) -> str:
    """This will write blocks as the text part of a mail, every address in full."""
    return "\n\n".join(_text_of(block) for block in made)


def _text_of(block: Block) -> str:
    if block.kind == "list":
        return "\n".join(f"- {_words(item)}" for item in block.items)
    return "\n".join(_words(item) for item in block.items)


def _words(runs: tuple[Run, ...]) -> str:
    return "".join(
        f"{run.text}: {run.url}" if run.url and run.url != run.text else run.text
        for run in runs
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(paragraph: str, values: Mapping[str, str]) -> Iterator[Block]:
    """This will part a paragraph into running text and lists."""
    lines: list[str] = []
    items: list[tuple[Run, ...]] = []
    for line in [*paragraph.split("\n"), None]:
        bullet = BULLET.match(line) if line is not None else None
        if items and not bullet:
            yield Block("list", tuple(items))
            items = []
        if lines and (bullet or line is None):
            yield Block("text", (tuple(_runs("\n".join(lines), values)),))
            lines = []
        if line is not None and bullet:
            items.append(tuple(_runs(line[bullet.end() :], values)))
        elif line is not None:
            lines.append(line)


def _runs(text: str, values: Mapping[str, str]) -> Iterator[Run]:
    end = 0
    for match in MARK.finditer(text):
        if match.start() > end:
            yield Run(filled(text[end : match.start()], values))
        end = match.end()
        if match[2]:
            yield Run(filled(match[1], values), url=match[2])
        elif match[3]:
            url = match[3].rstrip(SENTENCE_ENDS)
            yield Run(url, url=url)
            end -= len(match[3]) - len(url)
        else:
            yield Run(filled(match[4], values), bold=True)
    if end < len(text):
        yield Run(filled(text[end:], values))
