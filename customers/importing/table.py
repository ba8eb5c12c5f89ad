"""Loading one table: read and check all of it, then write it batch by batch."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from customers.importing import staging
from customers.importing.load import Load
from customers.importing.preflight import Job
from customers.importing.tally import Counts, Progress, TableReport
from customers.models import ImportedFile

BATCH_LINES = 20_000


def table_load(
    *, job: Job, file: ImportedFile, load: Load, progress: Progress | None
) -> tuple[dt.date | None, list[str]]:
    """This will load a table, or go on where a killed load stopped.

    Each batch commits together with `file.lines_done`. Going on reads and checks the
    file again, which is quick, so that nothing half-read needs to be kept; it then
    writes only the lines that were not written. Returns the newest day and notes.
    """
    importer = job.importer
    if file.finished and not (file.rejected or importer.leaves_notes):
        return None, []
    notes: list[str] = []
    with connection.cursor() as cursor:
        _stage(cursor, job, file, load, progress)
        newest = _newest(cursor, job, load)
        if not file.finished or importer.leaves_notes:
            importer.prepare(cursor, load)
        if not file.finished:
            _write(cursor, job, file, load, progress)
            with transaction.atomic():
                notes += importer.conclude(cursor, load)
                file.finished = True
                file.save(update_fields=["finished"])
        cursor.execute("DROP TABLE import_stage")
    if progress:
        progress(importer.table, job.source.size, job.source.size)
    return newest, notes


def _stage(
    cursor: Any, job: Job, file: ImportedFile, load: Load, progress: Progress | None
) -> None:
    """This will read the file into the stage and take the bad rows out of it."""
    importer, plan, size = job.importer, job.plan, job.source.size

    def read(done: int) -> None:
        if progress:
            progress(importer.table, done // 2, size)

    staging.stage_create(cursor, importer.columns)
    file.dropped = staging.stage_fill(
        cursor, table=importer.table, source=job.source, plan=plan, progress=read
    )
    for binding in plan.bindings:
        if binding.lookup is not None:
            staging.lookup_resolve(
                cursor,
                table=importer.table,
                binding=binding,
                lookup=binding.lookup,
                source=job.lookups[binding.target],
            )
    checks = list(importer.checks(load))
    if unique := importer.unique(load):
        checks.append(staging.repeated(unique, importer.noun, unique[0]))
    for check in checks:
        label = plan.label(check.column)
        staging.check_run(cursor, importer.table, check, label, load.parameters())
    file.rejected = staging.rejected_count(cursor, importer.table)
    file.save(update_fields=["dropped", "rejected"])


def _newest(cursor: Any, job: Job, load: Load) -> dt.date | None:
    name = job.importer.newest
    if name not in load.present:
        return None
    kind = next(c.kind for c in job.importer.columns if c.name == name)
    day: dt.date | None = staging.newest_day(cursor, name, kind, load.zone)
    return min(day, load.today) if day else None


def _write(
    cursor: Any, job: Job, file: ImportedFile, load: Load, progress: Progress | None
) -> None:
    last, size = staging.stage_span(cursor), job.source.size
    while file.lines_done < last:
        end = min(file.lines_done + BATCH_LINES, last)
        with transaction.atomic():
            counts = job.importer.write(cursor, load, file.lines_done, end)
            _count(file, end, counts)
        if progress:
            progress(job.importer.table, (size + size * end // last) // 2, size)


def _count(file: ImportedFile, end: int, counts: Counts) -> None:
    """This will add a batch's counts to the row, in the batch's transaction."""
    ImportedFile.objects.filter(pk=file.pk).update(
        lines_done=end,
        created=F("created") + counts.created,
        changed=F("changed") + counts.changed,
        unchanged=F("unchanged") + counts.unchanged,
    )
    file.lines_done = end


def table_report(job: Job, file: ImportedFile, seconds: float) -> TableReport:
    """This will tell what became of a table, from its row."""
    file.refresh_from_db()
    return TableReport(
        table=job.importer.table,
        file=job.source.path.name,
        created=file.created,
        changed=file.changed,
        unchanged=file.unchanged,
        rejected=file.rejected,
        dropped=file.dropped,
        seconds=seconds,
    )
