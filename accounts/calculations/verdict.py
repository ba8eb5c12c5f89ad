"""Is the audit log what was written? Pure, one pass, in memory that does not grow."""

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from accounts.calculations.chain import (
    START,
    Link,
    detail_digest,
    head_mac,
    link_digest,
)

ERASED = "audit.details_erased"


class Wrong(Enum):
    """What may be wrong; accounts.audit_words says it to people."""

    GAP = "gap"
    CHANGED = "changed"
    UNCHAINED = "unchained"
    DETAIL_CHANGED = "detail_changed"
    DETAIL_GONE = "detail_gone"
    DETAIL_BACK = "detail_back"
    DETAIL_STRAY = "detail_stray"
    UNREADABLE = "unreadable"
    NO_HEAD = "no_head"
    LENGTH = "length"
    END = "end"
    SEAL = "seal"
    CUT = "cut"
    NOTED = "noted"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and at which entry."""

    what: Wrong
    number: int


@dataclass(frozen=True, slots=True)
class Detail:
    """Personal details as stored."""

    salt: str
    person_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as stored, with its details unless they are gone."""

    link: Link
    digest: str
    detail: Detail | None


@dataclass(frozen=True, slots=True)
class Head:
    """Length and end of the log; `mac` is empty where it was noted elsewhere."""

    entries: int
    digest: str
    mac: str = ""


@dataclass(slots=True)
class Verdict:
    """What was found so far. Feed it every entry in order, then ask for the end."""

    # Entries whose details the log itself says were erased.
    erased: Collection[int]
    noted: Sequence[Head] = ()
    last: int = 0
    digest: str = START
    entries: int = 0
    _bare: set[int] = field(default_factory=set)
    _noted: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for head in self.noted:
            self._noted.setdefault(head.entries, set()).add(head.digest)

    def feed(self, rows: Iterable[Stored]) -> Iterator[Fault]:
        """This will check the next entries, each against the one before it."""
        for row in rows:
            yield from self._check(row)
            self.last, self.digest = row.link.number, row.digest
            self.entries += 1

    def _check(self, row: Stored) -> Iterator[Fault]:
        number = row.link.number
        if number != self.last + 1:
            yield Fault(Wrong.GAP, number)
        if row.digest != link_digest(row.link):
            yield Fault(Wrong.CHANGED, number)
        if row.link.previous != self.digest:
            yield Fault(Wrong.UNCHAINED, number)
        if {row.digest} != self._noted.pop(number, {row.digest}):
            yield Fault(Wrong.NOTED, number)
        yield from self._check_detail(row)
        if row.link.action == ERASED:
            # Only what came before: nobody erases what is yet to be written.
            self._bare -= {n for n in named_erased(row.link.after) if n < number}

    def _check_detail(self, row: Stored) -> Iterator[Fault]:
        number, detail = row.link.number, row.detail
        if detail is None:
            self._bare.add(number)
        elif row.link.detail_digest != detail_digest(
            detail.salt, detail.person_id, detail.data
        ):
            yield Fault(Wrong.DETAIL_CHANGED, number)
        elif number in self.erased:
            yield Fault(Wrong.DETAIL_BACK, number)

    def end(self, head: Head | None, keys: Sequence[bytes]) -> Iterator[Fault]:
        """This will check what only the whole log tells: its head, what was noted."""
        for number in sorted(self._bare):
            yield Fault(Wrong.DETAIL_GONE, number)
        for number in sorted(self._noted):
            yield Fault(Wrong.CUT, number)
        if head is None:
            if self.entries:
                yield Fault(Wrong.NO_HEAD, self.last)
            return
        if head.entries != self.entries:
            yield Fault(Wrong.LENGTH, head.entries)
        elif head.digest != self.digest:
            yield Fault(Wrong.END, self.last)
        if not sealed(head, keys):
            yield Fault(Wrong.SEAL, head.entries)


def sealed(head: Head, keys: Sequence[bytes]) -> bool:
    """This will tell whether one of our keys, present or past, has sealed a head."""
    return any(
        hmac.compare_digest(
            head.mac.encode(), head_mac(key, head.entries, head.digest).encode()
        )
        for key in keys
    )


def named_erased(after: Any) -> set[int]:
    """This will return the entries that an erasure names; none if it was garbled."""
    named = after.get("entries") if isinstance(after, Mapping) else None
    return {n for n in named if type(n) is int} if isinstance(named, list) else set()
