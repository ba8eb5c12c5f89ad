"""Numbers the way people type them, with a point or a comma."""

import re
from decimal import Decimal

SPACES = re.compile(r"[\s'’\u00a0\u202f]")
PLAIN = re.compile(r"[+-]?(?:\d{1,24}(?:[.,]\d{0,24})?|[.,]\d{1,24})", re.ASCII)
# Two groups of three at least, or one group and a decimal sign that is the other one.
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}([.,])\d{3}(?:(?:\1\d{3})+(?:(?!\1)[.,]\d+)?|(?!\1)[.,]\d+)",
    re.ASCII,
)
# May be a thousand or a little more than one, depending on who wrote it.
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class UnableToReadNumber(ValueError):
    """The text is no number, or could be two different ones."""


def decimal_read(text: str, *, sign: str = "") -> Decimal:
    """This will read "0.91", "0,91", "1 234,5" and "1.234,56".

    `sign` is the decimal sign, where it is known. "1,234" may be a thousand or a little
    more than one, so it is refused where the known sign is the other one.
    """
    bare = SPACES.sub("", text)
    if PLAIN.fullmatch(bare):
        if AMBIGUOUS.fullmatch(bare) and sign and sign not in bare:
            raise UnableToReadNumber(text)
        return Decimal(bare.replace(",", "."))
    found = GROUPED.fullmatch(bare)
    if found is None:
        raise UnableToReadNumber(text)
    return Decimal(bare.replace(found[1], "").replace(",", "."))
