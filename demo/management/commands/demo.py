"""Makes the demo company, or prints how to sign in to it."""

import datetime as dt
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.backends import DEMO_PASSWORD
from accounts.selectors import company
from common.dates import local_day
from common.errors import KeepwellError
from customers.models import Customer
from demo.services.people import login_lines
from demo.texts.team import ANA, COMPANY_ZONE
from health.learning_bar import LearningBar

if TYPE_CHECKING:
    from demo.services.loading import Wish

MORNING = dt.time(8)
CUSTOMERS, MONTHS, SEED = 400, 30, 10
FEWEST_CUSTOMERS, FEWEST_MONTHS = 10, 6


class Command(BaseCommand):
    help = (
        "Makes a demo company with a known truth: customers, money, usage, tickets and "
        "answers up to today, and the past scored. Does nothing where there are "
        "customers already (docs/demo.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=CUSTOMERS, metavar="N")
        parser.add_argument("--months", type=int, default=MONTHS, metavar="N")
        parser.add_argument(
            "--seed",
            type=int,
            default=SEED,
            metavar="N",
            help="another number, another company",
        )
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day the data ends, such as 2026-11-24 (default: today)",
        )
        parser.add_argument(
            "--show-logins",
            action="store_true",
            help="only print address, password and role of the demo's people",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This will make the demo, or say why not."""
        if options["show_logins"]:
            for line in login_lines():
                self.stdout.write(line)
            return
        self.load(options)
        self.introduce()

    def introduce(self) -> None:
        """This will tell the fake gateway, where it runs, what it has to know."""
        from demo.services.introducing import gateway_introduced  # noqa: PLC0415

        if company().is_demo:
            gateway_introduced(now=timezone.now())

    def load(self, options: dict[str, Any]) -> None:
        """This will decide what is to be made, and make it."""
        # Reading the statistics packages takes seconds, and the logins need none of them.
        from demo.services.loading import Wish, unfinished_since  # noqa: PLC0415

        begun = unfinished_since()
        if begun is None and Customer.objects.exists():
            self.stdout.write(already_there())
            return
        zone = ZoneInfo(COMPANY_ZONE)
        now = timezone.now()
        today = begun or options["today"] or local_day(now, zone)
        if options["today"]:
            now = dt.datetime.combine(options["today"], MORNING, zone)
        wish = Wish(options["customers"], options["months"], options["seed"], today)
        if wish.customers < FEWEST_CUSTOMERS or wish.months < FEWEST_MONTHS:
            msg = f"Please ask for {FEWEST_CUSTOMERS} customers and {FEWEST_MONTHS} months or more."
            raise CommandError(msg, returncode=2)
        self.make(wish, now)

    def make(self, wish: "Wish", now: dt.datetime) -> None:
        """This will make the demo and tell each step."""
        from demo.services.loading import demo_loaded, simulated  # noqa: PLC0415

        self.say(f"Making up {wish.customers} customers over {wish.months} months …")
        demo = simulated(wish)
        count = sum(len(rows) for name, rows in demo.tables.items() if name != "truth")
        self.say(f"Loading {count:,} rows …")
        bar, learning = RowsBar(), LearningBar(self.say)
        try:
            demo_loaded(
                now=now,
                demo=demo,
                seed=wish.seed,
                rows=bar.show,
                learning=learning.show,
                days=self.scoring,
            )
        except KeepwellError as error:
            raise CommandError(str(error), returncode=1) from error
        finally:
            bar.close()
            learning.close()
        here = len(demo.tables["truth"])
        self.say(
            f"The demo company is ready: {here} customers, "
            f"{wish.customers - here} more who have left."
        )
        self.say(f"Sign in as {ANA} with the password {DEMO_PASSWORD}.")

    def scoring(self, days: Iterable[dt.date], words: str) -> Iterable[dt.date]:
        """This will say that scoring begins, and show how far it is."""
        self.say(f"{words} …")
        return tqdm(days, desc=words, disable=not sys.stderr.isatty(), leave=False)

    def say(self, words: str) -> None:
        """This will print a line at once, also into a pipe."""
        self.stdout.write(words)
        self.stdout.flush()


class RowsBar:
    """A progress bar per table, by bytes; nothing where nobody watches."""

    def __init__(self) -> None:
        self.bar: tqdm[Any] | None = None
        self.table = ""

    def show(self, table: str, done: int, size: int) -> None:
        """This will move the bar; another table begins another bar."""
        if not sys.stderr.isatty():
            return
        if self.bar is None or table != self.table:
            self.close()
            self.table = table
            self.bar = tqdm(
                total=size,
                desc=f"Loading {table}",
                unit="B",
                unit_scale=True,
                leave=False,
            )
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """This will take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def already_there() -> str:
    """This will say in one line why nothing is done."""
    if company().is_demo:
        return "The demo company is here already; nothing was changed."
    return "This installation has customers of its own; the demo stays out."
