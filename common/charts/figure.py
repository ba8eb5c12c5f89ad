"""A chart together with what it says."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One chart in words, pictures and numbers, all in the reader's language.

    `value` is the one big number before the headline, `tone` its colour (crit, warn, ok).
    `wide` and `narrow` are SVG; the narrow one shows where fewer than 336 px are left.
    """

    headline: str
    subtitle: str
    wide: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    narrow: str = ""
    value: str = ""
    tone: str = ""
