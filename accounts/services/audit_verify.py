"""Looking whether the audit log is what was written."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.actor import Actor
from accounts.calculations.verdict import Fault, Head, Verdict, Wrong
from accounts.models import AuditEntry
from accounts.selectors.audit_chain import (
    details_stray,
    entries_erased,
    entries_stored,
    head_and_newest,
    triggers_lacking,
)
from accounts.services.audit import audit_record
from accounts.services.audit_heads import heads_noted

CHUNK = 2000
# More than a person will read; a rewritten log has a fault in every entry.
FAULTS_KEPT = 100
VERIFIED = "audit.verified"
# What a driver says of values that no entry of ours has, such as the year 200000.
UNREADABLE = (DatabaseError, ValueError, OverflowError, RecursionError)


@dataclass(slots=True)
class Finding:
    """What a verification found; `faults` holds the first ones."""

    entries: int = 0
    head: Head | None = None
    heads_compared: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return not self.fault_count


def audit_verify(
    *, noted: Sequence[Head] = (), progress: Callable[[int], object] = lambda _: None
) -> Finding:
    """This will read the whole log and find what is not as it was written.

    `noted`: heads from elsewhere, besides those of our own file. `progress` is told how
    many entries each step read. Writes nothing; memory does not grow with the log; one
    query for each 2,000 entries and six more.
    """
    heads = [*heads_noted(), *noted]
    found = Finding(heads_compared=len(heads))
    for fault in _faults(heads, found, progress):
        found.fault_count += 1
        if len(found.faults) < FAULTS_KEPT:
            found.faults.append(fault)
    return found


def _faults(
    heads: Sequence[Head], found: Finding, progress: Callable[[int], object]
) -> Iterator[Fault]:
    verdict = Verdict(erased=entries_erased(), noted=heads)
    try:
        # A transaction of its own, so that a driver's refusal leaves the caller's usable.
        with transaction.atomic():
            yield from _read(verdict, found, progress)
    except UNREADABLE:
        yield Fault(Wrong.UNREADABLE, verdict.last)
    for number in details_stray():
        yield Fault(Wrong.DETAIL_STRAY, number)
    for _table in triggers_lacking():
        yield Fault(Wrong.TRIGGER, 0)


def _read(
    verdict: Verdict, found: Finding, progress: Callable[[int], object]
) -> Iterator[Fault]:
    while True:
        after = verdict.last if verdict.entries else None
        rows = entries_stored(after=after, limit=CHUNK)
        yield from verdict.feed(rows)
        found.entries = verdict.entries
        progress(len(rows))
        if len(rows) == CHUNK:
            continue
        # Others may have appended since: only a head that goes with what was read counts.
        head, newest = head_and_newest()
        if newest is None or newest <= verdict.last:
            found.head = head
            yield from verdict.end(head, settings.AUDIT_KEYS)
            return


@transaction.atomic
def audit_verified_note(*, finding: Finding, by: Actor, now: dt.datetime) -> AuditEntry:
    """This will record that somebody looked, and what was found."""
    return audit_record(
        by=by,
        action=VERIFIED,
        now=now,
        after={"entries": finding.entries, "faults": finding.fault_count},
    )
