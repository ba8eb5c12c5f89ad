"""Renewals at size: filling their table, noting checkpoints, and what the pages cost.

    script/bench renewals            10,000 customers
    script/bench renewals --full     200,000 customers

The company of the nightly benchmark, scored by a real run in this process. Then the table
of renewals is filled, today's checkpoints are noted, and each page is asked for through
Django, as a manager (everybody) and as a customer success manager (a fifth).
"""

import argparse
import datetime as dt
import io
import os
import sys
import tempfile
import time

import django

from benchmarks.board import measure

GOAL_MS = 200.0
PAGES = (
    ("renewals", "/renewals/"),
    ("renewals.30", "/renewals/?days=30"),
    ("renewals.180.by_date", "/renewals/?days=180&order=date"),
    ("record", "/renewals/record/"),
    ("yearly", "/renewals/yearly/"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    size = 200_000 if parser.parse_args().full else 10_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as static:
        os.environ["KEEPWELL_STATIC_ROOT"] = static
        django.setup()
        return figures(size)


def figures(size: int) -> int:
    """This will make the company, score it, fill the table and print a line a figure."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from benchmarks.company import company_make
    from health.enums import RunKind
    from health.services.history import run_work
    from health.services.runs import run_start

    call_command("build_assets", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    today = timezone.now().date()
    company_make(customers=size, day=today)
    spread(today)
    run = run_work(run=run_start(kind=RunKind.MANUAL, as_of=today, now=timezone.now()))
    filled = fill(today)
    manager = User.objects.create_user(
        "m@example.org", "x" * 20, name="M", role="manager"
    )
    csm = User.objects.get(email="csm1@example.org")
    fine = run.customers == size and filled > 0
    for who, user in (("manager", manager), ("csm", csm)):
        for page, path in PAGES:
            count, milliseconds = measure(user, path)
            good = milliseconds < GOAL_MS
            fine &= good
            print(
                f"{page}.{who}.database {milliseconds:.1f} ms {GOAL_MS:.0f}"
                f" {'ok' if good else 'short'} ({count} queries)"
            )
    return 0 if fine else 1


def spread(today: dt.date) -> None:
    """This will let seven of ten pay by the year, and the terms end all through a year.

    The company of the nightly benchmark has every subscription renew on one of few days.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            """UPDATE billing_subscription
            SET interval_months = CASE WHEN id %% 10 < 7 THEN 12 ELSE 1 END,
                started_on = %s::date - 1100 + (id * 7 %% 1000)::int""",
            [today],
        )
        cursor.execute(
            """UPDATE billing_subscriptionchange l
            SET interval_months = s.interval_months,
                effective_on = CASE kind WHEN 'start' THEN s.started_on
                               ELSE greatest(effective_on, s.started_on + 1) END
            FROM billing_subscription s WHERE s.id = l.subscription_id"""
        )
        cursor.execute(
            "VACUUM ANALYZE billing_subscriptionchange, billing_subscription"
        )


def fill(today: dt.date) -> int:
    """This will fill the table and note checkpoints; how many renewals it holds."""
    from django.db import connection
    from django.utils import timezone

    from billing.models import UpcomingRenewal
    from insights.services.checkpoints import checkpoints_note
    from insights.services.renewals import renewals_fill

    began = time.perf_counter()
    renewals_fill(today=today, now=timezone.now(), force=True)
    print(f"fill.seconds {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    many = checkpoints_note(today=today, now=timezone.now())
    print(f"checkpoints.seconds {time.perf_counter() - began:.1f} s of {many}")
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE billing_upcomingrenewal, billing_yearlycandidate,"
            " billing_renewalcheckpoint"
        )
    rows = UpcomingRenewal.objects.count()
    print(f"renewals {rows} rows")
    return rows


if __name__ == "__main__":
    sys.exit(main())
