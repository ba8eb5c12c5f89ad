"""The at-risk page at 100,000 customers: queries and database time.

    script/bench board            10,000 customers
    script/bench board --full     100,000 customers

The company is made, scored by a real run in this process, and then the page is asked for
through Django as a manager (everybody) and as a customer success manager (a fifth).
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time

import django

GOAL_MS = 20.0
ROUNDS = 15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    size = 100_000 if parser.parse_args().full else 10_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as static:
        os.environ["KEEPWELL_STATIC_ROOT"] = static
        django.setup()
        return figures(size)


def figures(size: int) -> int:
    """This will make the company, score it, ask for the pages and print a line each."""
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
    began = time.perf_counter()
    run = run_work(run=run_start(kind=RunKind.MANUAL, as_of=today, now=timezone.now()))
    seconds = time.perf_counter() - began
    print(f"run.seconds {seconds:.1f} s of {run.customers} customers")
    manager = User.objects.create_user(
        "m@example.org", "x" * 20, name="M", role="manager"
    )
    csm = User.objects.get(email="csm1@example.org")
    fine = run.customers == size
    for who, user in (("manager", manager), ("csm", csm)):
        for page, path in (
            ("today", "/"),
            ("search", "/customers/?q=c4ca"),
            ("list", "/customers/"),
        ):
            count, milliseconds = measure(user, path)
            good = milliseconds < GOAL_MS
            fine &= good
            print(
                f"{page}.{who}.database {milliseconds:.1f} ms {GOAL_MS:.0f}"
                f" {'ok' if good else 'short'} ({count} queries)"
            )
    return 0 if fine else 1


def measure(user: object, path: str) -> tuple[int, float]:
    """This will return the queries of a page and the median of their summed time."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )  # type: ignore[arg-type]
    sums, count = [], 0
    for _ in range(ROUNDS):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            spent = Stopwatch()
            with connection.execute_wrapper(spent):
                answer = client.get(path)
        if answer.status_code != 200:
            msg = f"{path} answered {answer.status_code}."
            raise RuntimeError(msg)
        sums.append(spent.seconds * 1000)
        count = len(captured)
    return count, statistics.median(sums)


class Stopwatch:
    """Adds up the time spent in the database."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
