"""Small CSV files that people upload: any encoding, separator and order of columns."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from common.errors import KeepwellError

SEPARATORS = ",;\t"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnableToReadCsv(KeepwellError):
    """The file as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A line of the file: where it begins, and the cells asked for, in their order."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose header names all the columns asked for."""

    separator: str
    lines: list[CsvLine]


def csv_read(data: bytes, *, columns: Sequence[str]) -> CsvFile:
    """This will read the named columns of a file; other columns are passed over.

    Names of columns may be in capitals. Blank lines do not count; a line that is too
    short has empty cells.
    """
    text = _text(data)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        places = _places(header, columns)
        return CsvFile(separator, list(_lines(reader, places)))
    except csv.Error as error:
        msg = _("Line %(line)s of the file can not be read: is a quote left open?")
        raise UnableToReadCsv(msg % {"line": reader.line_num}) from error


def _text(data: bytes) -> str:
    if data.startswith(WIDE_MARKS):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
    if best is None:
        raise UnableToReadCsv(_("This is not a text file. Save it as CSV in UTF-8."))
    return str(best)


def _places(header: list[str], columns: Sequence[str]) -> list[int]:
    missing = [name for name in columns if name not in header]
    if missing:
        msg = _(
            "The first line must name the columns %(columns)s; %(missing)s is missing."
        )
        words = {"columns": ", ".join(columns), "missing": ", ".join(missing)}
        raise UnableToReadCsv(msg % words)
    return [header.index(name) for name in columns]


def _lines(reader: Iterator[list[str]], places: list[int]) -> Iterator[CsvLine]:
    start = reader.line_num + 1  # type: ignore[attr-defined]  # csv's own reader
    for row in reader:
        cells = tuple(row[at].strip() if at < len(row) else "" for at in places)
        if any(cell.strip() for cell in row):
            yield CsvLine(start, cells)
        start = reader.line_num + 1  # type: ignore[attr-defined]
