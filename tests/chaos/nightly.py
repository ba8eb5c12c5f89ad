"""The nightly run under fire: workers killed, Redis wiped, two beats.

    script/chaos nightly          2,000 customers, 2 kills, 1 flush
    script/chaos nightly --full   10,000 customers, 6 kills, 3 flushes

The result must equal that of an undisturbed run of the same company, row for row.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.processes import (
    Child,
    beat,
    own_database,
    own_redis,
    redis_client,
    wait_until,
    worker,
)

SHARD_CUSTOMERS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    with own_database() as url, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL=url,
            REDIS_URL=own_redis(),
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_LEASE_SECONDS="3",
            KEEPWELL_SHARD_CUSTOMERS=str(SHARD_CUSTOMERS),
            OMP_NUM_THREADS="1",
        )
        size, kills, flushes = (10_000, 6, 3) if full else (2_000, 2, 1)
        return scenario(Path(folder), customers=size, kills=kills, flushes=flushes)


def scenario(folder: Path, *, customers: int, kills: int, flushes: int) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from django.utils import timezone

    from benchmarks.company import company_make

    today = timezone.now().date()
    company_make(customers=customers, day=today)
    calm = undisturbed(today)
    started = time.monotonic()
    counted = disturbed(folder, kills=kills, flushes=flushes)
    seconds = time.monotonic() - started
    stormy = result()
    differing = sum(a != b for a, b in zip(calm, stormy, strict=True))
    figures: list[tuple[str, Any, str, bool]] = [
        ("customers scored", len(stormy), str(customers), len(stormy) == customers),
        ("rows that differ", differing, "0", differing == 0),
        ("nightly runs", counted["runs"], "1", counted["runs"] == 1),
        ("board rows", counted["board"], str(customers), counted["board"] == customers),
        ("kills mid-run", counted["kills"], str(kills), counted["kills"] == kills),
        (
            "flushes mid-run",
            counted["flushes"],
            str(flushes),
            counted["flushes"] == flushes,
        ),
        ("shards begun twice", counted["again"], "> 0", counted["again"] > 0),
    ]
    for name, value, goal, fine in figures:
        print(f"{name:<20} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    print(f"{'seconds':<20} {seconds:>8.1f}")
    return 0 if all(fine for *_, fine in figures) else 1


def result() -> list[str]:
    """This will read everything a run wrote, as text, in the customers' order."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (to_jsonb(s) - 'run_id')::text || (to_jsonb(t) - 'run_id')::text"
            " FROM health_score s JOIN health_standing t USING (customer_id)"
            " ORDER BY customer_id"
        )
        return [row[0] for row in cursor.fetchall()]


def undisturbed(today: Any) -> list[str]:
    """This will score in this process, remember the result and wipe it."""
    from django.db import connection
    from django.utils import timezone

    from health.enums import RunKind
    from health.services.history import run_work
    from health.services.runs import run_start

    run_work(run=run_start(kind=RunKind.MANUAL, as_of=today, now=timezone.now()))
    calm = result()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE health_run, health_shard, health_runfailure, health_score,"
            " health_standing, health_board, health_portfolioday CASCADE"
        )
        # Due at any hour of the day.
        cursor.execute("UPDATE accounts_company SET nightly_at = '00:00'")
    return calm


def disturbed(folder: Path, *, kills: int, flushes: int) -> dict[str, int]:
    """This will let real processes do the run while they are being killed."""
    from django.db.models import Sum

    from health.models import Board, Run, Shard

    env = dict(os.environ)
    log = folder / "log"
    broker = redis_client(env["REDIS_URL"])
    broker.flushdb()
    children: list[Child] = []
    done_kills = done_flushes = 0
    try:
        children += [beat(env, log, folder / f"beat{n}") for n in range(2)]
        children.append(worker(env, log))
        wait_until(Shard.objects.exists, "The run")
        total = Shard.objects.count()
        hits = kills + flushes
        for number in range(hits):
            goal = total * (number + 1) // (hits + 2)
            wait_until(
                lambda goal=goal: (
                    Shard.objects.filter(state="done").count() >= goal
                    and Shard.objects.filter(state="running").exists()
                ),
                f"Shard {goal} with another one in work",
            )
            open_before = Shard.objects.exclude(state="done").exists()
            if number % 3 == 1 and done_flushes < flushes:
                broker.flushdb()
                done_flushes += open_before
            else:
                children.pop().kill()
                done_kills += open_before
                children.append(worker(env, log))
        wait_until(
            lambda: Run.objects.filter(state="done").exists(), "The end of the run"
        )
    except TimeoutError:
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
        raise
    finally:
        for child in reversed(children):
            child.kill()
    attempts = Shard.objects.aggregate(n=Sum("attempts"))["n"]
    return {
        "runs": Run.objects.count(),
        "board": Board.objects.count(),
        "kills": done_kills,
        "flushes": done_flushes,
        "again": attempts - Shard.objects.count(),
    }


if __name__ == "__main__":
    sys.exit(main())
