"""Text for one line of a mail: a header, a subject, a name."""

import textwrap
import unicodedata

# Cc: C0 and C1 with CR, LF, NUL; Zl, Zp: line ends of Unicode; Cs: half characters that no
# encoding can carry; Cn: no characters at all. Each of them reads as a space.
BREAKING = frozenset({"Cc", "Zl", "Zp", "Cs", "Cn"})
# They turn what follows around, so that a name reads like another one.
TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
TEXT_WIDTH = 76


def clean_line(text: str, limit: int = 200) -> str:
    """This will return the text as one line that cannot end, nor pretend to be encoded.

    Control characters become spaces, spaces are folded, "=?" (which announces an encoded
    word of RFC 2047) is pulled apart, and what is too long is cut.
    """
    kept = "".join(
        " " if unicodedata.category(letter) in BREAKING else letter
        for letter in text
        if letter not in TURNING
    )
    folded = " ".join(kept.split())
    while "=?" in folded:
        folded = folded.replace("=?", "= ?")
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def wrapped(text: str) -> str:
    """This will wrap a text part at 76 letters, addresses unbroken, blank lines single."""
    lines: list[str] = []
    signed = False
    for line in text.strip().splitlines():
        bare = line.rstrip()
        if bare == "--":
            # The mark of a signature ends in a space (RFC 3676, 4.3); in the signature
            # there are no blank lines.
            lines.append("-- ")
            signed = True
        elif bare:
            lines.extend(_lines_of(bare))
        elif lines and lines[-1] and not signed:
            lines.append("")
    return "\n".join(lines) + "\n"


def _lines_of(line: str) -> list[str]:
    bare = line.lstrip()
    indent = line[: len(line) - len(bare)]
    hanging = indent + ("  " if bare.startswith("- ") else "")
    return textwrap.wrap(
        line,
        TEXT_WIDTH,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
