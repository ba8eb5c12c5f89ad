"""Making the ledger under fire: a real worker is killed while it reckons.

    script/chaos ledger          160 customers in ranges of 5, 2 kills
    script/chaos ledger --full   4,000 customers in ranges of 20, 12 kills

What is shown must be what an undisturbed build comes to: every line once, every sum, one
build by as many attempts as workers died and one.
"""

import argparse
import io
import logging
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import Child, beat, wait_until, worker
from tests.servers import own_servers

Figure = tuple[str, Any, str, bool]


@dataclass(frozen=True)
class Storm:
    """How large the company is, and how often a worker is killed."""

    subscriptions: int
    ranges: int
    kills: int


SHORT = Storm(subscriptions=200, ranges=5, kills=2)
FULL = Storm(subscriptions=5_000, ranges=20, kills=12)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    storm = FULL if parser.parse_args().full else SHORT
    with own_servers() as servers, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_LEASE_SECONDS="3",
            KEEPWELL_LEDGER_CUSTOMERS=str(storm.ranges),
            OMP_NUM_THREADS="1",
        )
        calm = prepare(storm)
        figures = disturbed(Path(folder), storm, calm)
    for name, value, goal, fine in figures:
        print(f"{name:<36} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


def prepare(storm: Storm) -> dict[str, Any]:
    """This will make a company, build its ledger in this process, and wipe it."""
    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger("billing").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Company
    from benchmarks.ledger_company import ledger_company_make
    from billing.services.ledger import ledger_build

    now = timezone.now()
    ledger_company_make(subscriptions=storm.subscriptions, day=now.date())
    Company.objects.update(nightly_at="23:59:59")
    ledger_build(now=now)
    calm = result()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE billing_movement, billing_conventiondifference,"
            " billing_revenueday, billing_revenuemonth, billing_revenuecohort,"
            " billing_conventionmonth, billing_ledgerpart, billing_ledgerbuild,"
            " billing_ledgerstate"
        )
    return calm


def result() -> dict[str, Any]:
    """This will read every row of the ledger but for the ids."""
    from billing.models import (
        ConventionDifference,
        ConventionMonth,
        Movement,
        RevenueCohort,
        RevenueDay,
        RevenueMonth,
    )

    found = {}
    for model in (
        Movement,
        RevenueDay,
        RevenueMonth,
        RevenueCohort,
        ConventionMonth,
        ConventionDifference,
    ):
        names = [f.attname for f in model._meta.fields if f.attname != "id"]
        found[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    return found


def disturbed(folder: Path, storm: Storm, calm: dict[str, Any]) -> list[Figure]:
    """This will let real workers build, kill them again and again, and compare."""
    from billing.models import LedgerBuild

    started = time.monotonic()
    killed = strike(folder, storm)
    print(f"{'seconds':<36} {time.monotonic() - started:>8.1f}")
    stormy, builds = result(), list(LedgerBuild.objects.all())
    attempts = builds[0].attempts
    return [
        ("kills while it worked", killed, str(storm.kills), killed == storm.kills),
        ("builds", len(builds), "1", len(builds) == 1),
        ("attempts", attempts, f"> {storm.kills}", attempts > storm.kills),
        *(
            (f"{name}: rows", len(rows), str(len(calm[name])), rows == calm[name])
            for name, rows in stormy.items()
        ),
    ]


def strike(folder: Path, storm: Storm) -> int:
    """This will kill the worker in the middle of what it does; how often it was."""
    env, log, killed = dict(os.environ), folder / "log", 0
    children: list[Child] = [beat(env, log, folder / "beat"), worker(env, log)]
    try:
        for number in range(storm.kills):
            done = storm.subscriptions // storm.ranges * (number + 1)
            goal = done * 4 // 5 // (storm.kills + 2)
            wait_until(lambda goal=goal: parts_made() >= goal, f"Kill {number + 1}")
            children.pop().kill()
            killed += not ended()
            children.append(worker(env, log))
        wait_until(ended, "The end of the build")
    except TimeoutError:
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
        raise
    finally:
        for child in reversed(children):
            child.kill()
    return killed


def parts_made() -> int:
    """This will count the ranges that are done."""
    from billing.models import LedgerPart

    return LedgerPart.objects.filter(built__gte=0).count()


def ended() -> bool:
    """This will tell whether the sums are shown."""
    from billing.models import LedgerState

    return LedgerState.objects.filter(built__gte=0).exists()


if __name__ == "__main__":
    sys.exit(main())
