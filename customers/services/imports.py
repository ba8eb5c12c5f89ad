"""Loading a folder of CSV files."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Company
from accounts.selectors import company
from common.dates import local_day
from customers.enums import ImportState
from customers.importing.company import company_apply, company_wishes
from customers.importing.load import Load
from customers.importing.mapping import UnableToReadMapping, mapping_read
from customers.importing.preflight import (
    Job,
    UnableToImport,
    importers,
    jobs_plan,
    layouts,
)
from customers.importing.rejects import rejected_path, rejects_write
from customers.importing.staging import session
from customers.importing.table import table_load, table_report
from customers.importing.tally import ImportReport, Progress
from customers.importing.values import Reading
from customers.models import ImportedFile, ImportRun

__all__ = ["UnableToImport", "UnableToReadMapping", "folder_import"]

LOCK = "customers.folder_import"


def folder_import(
    *,
    folder: Path,
    now: dt.datetime,
    mapping: Path | None = None,
    rejected: Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """This will load the CSV files of a folder and tell what became of every row.

    Everything is looked at before anything is written: UnableToReadMapping and
    UnableToImport mean that nothing changed. After that good rows are kept and bad ones
    go to `rejected` (default: rejected.csv in the folder). Rows commit in batches; the
    same call after a crash goes on where it stopped, and the same call after success
    changes nothing. `mapping` defaults to mapping.toml in the folder.
    """
    own = folder / "mapping.toml"
    if mapping is None and own.is_file():
        mapping = own
    known = importers()
    wanted = mapping_read(mapping, layouts(known))
    ours = company_wishes(wanted.company)
    zone = ZoneInfo(ours.time_zone)
    reading = Reading(zone=zone, today=local_day(now, zone))
    with _alone():
        jobs = jobs_plan(folder=folder, mapping=wanted, known=known, reading=reading)
        report = ImportReport()
        report.notes += company_apply(wanted.company)
        run, report.resumed = _run_open(folder, jobs, now)
        report.rejected_file = rejected or rejected_path(folder, run.pk)
        _load_all(run, jobs, report, reading, now, progress)
        ImportRun.objects.filter(pk=run.pk).update(
            state=ImportState.DONE, finished_at=now
        )
    return report


@contextmanager
def _alone() -> Iterator[None]:
    """This will hold off a second load: both would write the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            msg = "Another import is running; wait until it is done."
            raise UnableToImport(msg)
        try:
            yield
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


@transaction.atomic
def _run_open(
    folder: Path, jobs: list[Job], now: dt.datetime
) -> tuple[ImportRun, bool]:
    """This will find the run that a crash left behind, or begin a new one."""
    name = str(folder.resolve())[-500:]
    digests = {job.importer.table: job.digest for job in jobs}
    for run in ImportRun.objects.filter(
        folder=name, state=ImportState.RUNNING
    ).order_by("-pk"):
        if dict(run.files.values_list("table", "digest")) == digests:
            return run, True
        run.state, run.reason = ImportState.FAILED, "The files changed before it ended."
        run.finished_at = now
        run.save()
    run = ImportRun.objects.create(folder=name, started_at=now)
    ImportedFile.objects.bulk_create(
        ImportedFile(
            run=run,
            table=job.importer.table,
            name=job.source.path.name[-255:],
            digest=job.digest,
        )
        for job in jobs
    )
    return run, False


def _load_all(
    run: ImportRun,
    jobs: list[Job],
    report: ImportReport,
    reading: Reading,
    now: dt.datetime,
    progress: Progress | None,
) -> None:
    files = {file.table: file for file in run.files.all()}
    make = partial(_load_make, company(), jobs, report, reading, now)
    with session([name for job in jobs for name in job.importer.temporary]) as cursor:
        for job in jobs:
            started, file = time.monotonic(), files[job.importer.table]
            newest, notes = table_load(
                job=job, file=file, load=make(job), progress=progress
            )
            report.notes += notes
            report.tables.append(table_report(job, file, time.monotonic() - started))
            if newest:
                report.newest_day = max(newest, report.newest_day or newest)
        for job in jobs:
            with transaction.atomic():
                report.notes += job.importer.finish(cursor, make(job))
        report.notes += _unread(jobs)
        _rejects_finish(cursor, jobs, report)


def _load_make(
    ours: Company,
    jobs: list[Job],
    report: ImportReport,
    reading: Reading,
    now: dt.datetime,
    job: Job,
) -> Load:
    return Load(
        now=now,
        today=reading.today,
        zone=reading.zone.key,
        currency=ours.currency,
        present=frozenset(job.plan.targets),
        tables=frozenset(other.importer.table for other in jobs),
        aggregate=job.aggregate,
        warn=report.warn,
    )


def _unread(jobs: list[Job]) -> list[str]:
    """This will name, once per file, the columns that no table reads."""
    unread: dict[str, set[str]] = {}
    for job in jobs:
        names = set(job.plan.ignored)
        unread[job.source.path.name] = unread.get(job.source.path.name, names) & names
    headers = {job.source.path.name: job.source.header for job in jobs}
    return [
        f"{file}: columns that are not read: "
        f"{', '.join(name for name in headers[file] if name in names)}."
        for file, names in unread.items()
        if names
    ]


def _rejects_finish(cursor: Any, jobs: list[Job], report: ImportReport) -> None:
    """This will write rejected.csv, or take away an older load's."""
    path = report.rejected_file
    if path is None:
        return
    if report.rejected:
        rejects_write(cursor, path, jobs)
    else:
        path.unlink(missing_ok=True)
        report.rejected_file = None
