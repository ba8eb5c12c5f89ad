"""The audit log as a table for spreadsheets."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils import translation

from accounts.audit_rows import LogRow, log_rows
from accounts.models import AuditEntry
from accounts.selectors.audit import Wanted, audit_chunks
from common.csvout import MARK, csv_lines

HEADER = (
    "number", "at", "actor_id", "actor", "action", "words", "subject_type",
    "subject_id", "subject", "before", "after", "address", "browser", "digest",
)  # fmt: skip


def audit_csv(wanted: Wanted, *, zone: ZoneInfo, language: str) -> Iterator[bytes]:
    """This will yield the log piece by piece, in a person's zone and language.

    Both are said here, because the pieces leave after the request is through.
    """
    yield MARK + csv_lines([HEADER])
    for entries in audit_chunks(wanted):
        with translation.override(language):
            rows = log_rows(entries)
            text = csv_lines(
                _cells(entry, row, zone)
                for entry, row in zip(entries, rows, strict=True)
            )
        yield text


def _cells(entry: AuditEntry, row: LogRow, zone: ZoneInfo) -> tuple[object, ...]:
    return (
        entry.number,
        entry.at.astimezone(zone).isoformat(timespec="seconds"),
        "" if entry.actor_id is None else entry.actor_id,
        row.who,
        entry.action,
        row.what,
        entry.subject_type,
        entry.subject_id,
        row.about,
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
        row.address,
        row.browser,
        entry.digest,
    )
