"""Writing small folders of CSV files and loading them."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from customers.importing.tally import ImportReport
from customers.services.imports import folder_import
from tests.world import NOW

CUSTOMERS = (
    "customer_id,name,customer_since\nC-1,Acme,2024-01-01\nC-2,Bolt,2024-02-01\n"
)


def write(folder: Path, *, customers: str = CUSTOMERS, **tables: str) -> Path:
    """This will write the tables, and two customers unless told otherwise."""
    for name, text in {"customers": customers, **tables}.items():
        suffix = ".toml" if name == "mapping" else ".csv"
        (folder / f"{name}{suffix}").write_text(text, encoding="utf-8")
    return folder


def load(folder: Path, *, now: dt.datetime = NOW, **options: Any) -> ImportReport:
    """This will load a folder at the tests' time."""
    return folder_import(folder=folder, now=now, **options)


def counts(report: ImportReport, table: str) -> tuple[int, int, int, int, int]:
    """This will give created, changed, unchanged, rejected, dropped of a table."""
    found = next(entry for entry in report.tables if entry.table == table)
    return (
        found.created,
        found.changed,
        found.unchanged,
        found.rejected,
        found.dropped,
    )


def rejected(report: ImportReport) -> list[tuple[str, int, str, str]]:
    """This will read rejected.csv without the rows themselves."""
    if report.rejected_file is None:
        return []
    with report.rejected_file.open(encoding="utf-8", newline="") as file:
        return [
            (row["file"], int(row["line"]), row["column"], row["reason"])
            for row in csv.DictReader(file)
        ]
