"""Loading the demo company the way any company is loaded: from files."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import ExchangeRate, User
from accounts.selectors import company
from billing.services.ledger import ledger_build
from common.dates import local_day
from common.errors import KeepwellError
from customers.importing.tally import ImportReport, Progress
from customers.models import Customer, ImportRun, Task
from customers.services.imports import folder_import
from demo.calculations.rows import RateRow, TaskRow
from demo.calculations.tables import Demo, demo_of, tables_written
from demo.services.collecting import collecting_made
from demo.services.people import people_made
from demo.services.programme import programme_made
from health.services.history import Progress as Days
from health.services.history import history_scored
from health.services.runs import newest_fact_day
from health.services.training.starting import Progress as Learning
from health.services.training.starting import history_learned
from insights.services.renewals import renewals_tick


class UnableToLoadDemo(KeepwellError):
    """The importer would not take what the simulation wrote."""


@dataclass(frozen=True)
class Wish:
    """What kind of company is wanted. The same wish makes the same company."""

    customers: int
    months: int
    seed: int
    today: dt.date


def unfinished_since() -> dt.date | None:
    """This will return the day on which a demo was begun that never got to its end.

    The tasks come last, so a demo without any was interrupted. Begun again for the same
    day it makes the same files, and importing those again goes on where it stopped.
    """
    ours = company()
    if not ours.is_demo or Task.objects.exists():
        return None
    run = ImportRun.objects.order_by("id").first()
    return local_day(run.started_at, ZoneInfo(ours.time_zone)) if run else None


def demo_loaded(
    *,
    now: dt.datetime,
    demo: Demo,
    seed: int,
    rows: Progress,
    days: Days,
    learning: Learning = lambda done, total: None,
) -> ImportReport:
    """This will load a simulated company, score its past, add its surveys and open tasks.

    `rows`, `learning` and `days` show how far import, learning and scoring are. Raises
    UnableToLoadDemo where a row was rejected: then the simulation is wrong.
    """
    people_made()
    rates_made(demo.rates)
    with TemporaryDirectory(prefix="keepwell-demo-") as name:
        folder = Path(name)
        tables_written(demo.tables, folder)
        report = folder_import(folder=folder, now=now, progress=rows)
        if report.rejected and report.rejected_file:
            told = report.rejected_file.read_text(encoding="utf-8")[:2000]
            msg = f"{report.rejected} rows of the demo were rejected:\n{told}"
            raise UnableToLoadDemo(msg)
    collecting_made(now=now)
    ledger_build(now=now)
    # First, so that the very first scores are forecast by what the past teaches.
    history_learned(now=now, as_of=newest_fact_day(now=now), progress=learning)
    history_scored(now=now, progress=days)
    renewals_tick(now=now)
    with transaction.atomic():
        programme_made(now=now, seed=seed)
        tasks_made(demo.tasks, now=now)
    return report


def simulated(wish: Wish) -> Demo:
    """This will make the company up; a few seconds of arithmetic, no database."""
    return demo_of(
        seed=wish.seed, today=wish.today, months=wish.months, customers=wish.customers
    )


def rates_made(rows: list[RateRow]) -> None:
    """This will store the exchange rates, unless they are there. One query."""
    ExchangeRate.objects.bulk_create(
        (
            ExchangeRate(
                currency=row.currency,
                valid_on=dt.date.fromisoformat(row.valid_on),
                rate=Decimal(row.rate),
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def tasks_made(rows: list[TaskRow], *, now: dt.datetime) -> int:
    """This will write the open tasks and return how many. Costs three queries."""
    customers = dict(
        Customer.objects.filter(external_id__in={row.customer_id for row in rows})
        .order_by("id")
        .values_list("external_id", "id")
    )
    people = dict(User.objects.filter(is_demo=True).values_list("email", "id"))
    return len(
        Task.objects.bulk_create(
            Task(
                customer_id=customers[row.customer_id],
                assignee_id=people[row.owner_email],
                title=row.title,
                type=row.type,
                reason=row.reason,
                due_on=dt.date.fromisoformat(row.due_on),
                created_at=now,
            )
            for row in rows
        )
    )
