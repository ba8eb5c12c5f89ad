"""Shows the scorecards, leaves out signals the company lacks, and moves them as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actor import CONSOLE
from health.models import Scorecard, ScorecardVersion
from health.scorecard_file import (
    LARGEST_FILE,
    scorecard_read,
    scorecard_write,
)
from health.scorecard_words import measure_label
from health.scorecard_yaml import UnableToReadScorecard
from health.selectors.presence import measure_presence
from health.selectors.scorecards import version_live
from health.selectors.standing import latest_run
from health.services.scorecards import (
    UnableToLeaveOut,
    scorecard_current,
    scorecard_leave_out,
)
from health.services.scorecards.importing import (
    UnableToImportScorecard,
    scorecard_import,
)
from health.services.scorecards.locking import UnableToChangeScorecard

REFUSED = (UnableToImportScorecard, UnableToChangeScorecard)


class Command(BaseCommand):
    help = (
        "Shows a scorecard: each measure's weight and the share of customers that have"
        " it, and all versions. With --leave-out it publishes a version of the default"
        " one without some measures; the next run uses it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--card", metavar="KEY", help="which scorecard; the default one without"
        )
        parser.add_argument(
            "--leave-out",
            nargs="*",
            metavar="MEASURE",
            help="signals you do not have at all; without names all come back",
        )
        parser.add_argument(
            "--export", action="store_true", help="write the version in use as YAML"
        )
        parser.add_argument(
            "--import",
            dest="file",
            metavar="FILE",
            help="make a draft of a YAML file; a new scorecard without --card",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["file"]:
            self._import(options["file"], options["card"])
            return
        if options["leave_out"] is not None:
            try:
                scorecard_leave_out(keys=set(options["leave_out"]), now=now, by=CONSOLE)
            except UnableToLeaveOut as error:
                raise CommandError(str(error)) from error
        scorecard_current(now=now)
        card = self._card(options["card"])
        version = version_live(card)
        if version is None:
            msg = f"Nothing of {card.key!r} was published yet."
            raise CommandError(msg)
        if options["export"]:
            self.stdout.write(
                scorecard_write(
                    name=card.name, note=version.note, config=version.config
                ),
                ending="",
            )
            return
        self._show(card, version)

    def _card(self, key: str | None) -> Scorecard:
        rows = Scorecard.objects.filter(key=key) if key else Scorecard.objects
        card = rows.order_by("-is_default", "priority", "id").first()
        if card is None:
            keys = Scorecard.objects.order_by("id").values_list("key", flat=True)
            msg = f"There is no scorecard {key!r}; there are: {', '.join(keys)}"
            raise CommandError(msg)
        return card

    def _import(self, name: str, key: str | None) -> None:
        try:
            with Path(name).open("rb") as file:
                read = scorecard_read(file.read(LARGEST_FILE + 1))
        except OSError as error:
            msg = f"{name} cannot be read: {error.strerror}"
            raise CommandError(msg) from error
        except UnableToReadScorecard as error:
            raise CommandError("\n".join(error.lines)) from error
        into = self._card(key) if key else None
        try:
            draft = scorecard_import(
                file=read, into=into, by=CONSOLE, now=timezone.now()
            )
        except REFUSED as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{draft.scorecard.name}: draft of version {draft.number}."
            " Look at it and publish it on the page of scorecards."
        )

    def _show(self, card: Scorecard, version: ScorecardVersion) -> None:
        run = latest_run()
        presence = measure_presence(run) if run else {}
        self.stdout.write(f"{card.name}, version {version.number}")
        for line in version.config["measures"]:
            key = line["key"]
            share = presence.get(key)
            had = "" if share is None else f"{share:>5.0%} have it"
            self.stdout.write(
                f"  {key:<20} weight {line['weight']:>4g}  {measure_label(key):<28}{had}"
            )
        self.stdout.write("Versions:")
        for old in card.versions.select_related("author").order_by("-number"):
            day = f"{old.published_at:%Y-%m-%d}" if old.published_at else "draft"
            who = f" {old.author.name}:" if old.author else ""
            self.stdout.write(f"  {old.number:>3} {day:<11}{who} {old.note}".rstrip())
