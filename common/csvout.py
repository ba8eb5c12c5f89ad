"""CSV that goes out to spreadsheets: nothing in it is run as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

# Excel needs the mark to know that this is UTF-8.
MARK = b"\xef\xbb\xbf"
# A spreadsheet takes what begins so for a formula, and runs it; some take the wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Marks of direction and the like, which are there and are not seen.
UNSEEN = "Cf"


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """This will write rows, each text such that a spreadsheet shows it and runs nothing."""
    file = io.StringIO()
    csv.writer(file).writerows([safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def safe(cell: object) -> object:
    """This will keep a spreadsheet from running a text, also behind unseen characters."""
    if isinstance(cell, str) and _seen(cell).startswith(FORMULA):
        return f"'{cell}"
    return cell


def _seen(text: str) -> str:
    """This will leave out blanks and unseen characters before the first that is seen."""
    for index, letter in enumerate(text):
        if letter != " " and unicodedata.category(letter) != UNSEEN:
            return text[index:]
    return ""
