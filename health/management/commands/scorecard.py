"""Shows the scorecard in use, and leaves out signals the company does not have."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from health.measures import MEASURES
from health.selectors.presence import measure_presence
from health.selectors.standing import latest_run
from health.services.scorecards import (
    UnableToLeaveOut,
    scorecard_current,
    scorecard_leave_out,
)


class Command(BaseCommand):
    help = (
        "Shows the scorecard in use: each measure's weight and the share of customers"
        " that have it. With --leave-out it publishes a version without some measures;"
        " the next run uses it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--leave-out",
            nargs="*",
            metavar="MEASURE",
            help="signals you do not have at all; without names all come back",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["leave_out"] is not None:
            try:
                scorecard_leave_out(keys=set(options["leave_out"]), now=now)
            except UnableToLeaveOut as error:
                raise CommandError(str(error)) from error
        version = scorecard_current(now=now)
        run = latest_run()
        presence = measure_presence(run) if run else {}
        self.stdout.write(f"{version.scorecard.name}, version {version.number}")
        for line in version.config["measures"]:
            key = line["key"]
            share = presence.get(key)
            had = "" if share is None else f"{share:>5.0%} have it"
            self.stdout.write(
                f"  {key:<20} weight {line['weight']:>4g}  {MEASURES[key].label!s:<28}{had}"
            )
