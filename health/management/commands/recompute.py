"""The nightly run by hand."""

import datetime as dt
import sys
import time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from accounts.selectors import company
from common.dates import local_day
from health.enums import RunKind, RunState
from health.models import Run
from health.services.history import history_scored, run_work
from health.services.runs import UnableToStartRun, run_start

# Seconds to wait for other workers, and between two looks.
PATIENCE, PAUSE = 600.0, 0.5


class Command(BaseCommand):
    help = "Scores every customer now, in this process, as the nightly run does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day to score, as 2026-01-31; today when left out",
        )
        parser.add_argument(
            "--history",
            action="store_true",
            help="score past month ends and the last 13 weeks first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = local_day(now, ZoneInfo(company().time_zone))
        as_of = options["as_of"] or today
        if as_of > today:
            msg = f"{as_of} is in the future; the newest day that can be scored is {today}."
            raise CommandError(msg)
        try:
            if options["history"]:
                run = history_scored(now=now, as_of=as_of, progress=_bar)
            else:
                run = run_work(run=run_start(kind=RunKind.MANUAL, as_of=as_of, now=now))
        except UnableToStartRun as error:
            raise CommandError(str(error)) from error
        run = _through(run)
        failed = run.failures.count()
        noun = "customer" if run.customers == 1 else "customers"
        self.stdout.write(
            f"Scored {run.customers} {noun} as of {run.as_of}; {failed} failed."
        )
        if run.state != RunState.DONE:
            msg = f"The run is {run.get_state_display()}; see the operations page."
            raise CommandError(msg)


def _through(run: Run) -> Run:
    """This will wait until the workers of a site, where one is on, are through too.

    They take shards of the same run: what they hold is not ours to finish, unless they
    die on it.
    """
    end = time.monotonic() + PATIENCE
    while run.state in {RunState.RUNNING, RunState.FINISHING}:
        if time.monotonic() > end:
            break
        time.sleep(PAUSE)
        run = run_work(run=run)
    return run


def _bar(days: Any, words: str) -> Any:
    return tqdm(days, desc=words, unit="day", disable=not sys.stderr.isatty())
