"""A survey's answers as a table for spreadsheets."""

import datetime as dt
from collections.abc import Iterator

from common.csvout import MARK, csv_lines
from surveys.calculations.scales import group_of
from surveys.models import Response
from surveys.selectors.results import Wanted
from surveys.selectors.results_rows import results_chunks

HEADER = (
    "answer", "customer_id", "customer", "contact", "score", "group", "comment",
    "language", "version", "asked", "answered", "source", "counted", "flags", "replied",
    "resolved", "resolution",
)  # fmt: skip


def answers_csv(wanted: Wanted) -> Iterator[bytes]:
    """This will yield the answers of a period piece by piece, oldest first.

    What does not count is there too, and says so. Codes instead of words, so that a
    sheet made of it works in every language; moments are in the company's time zone.
    """
    yield MARK + csv_lines([HEADER])
    for rows in results_chunks(wanted):
        yield csv_lines(_cells(row, wanted) for row in rows)


def _cells(row: Response, wanted: Wanted) -> tuple[object, ...]:
    def moment(value: dt.datetime | None) -> str:
        local = value.astimezone(wanted.zone) if value else None
        return local.isoformat(timespec="seconds") if local else ""

    return (
        row.pk,
        row.customer.external_id,
        row.customer.name,
        row.contact.name if row.contact else "",
        row.score,
        group_of(row.kind, row.score),
        row.comment,
        row.language,
        row.version.number,
        moment(row.invitation.created_at) if row.invitation else "",
        moment(row.responded_at),
        row.source,
        "yes" if row.counted else "no",
        " ".join(row.flags),
        moment(row.replied_at),
        moment(row.resolved_at),
        row.resolution,
    )
