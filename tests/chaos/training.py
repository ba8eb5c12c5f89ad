"""Learning under fire: a real worker is killed while it reads the past and while it learns.

    script/chaos training          100 customers, 2 kills
    script/chaos training --full   400 customers over 30 months, 12 kills

What comes out must be what an undisturbed training of the same past comes to: one version,
with the same content to the last bit, in use, and the same checks of last year's values.
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

from tests.processes import WAIT, Child, beat, wait_until, worker
from tests.servers import own_servers

SEED = 10
Figure = tuple[str, Any, str, bool]


@dataclass(frozen=True)
class Storm:
    """How large the company is, and how often a worker is killed at what."""

    customers: int
    months: int
    reading: int
    learning: int


SHORT = Storm(customers=100, months=24, reading=1, learning=1)
FULL = Storm(customers=400, months=30, reading=8, learning=4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    storm = FULL if parser.parse_args().full else SHORT
    with own_servers() as servers, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_LEASE_SECONDS="4",
            KEEPWELL_TRAINING_LEASE_SECONDS="15",
            OMP_NUM_THREADS="1",
        )
        prepare(storm)
        calm = undisturbed()
        figures = disturbed(Path(folder), storm, calm)
    for name, value, goal, fine in figures:
        print(f"{name:<36} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


def prepare(storm: Storm) -> None:
    """This will load a company whose nights are far away."""
    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger("health").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    from django.utils import timezone

    from accounts.models import Company
    from customers.services.imports import folder_import
    from demo.calculations.tables import demo_of, tables_written

    now = timezone.now()
    made = demo_of(
        seed=SEED, today=now.date(), months=storm.months, customers=storm.customers
    )
    with tempfile.TemporaryDirectory() as name:
        tables_written(made.tables, Path(name))
        folder_import(folder=Path(name), now=now)
    Company.objects.update(nightly_at="23:59:59")


def undisturbed() -> dict[str, Any]:
    """This will learn in this process, remember what came out, and wipe it."""
    from django.db import connection
    from django.utils import timezone

    from health.services.training.starting import history_learned

    now = timezone.now()
    history_learned(now=now, as_of=now.date())
    calm = result()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE health_training CASCADE")
    return calm


def result() -> dict[str, Any]:
    """This will read everything a training leaves behind but for its moments."""
    from health.models import AccuracyReport, ForecastVersion, ValueCheck

    versions = ForecastVersion.objects.order_by("number")
    checks = ValueCheck.objects.order_by("customer_id").values_list(
        "customer_id", "as_of", "expected", "low", "mid", "high", "realised", "left"
    )
    return {
        "versions": list(versions.values_list("content", flat=True)),
        "summaries": list(versions.values_list("summary", flat=True)),
        "in use": list(versions.values_list("in_use", flat=True)),
        "checks": list(checks),
        "reports": list(AccuracyReport.objects.values_list("content", flat=True)),
    }


def disturbed(folder: Path, storm: Storm, calm: dict[str, Any]) -> list[Figure]:
    """This will let a real worker learn, kill it again and again, and compare."""
    from django.utils import timezone

    from health.enums import TrainingCause
    from health.models import Training
    from health.services.training.planning import training_start

    started = time.monotonic()
    now = timezone.now()
    training = training_start(cause=TrainingCause.ASKED, as_of=now.date(), now=now)
    killed = strike(folder, storm, training.pk)
    print(f"{'seconds':<36} {time.monotonic() - started:>8.1f}")
    training.refresh_from_db()
    stormy, found = result(), training.state
    same = {name: calm[name] == stormy[name] for name in calm}
    kills = storm.reading + storm.learning
    return [
        ("kills while it worked", killed, str(kills), killed == kills),
        ("the training", found, "done", found == "done"),
        ("trainings", count := Training.objects.count(), "1", count == 1),
        ("versions", len(stormy["versions"]), "1", len(stormy["versions"]) == 1),
        ("checks", len(stormy["checks"]), "> 0", len(stormy["checks"]) > 0),
        *((f"{name} as undisturbed", str(fine), "True", fine)
          for name, fine in same.items()),
    ]  # fmt: skip


def strike(folder: Path, storm: Storm, training: int) -> int:
    """This will kill the worker in the middle of what it does; how often it was."""
    env, log, killed = dict(os.environ), folder / "log", 0
    queues = "default,training"
    children: list[Child] = [beat(env, log, folder / "beat"), worker(env, log, queues)]
    try:
        for number in range(storm.reading + storm.learning):
            reading = number < storm.reading
            goal = (number + 1) / (storm.reading + 2)
            # Another worker has to take it first, or the next kill hits nobody.
            attempts = attempts_at(training)
            wait_until(
                lambda goal=goal, reading=reading, attempts=attempts, first=not number: (
                    (first or attempts_at(training) > attempts)
                    and at_work(training, goal if reading else None)
                ),
                f"Kill {number + 1}",
                WAIT,
            )
            children.pop().kill()
            killed += at_work(training, 0.0 if reading else None)
            children.append(worker(env, log, queues))
        wait_until(lambda: ended(training), "The end of the training", WAIT)
    except TimeoutError:
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
        raise
    finally:
        for child in reversed(children):
            child.kill()
    return killed


def attempts_at(training: int) -> int:
    from health.models import Training

    return Training.objects.values_list("attempts", flat=True).get(pk=training)


def at_work(training: int, goal: float | None) -> bool:
    """This will say whether somebody reads, and how far; without a goal, whether it learns."""
    from health.models import Training

    row = Training.objects.get(pk=training)
    if goal is None:
        return row.state == "learning" and row.lease_until is not None
    parts = row.parts.count()
    done = row.parts.filter(state="done").count()
    return row.state == "collecting" and parts * goal <= done < parts


def ended(training: int) -> bool:
    from health.models import Training

    return Training.objects.get(pk=training).state in {"done", "failed"}


if __name__ == "__main__":
    sys.exit(main())
