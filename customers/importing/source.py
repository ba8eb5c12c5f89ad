"""Opening a source file: its encoding, separator, header, digest and records."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from charset_normalizer import from_bytes

from common.errors import KeepwellError

CHUNK = 1 << 20
SEPARATORS = ",;\t"
TYPOGRAPHY = frozenset("€‚„…†‡‰‹›Œœ‘’“”•–—™ŠšŽžŸƒˆ˜")
UTF16_SHARE = 4
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnableToReadFile(KeepwellError):
    """A file is missing, in another encoding or without a header."""


@dataclass(frozen=True)
class Source:
    """A file that was found, decodes from end to end and has a header."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    digest: str
    size: int

    @contextmanager
    def opened(self) -> Iterator[tuple[BinaryIO, TextIO]]:
        """This will open the file as bytes and as text over the same bytes."""
        with (
            self.path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text,
        ):
            yield raw, text


def source_read(path: Path, *, encoding: str, separator: str) -> Source:
    """This will check a file from end to end in one pass and describe it."""
    if not path.is_file():
        msg = f"{path.name} is missing in {path.parent}."
        raise UnableToReadFile(msg)
    codec = _codec(encoding, path)
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        line = 1
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            _refuse_utf16(chunk, codec, path)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += chunk[: error.start].count(b"\n")
                raise _wrong_encoding(path, codec, line, likely(chunk)) from error
            line += chunk.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise _wrong_encoding(path, codec, line, "") from error
    with path.open(encoding=codec, newline="") as text:
        first = text.readline()
    sign = separator or max(SEPARATORS, key=first.count)
    header = _header(path, codec, sign)
    return Source(path, codec, sign, header, digest.hexdigest(), path.stat().st_size)


def _codec(encoding: str, path: Path) -> str:
    """This will name the codec; a byte order mark is no part of the first column."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        msg = f"{path.name}: mapping.toml names an unknown encoding {encoding!r}."
        raise UnableToReadFile(msg) from None
    return "utf-8-sig" if name == "utf-8" else name


def _header(path: Path, codec: str, separator: str) -> tuple[str, ...]:
    try:
        with path.open(encoding=codec, newline="") as text:
            header = tuple(
                cell.strip() for cell in next(csv.reader(text, delimiter=separator), [])
            )
    except csv.Error as error:
        msg = f"{path.name}: the first line cannot be read: {error}."
        raise UnableToReadFile(msg) from error
    if not any(header):
        msg = f"{path.name} is empty: the first line must name the columns."
        raise UnableToReadFile(msg)
    return header


def _refuse_utf16(chunk: bytes, codec: str, path: Path) -> None:
    """UTF-16 without a mark decodes as UTF-8 full of NULs, so it is told by those."""
    marked = chunk.startswith(MARKS)
    if (
        not marked
        and codec.startswith("utf-8")
        and chunk.count(0) * UTF16_SHARE > len(chunk)
    ):
        guess = "utf-16-le" if chunk[1:2] == b"\0" else "utf-16-be"
        raise _wrong_encoding(path, codec, 1, guess)


def _wrong_encoding(path: Path, codec: str, line: int, guess: str) -> UnableToReadFile:
    name = "UTF-8" if codec == "utf-8-sig" else codec
    mend = f'encoding = "{guess or "cp1252"}"'
    return UnableToReadFile(
        f"{path.name} is not {name} (line {line}); it looks like "
        f"{guess or 'another encoding'}. Save it as UTF-8, or write {mend} for its "
        "table in mapping.toml."
    )


def likely(sample: bytes) -> str:
    """This will name the likely encoding of bytes that are not UTF-8."""
    for mark, name in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    # Statistics need long texts; a few western letters are most often Windows'.
    try:
        letters = {sign for sign in sample.decode("cp1252") if not sign.isascii()}
    except UnicodeDecodeError:
        letters = {"?"}
    if all("\xa0" <= sign <= "\xff" or sign in TYPOGRAPHY for sign in letters):
        return "cp1252"
    best = from_bytes(sample[: CHUNK // 4]).best()
    return best.encoding if best else ""


Record = tuple[int, list[str], str]


def records(text: TextIO, separator: str) -> Iterator[Record]:
    """This will give line, cells and trouble of every record after the header.

    A record that cannot be read has no cells but says its trouble; blank lines are
    passed over. The line is where the record begins.
    """
    reader = csv.reader(text, delimiter=separator)
    next(reader, None)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], _trouble(error)
            continue
        if cells:
            yield line, cells, ""


def _trouble(error: csv.Error) -> str:
    if "field limit" in str(error):
        limit = csv.field_size_limit()
        return f"a field is longer than {limit:,} characters; is a quote left open?"
    return f"the line cannot be read: {error}"
