"""Tables of a page of the documentation, found by the comment before them."""

import re
from pathlib import Path

from tests.processes import ROOT

Rows = list[dict[str, str]]
MARK = re.compile(r"<!-- ([a-z -]+) -->\n\n((?:\|.*\|\n)+)")


def tables_of(page: str) -> dict[str, Rows]:
    """This will return the marked tables by their marks, a row as column to cell."""
    text = (Path(ROOT) / "docs" / page).read_text(encoding="utf-8")
    return {mark: _rows(table) for mark, table in MARK.findall(text)}


def _rows(table: str) -> Rows:
    head, _line, *body = (
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in table.strip().split("\n")
    )
    return [dict(zip(head, cells, strict=True)) for cells in body]


def number(cell: str) -> float:
    """This will read a figure: 8.5, −7.5, +23, 66.67 %."""
    text = cell.replace("\N{MINUS SIGN}", "-").replace("+", "")
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(text)


def numbers(cell: str) -> tuple[float, ...]:
    """This will read several figures: 0 / 6 / 11, or 90, 90, 365."""
    return tuple(number(part) for part in re.split(r" / |, ", cell))
