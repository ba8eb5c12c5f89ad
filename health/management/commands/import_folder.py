"""Loads a folder of CSV files and scores the history it brings."""

import datetime as dt
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from billing.services.ledger import UnableToBuildLedger, ledger_build
from common.errors import KeepwellError
from customers.importing.tally import ImportReport, TableReport
from customers.models import Customer
from customers.services.imports import folder_import
from health.enums import TrainingCause, TrainingState
from health.learning_bar import LearningBar
from health.models import ForecastVersion
from health.selectors.presence import measure_presence
from health.services.history import history_scored
from health.services.runs import UnableToStartRun, newest_fact_day
from health.services.training.planning import training_days, training_start
from health.services.training.starting import history_learned, quickly_learnt
from health.version_lines import version_lines
from surveys.services.theming import comments_theme_all

# Tables that hold what people said; new comments are put under their themes.
COMMENTS = {"survey_responses", "feedback"}
COLUMNS = ("table", "created", "changed", "unchanged", "rejected", "dropped", "seconds")


class Command(BaseCommand):
    help = (
        "Imports customers, subscriptions, invoices, usage, tickets, survey answers and "
        "churn events from the CSV files of a folder (docs/importing.md). Good rows are "
        "kept, bad ones are told in rejected.csv; the same folder again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE",
            help="how other people's columns are meant (default: FOLDER/mapping.toml)",
        )
        parser.add_argument(
            "--rejected",
            type=Path,
            metavar="FILE",
            help="where rejected rows go (default: FOLDER/rejected.csv)",
        )
        parser.add_argument(
            "--no-score",
            action="store_true",
            help="load only; the next nightly run scores",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This will load the folder, print what became of it, and score."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            msg = f"{folder} is not a folder."
            raise CommandError(msg, returncode=2)
        now, bars = timezone.now(), Bars()
        try:
            report = folder_import(
                folder=folder,
                now=now,
                mapping=options["mapping"],
                rejected=options["rejected"],
                progress=bars.show,
            )
        except KeepwellError as error:
            msg = f"Nothing was imported.\n{error}"
            raise CommandError(msg, returncode=1) from error
        finally:
            bars.close()
        for line in report_lines(report):
            self.stdout.write(line)
        if any(
            table.table in COMMENTS and table.created + table.changed
            for table in report.tables
        ):
            comments_theme_all(now=now)
        if any(table.created + table.changed for table in report.tables):
            self.ledger(now)
        if not options["no_score"] and Customer.objects.exists():
            if any(table.created + table.changed for table in report.tables):
                self.learn(now)
            self.score(now)

    def ledger(self, now: dt.datetime) -> None:
        """This will make the revenue ledger of what was imported."""
        try:
            ledger_build(now=now)
        except UnableToBuildLedger as error:
            self.stdout.write(f"The revenue ledger could not be made: {error}")

    def learn(self, now: dt.datetime) -> None:
        """This will have the forecasts learn, here where it is quick, else by the workers."""
        as_of = newest_fact_day(now=now)
        if not quickly_learnt(as_of=as_of):
            if training_days(as_of=as_of):
                training_start(cause=TrainingCause.ASKED, as_of=as_of, now=now)
                self.stdout.write(
                    "The forecasts learn in the background while script/server runs;"
                    " the next nightly run uses what they have learnt."
                )
            return
        with LearningBar(self.stdout.write) as bar:
            training = history_learned(now=now, as_of=as_of, progress=bar.show)
        if training.state != TrainingState.DONE:
            self.stdout.write(f"The forecasts could not learn: {training.reason}")
            return
        for line in version_lines(ForecastVersion.objects.get(training=training)):
            self.stdout.write(line)

    def score(self, now: dt.datetime) -> None:
        """This will score the past days that the imported history covers."""
        try:
            run = history_scored(now=now, progress=scoring_bar)
        except UnableToStartRun as error:
            self.stdout.write(f"Not scored yet: {error}")
            return
        noun = "customer" if run.customers == 1 else "customers"
        self.stdout.write(f"Scored {run.customers:,} {noun} as of {run.as_of}.")
        lacking = [key for key, had in measure_presence(run).items() if had == 0]
        if lacking:
            names = " ".join(lacking)
            self.stdout.write(
                f"No customer has any data for: {', '.join(lacking)}. As long as they are"
                " asked for, every customer lacks them. If you do not have them at all:\n"
                f"  script/manage scorecard --leave-out {names}\n"
                "  script/manage recompute --history"
                + (f" --as-of {run.as_of}" if run.as_of < now.date() else "")
            )


def scoring_bar(days: Iterable[dt.date], words: str) -> Iterable[dt.date]:
    """This will show how many past days are scored."""
    return tqdm(days, desc=words, disable=not sys.stderr.isatty())


class Bars:
    """A progress bar per table, by bytes; nothing where nobody watches."""

    def __init__(self) -> None:
        self.table = ""
        self.bar: tqdm[Any] | None = None

    def show(self, table: str, done: int, size: int) -> None:
        """This will move the table's bar."""
        if not sys.stderr.isatty():
            return
        if self.bar is None or table != self.table:
            self.close()
            self.table = table
            self.bar = tqdm(total=size, desc=table, unit="B", unit_scale=True)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """This will finish the bar that is shown."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def report_lines(report: ImportReport) -> list[str]:
    """This will tell in lines what became of a folder."""
    lines = ["Going on where the last import stopped."] if report.resumed else []
    lines.append(f"{COLUMNS[0]:<22}" + "".join(f"{name:>11}" for name in COLUMNS[1:]))
    lines += [_table_line(table) for table in report.tables]
    lines += [f"Warning: {text}: {rows}" for text, rows in report.warnings.items()]
    lines += report.notes
    if report.newest_day:
        lines.append(f"The newest fact is of {report.newest_day}.")
    if report.rejected_file:
        rows = "row stands" if report.rejected == 1 else "rows stand"
        lines.append(f"{report.rejected} rejected {rows} in {report.rejected_file}.")
    return lines


def _table_line(table: TableReport) -> str:
    counts = (
        table.created,
        table.changed,
        table.unchanged,
        table.rejected,
        table.dropped,
    )
    numbers = "".join(f"{count:>11,}" for count in counts)
    return f"{table.table:<22}{numbers}{table.seconds:>11.1f}"
