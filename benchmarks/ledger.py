"""The revenue ledger and all its sums, against plain aggregates, and what pages cost.

    script/bench ledger            20,000 subscriptions and 240,000 invoices
    script/bench ledger --full     1,000,000 subscriptions and 12,000,000 invoices

A made company (benchmarks/ledger_company.py) with three lines of log a subscription. The
build makes every line, the sums of days, months by nine dimensions, cohorts, and what four
presets say. Beside it, on the same rows: one aggregate by month over the log and one over
the invoices, on one core. Then the database time of the queries of each page.
"""

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.processes import ROOT, own_database

SHORT, FULL = 20_000, 1_000_000
ROUNDS = 5
DIMENSIONS = (
    "", "segment", "plan", "stage", "source", "persona", "tenure", "reason", "owner"
)  # fmt: skip
# name: unit and goal.
GOALS: dict[str, tuple[str, float | None]] = {
    "subscriptions": ("", None),
    "log": ("lines", None),
    "movements": ("lines", None),
    "differences": ("rows", None),
    "build": ("s", None),
    "build.processor": ("s", None),
    "plain": ("s", None),
    "ratio.plain": ("x", None),
    "again": ("s", None),
    "one_customer": ("ms", None),
    "sums_after_one": ("s", 60.0),
    "memory": ("MB", 300.0),
    "page.revenue": ("ms", 200.0),
    "page.movements": ("ms", 200.0),
    "page.opened": ("ms", 200.0),
    "page.churn": ("ms", 200.0),
    "page.cohorts": ("ms", 200.0),
    "page.conventions": ("ms", 200.0),
    "page.customer": ("ms", 200.0),
    "page.revenue_of_500": ("ms", 200.0),
    "whole.revenue_of_500": ("ms", None),
}
PLAIN = {
    "billing_subscriptionchange": ("effective_on", "mrr"),
    "billing_invoice": ("issued_on", "total"),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--size", type=int, help="another number of subscriptions")
    parser.add_argument("--to", type=Path)
    chosen = parser.parse_args()
    size = chosen.size or (FULL if chosen.full else SHORT)
    if chosen.to:
        return child(size, chosen.to)
    figures = apart(size)
    fine = True
    for name, (unit, goal) in GOALS.items():
        good = goal is None or figures[name] <= goal
        fine &= good
        wanted = "-" if goal is None else f"<={goal:g}"
        state = "ok" if good else "short"
        print(f"ledger.{name} {figures[name]:.2f} {unit or '-'} {wanted} {state}")
    return 0 if fine else 1


def apart(size: int) -> dict[str, float]:
    """This will measure in a process and a database of its own."""
    with own_database() as database, tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "figures.json"
        subprocess.run(  # noqa: S603 - ourselves, with words of our own
            [
                sys.executable, "-m", "benchmarks.ledger",
                "--size", str(size), "--to", str(to),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "KEEPWELL_STATIC_ROOT": str(Path(folder) / "static"),
                "KEEPWELL_HTTPS": "0",
                "OMP_NUM_THREADS": "1",
            },
            check=True,
        )  # fmt: skip
        found: dict[str, float] = json.loads(to.read_text())
        return found


def child(size: int, to: Path) -> int:
    """This will do the measuring in the database that the environment names."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.ledger_company import ledger_company_make

    day = dt.date(2026, 6, 30)
    ledger_company_make(subscriptions=size, day=day)
    now = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    figures = built(size, now) | pages(day)
    to.write_text(json.dumps(figures))
    return 0


def built(size: int, now: dt.datetime) -> dict[str, float]:
    """This will make the ledger three ways: all, all again, and after one customer."""
    from billing.models import ConventionDifference, Movement, SubscriptionChange
    from billing.selectors.ledger_terms import ledger_terms
    from billing.services.ledger import ledger_build, ledger_refresh
    from billing.services.ledger.planning import build_start
    from billing.services.ledger.working import ledger_work

    plain = plainly()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = time.process_time()
    build = timed(lambda: ledger_build(now=now, progress=shown))
    ours = time.process_time() - ours
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    vacuum()
    again = timed(lambda: ledger_build(now=now))
    refresh = timed(lambda: ledger_refresh(customers=[size // 2], now=now))

    def follow() -> None:
        terms = ledger_terms(day=now.date())
        ledger_work(build_id=build_start(terms=terms, now=now).pk, seconds=None)

    return {
        "subscriptions": size,
        "log": SubscriptionChange.objects.count(),
        "movements": Movement.objects.count(),
        "differences": ConventionDifference.objects.count(),
        "build": build,
        "build.processor": ours,
        "plain": plain,
        "ratio.plain": build / plain,
        "again": again,
        "one_customer": refresh * 1000,
        "sums_after_one": timed(follow),
        "memory": after / 1024,
        "memory.before": before / 1024,
    }


def shown(done: int, total: int) -> None:
    print(f"{done} of {total} ranges", file=sys.stderr)


def timed(what: Callable[[], object]) -> float:
    """This will return the seconds that something takes."""
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def plainly() -> float:
    """This will return the seconds of the plain aggregates on one core, the quicker of two."""
    from django.db import connection

    queries = [
        f"SELECT date_trunc('month', {day}), currency, sum({amount}), count(*)"
        f" FROM {table} GROUP BY 1, 2"
        for table, (day, amount) in PLAIN.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        rounds = [
            sum(timed(lambda q=q: cursor.execute(q)) for q in queries) for _ in "12"
        ]
        cursor.execute("RESET max_parallel_workers_per_gather")
    return min(rounds)


def vacuum() -> None:
    """This will do what the database does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("movement", "conventiondifference", "revenueday", "revenuemonth"):
            cursor.execute(f"VACUUM ANALYZE billing_{table}")


def pages(day: dt.date) -> dict[str, float]:
    """This will return the database time that each page's selectors take."""
    from billing.calculations.conventions import PRESETS
    from billing.selectors import revenue
    from billing.selectors.ledger_state import ledger_state
    from customers.models import Customer

    year, long = day - dt.timedelta(days=365), day - dt.timedelta(days=5 * 365)
    month = day.replace(day=1)
    mine = Customer.objects.filter(id__lte=500)

    def conventions() -> None:
        for preset in PRESETS:
            revenue.convention_months(preset, year, day)
        revenue.convention_differences("chartmogul", month)

    def overview(customers: Any = None) -> None:
        ledger_state()
        revenue.revenue_days(year, day, customers=customers)
        revenue.revenue_months(long, day, customers=customers)

    asked: dict[str, Callable[[], object]] = {
        "page.revenue": overview,
        "page.movements": lambda: revenue.movements_of(month, day),
        "page.opened": lambda: revenue.movements_of(
            month, day, kinds=[5], dimension="plan", value="3"
        ),
        "page.churn": lambda: [
            revenue.revenue_months(year, day, one) for one in DIMENSIONS
        ],
        "page.cohorts": lambda: revenue.revenue_cohorts(year, day),
        "page.conventions": conventions,
        "page.customer": lambda: revenue.ledger_of(Customer.objects.get(pk=77)),
        "page.revenue_of_500": lambda: overview(mine),
    }
    figures = {}
    for name, ask in asked.items():
        rounds = [database_time(ask) for _ in range(ROUNDS)]
        figures[name] = median(spent for spent, _ in rounds) * 1000
        if name == "page.revenue_of_500":
            figures["whole.revenue_of_500"] = median(t for _, t in rounds) * 1000
    return figures


def database_time(ask: Callable[[], object]) -> tuple[float, float]:
    """This will return the seconds in the database, COPY included, and all in all."""
    import django.db

    from common import copy

    spent: list[float] = []

    def clocked(execute: Any, *told: Any) -> Any:
        with clock(spent):
            return execute(*told)

    reading = copy.read_copy

    def copied(*told: Any) -> Any:
        with clock(spent):
            return reading(*told)

    from billing.selectors import ledger_reading

    ledger_reading.read_copy = copied
    try:
        with django.db.connection.execute_wrapper(clocked):
            whole = timed(ask)
    finally:
        ledger_reading.read_copy = reading
    return sum(spent), whole


@contextmanager
def clock(spent: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    spent.append(time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
