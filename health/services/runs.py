"""Starting a run, and deciding what is due."""

import datetime as dt
from dataclasses import astuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import Company
from accounts.selectors import company as the_company
from common.dates import day_end, local_day
from common.errors import KeepwellError
from common.jobs import enqueue
from common.locks import Lock, transaction_lock
from common.schedule import latest_due
from customers.models import Customer
from health.calculations.scorecard import rules_from_config
from health.enums import RunKind, RunState
from health.models import Run, Shard
from health.selectors.frame import Moment, source_ages
from health.selectors.history import days_to_compare, weekly_days
from health.selectors.lineup import lineup_in_use
from health.services.parameters import run_parameters
from health.services.scorecards import scorecard_current
from health.services.tables_sql import tables_make, tables_of

UNFINISHED = (RunState.RUNNING, RunState.FINISHING)


class UnableToStartRun(KeepwellError):
    """Another run is under way; the text says which."""


def moment_of(company: Company, as_of: dt.date, known_before: dt.datetime) -> Moment:
    """This will describe a day for the selectors."""
    return Moment(as_of, known_before, company.time_zone, company.currency)


def known_at(company: Company, as_of: dt.date, now: dt.datetime) -> dt.datetime:
    """This will return what a score of the day may know: its end, or now if sooner."""
    return min(now, day_end(as_of, ZoneInfo(company.time_zone)))


@transaction.atomic
def run_start(
    *,
    kind: RunKind,
    as_of: dt.date,
    now: dt.datetime,
    local_date: dt.date | None = None,
    started_at: dt.datetime | None = None,
) -> Run:
    """This will write down a run and its shards and wake the workers.

    A current run (nightly or by hand) that is still under way for the same day is
    returned instead; for another day UnableToStartRun is raised. Costs the rates'
    statements and one insert per 25,000 customers.
    """
    # Two starts at once take turns; the second finds the first one's run.
    transaction_lock(Lock.RUN_START)
    if kind != RunKind.BACKFILL:
        current = (
            Run.objects.exclude(kind=RunKind.BACKFILL)
            .filter(state__in=UNFINISHED)
            .order_by("-id")
            .first()
        )
        if current and current.as_of == as_of:
            return current
        if current:
            msg = f"The run as of {current.as_of} is still under way; try again later."
            raise UnableToStartRun(msg)
    company = the_company()
    known_before = known_at(company, as_of, now)
    version = scorecard_current(now=now)
    rules = rules_from_config(version.config)
    run = Run.objects.create(
        kind=kind,
        as_of=as_of,
        local_date=local_date or as_of,
        known_before=known_before,
        scorecard_version=version,
        parameters=run_parameters(
            moment=moment_of(company, as_of, known_before), rules=rules, company=company
        )
        | {
            "lineup": lineup_in_use().as_json(),
            "weekly_days": [day.isoformat() for day in weekly_days(as_of)],
            "compared": [day.isoformat() for day in days_to_compare(as_of)],
        },
        started_at=started_at or now,
    )
    tables_make(tables_of(run.pk), as_of=as_of)
    shards = Shard.objects.bulk_create(
        Shard(run=run, first_id=first, last_id=last)
        for first, last in customer_ranges(settings.HEALTH_SHARD_CUSTOMERS)
    )
    for shard in shards:
        enqueue("health.shard_work", shard_id=shard.pk)
    if not shards:
        enqueue("health.run_finish", run_id=run.pk)
    return run


def customer_ranges(size: int) -> list[tuple[int, int]]:
    """This will cut all customers into ranges of ids. Raw: a window over the key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM (SELECT id,"
            " (row_number() OVER (ORDER BY id) - 1) / %s AS shard"
            " FROM customers_customer) c GROUP BY shard ORDER BY 1",
            [size],
        )
        return list(cursor.fetchall())


def run_due(*, now: dt.datetime) -> Run | None:
    """This will start tonight's run when it is due and there is none yet.

    Due: the company's local time has passed `nightly_at` and no nightly run carries the
    local date. Before that hour yesterday's run is made up for if it was missed, where
    nights have been run at all. The unique key makes a second beat, or a second tick, a
    no-op.
    """
    company = the_company()
    zone = ZoneInfo(company.time_zone)
    day = latest_due(now, zone, company.nightly_at)
    if not Customer.objects.exists():
        return None
    nightly = Run.objects.filter(kind=RunKind.NIGHTLY)
    if nightly.filter(local_date__gte=day).exists():
        return None
    if day < local_day(now, zone) and not nightly.exists():
        return None
    if Run.objects.exclude(kind=RunKind.BACKFILL).filter(state__in=UNFINISHED).exists():
        return None
    try:
        return run_start(kind=RunKind.NIGHTLY, as_of=day, now=now, local_date=day)
    except IntegrityError:
        return None


def days_to_backfill(*, newest: dt.date, oldest: dt.date) -> list[dt.date]:
    """This will list past month ends, and the last 90 days weekly, oldest first."""
    weekly = {newest - dt.timedelta(days=7 * week) for week in range(1, 14)}
    monthly, day = set(), newest.replace(day=1) - dt.timedelta(days=1)
    while day >= oldest:
        monthly.add(day)
        day = day.replace(day=1) - dt.timedelta(days=1)
    return sorted(day for day in weekly | monthly if oldest <= day < newest)


def history_days(*, newest: dt.date, now: dt.datetime) -> list[dt.date]:
    """This will list the days that still want a score by the scorecard in use.

    From a month after the first customer on; another scorecard scores all of them anew.
    """
    since = Customer.objects.order_by("customer_since", "id").first()
    if since is None:
        return []
    # The first month has nothing to compare with.
    oldest = since.customer_since + dt.timedelta(days=30)
    scored = set(
        Run.objects.filter(state=RunState.DONE).values_list("as_of", flat=True)
    )
    return [
        d for d in days_to_backfill(newest=newest, oldest=oldest) if d not in scored
    ]


def newest_fact_day(*, now: dt.datetime) -> dt.date:
    """This will return the day of the newest usage, invoice or ticket; today without any."""
    company = the_company()
    today = local_day(now, ZoneInfo(company.time_zone))
    ages = source_ages(moment_of(company, today, known_at(company, today, now)))
    known = [age for age in astuple(ages) if age >= 0]
    return today - dt.timedelta(days=min(known, default=0))
