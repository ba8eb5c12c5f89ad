"""The log's end, noted where somebody who can write to the database may not reach it."""

import datetime as dt
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.calculations.verdict import Head
from accounts.selectors.audit_chain import head_and_newest
from common.errors import KeepwellError

EVERY = dt.timedelta(hours=1)
DIGEST_LENGTH = 64
TAIL = 1000
EMPTY = "0:empty"
logger = logging.getLogger("keepwell.audit")


class UnableToReadHead(KeepwellError):
    """A noted head is not to be read, or is none."""


def head_parse(text: str) -> Head:
    """This will read a head as it is noted: ENTRIES:DIGEST."""
    entries, _, digest = text.strip().partition(":")
    sound = entries.isascii() and entries.isdecimal() and len(digest) == DIGEST_LENGTH
    if not sound:
        msg = (
            f"{text!r} is not a noted head. It looks like 123:9f86d0…, the number of"
            f" entries and {DIGEST_LENGTH} letters and digits."
        )
        raise UnableToReadHead(msg)
    return Head(int(entries), digest.lower())


def head_text(head: Head | None) -> str:
    """This will write a head the way it is noted."""
    return f"{head.entries}:{head.digest}" if head else EMPTY


def heads_noted() -> list[Head]:
    """This will read the heads noted so far; what is not one does not count."""
    found = []
    try:
        with Path(settings.AUDIT_HEADS).open(errors="replace") as file:
            for line in file:
                try:
                    found.append(head_parse(line.partition(" ")[2]))
                except UnableToReadHead:
                    continue
    except FileNotFoundError:
        return []
    except OSError as error:
        msg = f"The heads noted in {settings.AUDIT_HEADS} can not be read: {error}"
        raise UnableToReadHead(msg) from error
    return found


def audit_head_note(*, now: dt.datetime) -> bool:
    """This will note the log's end in a file and in the log, once an hour if it moved.

    Without the note, a log whose end was cut off looks like one that never was longer.
    Where the file is not to be written, the log alone gets the end, at each full hour.
    """
    at, noted = _newest_note()
    if at is not None and now - at < EVERY:
        return False
    head, _number = head_and_newest()
    text = head_text(head)
    if text == (noted or EMPTY):
        return False
    refused = _append(f"{now.isoformat(timespec='seconds')} {text}\n")
    if refused and now.minute:
        return False
    if refused:
        logger.warning("The audit log's end is not noted in a file: %s", refused)
    if noted and int(noted.partition(":")[0]) > (head.entries if head else 0):
        logger.error("audit log is shorter than it was noted: %s, was %s", text, noted)
    else:
        logger.info("audit head %s", text)
    return True


def _newest_note() -> tuple[dt.datetime | None, str]:
    for line in reversed(list(_last_lines())):
        at, _, noted = line.partition(" ")
        try:
            moment = dt.datetime.fromisoformat(at)
            if noted != EMPTY:
                head_parse(noted)
        except (ValueError, UnableToReadHead):
            continue
        if moment.tzinfo is not None:
            return moment, noted
    return None, ""


def _last_lines() -> Iterator[str]:
    """This will read only the end of the file: it grows by a line an hour for years."""
    try:
        with Path(settings.AUDIT_HEADS).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            yield from file.read().decode(errors="replace").splitlines()
    except OSError:
        return


def _append(line: str) -> OSError | None:
    """This will add a line that a power cut does not lose, or say why not."""
    try:
        with Path(settings.AUDIT_HEADS).open("a+b") as file:
            # What a crash left half written must not swallow this one.
            if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                line = f"\n{line}"
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None
