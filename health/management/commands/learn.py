"""Learning from the past, in this process."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.selectors import company
from common.dates import local_day
from health.enums import TrainingState
from health.learning_bar import LearningBar
from health.models import ForecastVersion
from health.services.training.starting import history_learned
from health.version_lines import version_lines


class Command(BaseCommand):
    help = (
        "Learns from the past who leaves, how long customers stay and what they bring,"
        " and puts the new version of the forecasts in use unless it is worse"
        " (docs/forecasts.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help=(
                "learn only what was known on a day, as 2026-01-31; today when left out."
                " It never takes the place of what was learnt from later days"
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This will learn, and print what came of it."""
        now = timezone.now()
        today = local_day(now, ZoneInfo(company().time_zone))
        as_of = options["as_of"] or today
        if as_of > today:
            msg = f"{as_of} is in the future; the newest day that can be learnt from is {today}."
            raise CommandError(msg)
        with LearningBar() as bar:
            training = history_learned(now=now, as_of=as_of, progress=bar.show)
        if training.as_of != as_of:
            self.stdout.write(f"One as of {training.as_of} was under way already.")
        if training.state != TrainingState.DONE:
            raise CommandError(training.reason)
        for line in version_lines(ForecastVersion.objects.get(training=training)):
            self.stdout.write(line)
