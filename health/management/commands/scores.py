"""Scores for spreadsheets and warehouses."""

import csv
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from health.selectors.standing import latest_run
from health.services.export import HEADER, default_day, scores_as_of


class Command(BaseCommand):
    help = (
        "Prints every customer's score, chance of leaving, value and what they rest on,"
        " computed afresh as of a day from what was known on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day, as 2026-01-31; the latest run's when left out",
        )
        parser.add_argument(
            "--csv", action="store_true", help="commas (default: tabs, for reading)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        run = latest_run()
        as_of = options["as_of"] or (run.as_of if run else default_day(now=now))
        writer = csv.writer(
            self.stdout,
            delimiter="," if options["csv"] else "\t",
            lineterminator="\n",
        )
        writer.writerow(HEADER)
        for line in scores_as_of(as_of=as_of, now=now):
            writer.writerow(line)
