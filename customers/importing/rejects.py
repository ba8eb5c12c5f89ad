"""Writing rejected.csv: which row was not taken, where it stands, and why."""

import csv
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from customers.importing.preflight import Job
from customers.importing.source import records
from customers.importing.staging import Reject, rejects_after

PAGE = 10_000
HEADER = ("file", "line", "column", "reason", "row")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rejected_path(folder: Path, run: int) -> Path:
    """This will choose where rejected.csv goes: the folder, else var/imports.

    A folder without any write bit is left alone, even by root, who could write there.
    """
    bits = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    if os.access(folder, os.W_OK) and folder.stat().st_mode & bits:
        return folder / "rejected.csv"
    return Path(settings.BASE_DIR) / "var" / "imports" / str(run) / "rejected.csv"


def rejects_write(cursor: Any, path: Path, jobs: list[Job]) -> None:
    """This will write all rejects at once and rename the file into its place.

    The source files are read once more for the rows themselves: keeping every row
    beside its staged copy would double the work for the sake of a few.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for job in jobs:
            for line, label, reason, row in _rows(job, _rejects(cursor, job)):
                name = job.source.path.name
                cells = (name, line, label, reason, row)
                writer.writerow([harmless(cell) for cell in cells])
    partial.replace(path)


def harmless(cell: Any) -> Any:
    """This will keep a spreadsheet from taking a text for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _rejects(cursor: Any, job: Job) -> Iterator[Reject]:
    last = 0
    while page := rejects_after(cursor, job.importer.table, last, PAGE):
        yield from page
        last = page[-1][0]


def _rows(job: Job, rejects: Iterator[Reject]) -> Iterator[tuple[int, str, str, str]]:
    """This will add the source row to each reject, as JSON."""
    wanted = next(rejects, None)
    if wanted is None:
        return
    with job.source.opened() as (_raw, text):
        for line, row, _trouble in records(text, job.source.separator):
            if wanted is None:
                return
            if line != wanted[0]:
                continue
            yield (*wanted, _as_json(job.source.header, row))
            wanted = next(rejects, None)


def _as_json(header: tuple[str, ...], row: list[str]) -> str:
    same = len(header) == len(row)
    content = dict(zip(header, row, strict=True)) if same else row
    return json.dumps(content, ensure_ascii=False)
