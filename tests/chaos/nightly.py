"""The nightly run under fire: workers killed, Redis wiped and hung, PostgreSQL crashed.

    script/chaos nightly          1,000 customers, 2 kills, 1 flush, 1 hang, 1 crash
    script/chaos nightly --full   100,000 customers, 6 kills, 3 flushes, 1 hang, 2 crashes

Two beats tick, one customer's data breaks every statement it is in, people look at pages
all the time and press "Run now" 20 times at once, and an administrator changes the weights
and publishes them in the middle. The result must equal that of an undisturbed run of the
same company, number for number: scores and the bytes of what they were read from,
standing, sums, moves between bands, and what the timeline was told.
"""

import argparse
import datetime as dt
import io
import json
import logging
import math
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.visitors import Crowd, click_together, crowd
from tests.live import Site, Visitor
from tests.processes import WAIT, beat, redis_client, wait_until
from tests.servers import Servers, own_servers

SHARDS = 50  # of the short form; the full one has ten times as many
CLICKS = 20
HANG_SECONDS = 8
PASSWORD = "a-long-enough-password"
NEAR = 1e-9


@dataclass(frozen=True)
class Storm:
    """How much is broken."""

    customers: int
    kills: int
    flushes: int
    hangs: int
    crashes: int
    shards: int
    # How long a page may take; the short form runs beside other tests.
    patience: int


SHORT = Storm(
    customers=1_000, kills=2, flushes=1, hangs=1, crashes=1, shards=SHARDS, patience=60
)
FULL = Storm(
    customers=100_000, kills=6, flushes=3, hangs=1, crashes=2, shards=10 * SHARDS,
    patience=5,
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    storm = FULL if parser.parse_args().full else SHORT
    with own_servers() as servers, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_STATIC_ROOT=str(Path(folder) / "static"),
            KEEPWELL_HTTPS="0",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_LEASE_SECONDS="4",
            KEEPWELL_SHARD_CUSTOMERS=str(storm.customers // storm.shards),
            OMP_NUM_THREADS="1",
        )
        return scenario(Path(folder), servers, storm)


def scenario(folder: Path, servers: Servers, storm: Storm) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    # The poisoned customer's error is expected; what counts is what became of it.
    logging.getLogger("health").setLevel(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    call_command("build_assets", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)

    from django.utils import timezone

    from benchmarks.company import company_make

    today = timezone.now().date()
    company_make(customers=storm.customers, day=today)
    poison(storm.customers // 2)
    calm = undisturbed(today)
    site = Site(folder, servers.addresses["DATABASE_URL"])
    site.env.update(os.environ)
    started = time.monotonic()
    try:
        counted = disturbed(folder, servers, site, storm)
    except TimeoutError:
        sys.stdout.write(site.log.read_text(errors="replace")[-5000:])
        raise
    finally:
        for child in reversed(site.children):
            child.kill()
    seconds = time.monotonic() - started
    stormy = result()
    good = storm.customers - 1
    scored = len(stormy["scores and standing"])
    rows: list[tuple[str, Any, Any, bool]] = [
        ("customers scored", scored, good, scored == good),
        *(
            equal(f"{name} that differ", differing(calm[name], stormy[name]), 0)
            for name in calm
        ),
        equal("bands told of", len(stormy["events"]), "> 0"),
        *(equal(name, *pair) for name, pair in counted.items()),
    ]
    for name, value, goal, fine in rows:
        print(f"{name:<28} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    print(f"{'seconds':<28} {seconds:>8.1f}")
    return 0 if all(fine for *_, fine in rows) else 1


def equal(name: str, value: Any, goal: Any) -> tuple[str, Any, Any, bool]:
    """This will make a line of a figure that has to be exactly its goal.

    A goal written as a comparison ("> 0", "<= 5", "= 7") is meant as one.
    """
    if isinstance(goal, str):
        sign, _, bound = goal.partition(" ")
        if sign == "=":
            return name, value, goal, value == bound
        fine = value > float(bound) if sign == ">" else value <= float(bound)
        return name, value, goal, fine
    return name, value, goal, value == goal


def poison(customer_id: int) -> None:
    """This will give one customer a recurring revenue that no column of ours can hold."""
    from django.utils import timezone

    from billing.models import Subscription, SubscriptionChange

    now = timezone.now()
    for number in range(3):
        subscription = Subscription.objects.create(
            pk=10_000_000 + number,
            customer_id=customer_id,
            external_id=f"POISON{number}",
            currency="EUR",
            interval_months=1,
            started_on=now.date().replace(year=now.year - 1),
            recorded_at=now.replace(year=now.year - 1),
        )
        SubscriptionChange.objects.create(
            subscription=subscription,
            customer_id=customer_id,
            kind="start",
            effective_on=subscription.started_on,
            recorded_at=subscription.recorded_at,
            mrr="999999999999.99",
            currency="EUR",
            quantity=1,
            interval_months=1,
        )


# Everything a run writes that does not name the run, in an order of its own. Bytes come
# as hexadecimal text.
WRITTEN = {
    "scores and standing": "SELECT (to_jsonb(s) - 'run_id')::text,"
    " (to_jsonb(t) - 'run_id')::text FROM health_score s"
    " JOIN health_standing t USING (customer_id) JOIN health_run r ON r.id = s.run_id"
    " WHERE s.as_of = (SELECT max(as_of) FROM health_run) ORDER BY customer_id",
    "sums": "SELECT (to_jsonb(p) - 'id')::text FROM health_portfolioday p"
    " ORDER BY as_of, owner_id",
    "moves": "SELECT (to_jsonb(m) - 'id')::text FROM health_move m"
    " ORDER BY as_of, compared_on, owner_id, from_band, to_band",
    "events": "SELECT jsonb_build_array(customer_id, kind, data)::text"
    " FROM customers_event WHERE kind = 'health.band_changed' ORDER BY customer_id, id",
}
Result = dict[str, list[Any]]


def result() -> Result:
    """This will read everything a run wrote."""
    from django.db import connection

    found: Result = {}
    with connection.cursor() as cursor:
        for name, query in WRITTEN.items():
            cursor.execute(query)
            found[name] = [tuple(map(json.loads, row)) for row in cursor.fetchall()]
    return found


def differing(calm: list[Any], stormy: list[Any]) -> int:
    """This will count the customers with any number that is not the same to 1e-9."""
    if len(calm) != len(stormy):
        return max(len(calm), len(stormy))
    return sum(not same(a, b) for a, b in zip(calm, stormy, strict=True))


def same(a: Any, b: Any) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=NEAR, abs_tol=NEAR)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def undisturbed(today: Any) -> Result:
    """This will score in this process, remember the result and wipe it.

    The night before stands at both beginnings, for the moves, the sparklines and the
    timeline; a seventh of the bands it told of are made to be others.
    """
    from django.db import connection

    night_before(today)
    score(today)
    calm = result()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE health_run, health_shard, health_runfailure, health_score,"
            " health_standing, health_board, health_portfolioday, health_move,"
            " customers_event CASCADE"
        )
    night_before(today)
    with connection.cursor() as cursor:
        # Due at any hour of the day.
        cursor.execute("UPDATE accounts_company SET nightly_at = '00:00'")
    return calm


def night_before(today: Any) -> None:
    from django.db import connection

    score(today - dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE health_standing SET told = (band + 1) % 4 WHERE customer_id % 7 = 0"
        )


def score(day: Any) -> None:
    from django.utils import timezone

    from health.enums import RunKind
    from health.services.history import run_work
    from health.services.runs import run_start

    run_work(run=run_start(kind=RunKind.MANUAL, as_of=day, now=timezone.now()))


def weights_publish() -> None:
    """This will change the weights and put them in use, as an administrator does."""
    from django.utils import timezone

    from accounts.actor import CONSOLE
    from health.models import Scorecard
    from health.selectors.scorecards import draft_of, version_live
    from health.services.scorecards.drafts import draft_save
    from health.services.scorecards.publishing import draft_publish, publish_seen

    card, now = Scorecard.objects.get(is_default=True), timezone.now()
    live = version_live(card)
    assert live
    config = json.loads(json.dumps(live.config))
    for number, line in enumerate(config["measures"]):
        line["weight"] = float(line["weight"]) * (1 + number % 3)
    draft_save(scorecard=card, config=config, seen="", by=CONSOLE, now=now)
    seen = publish_seen(draft_of(card), live)
    draft_publish(scorecard=card, note="Mid-run", seen=seen, by=CONSOLE, now=now)


def disturbed(
    folder: Path, servers: Servers, site: Site, storm: Storm
) -> dict[str, tuple[Any, Any]]:
    """This will let real processes do the run while everything around them breaks."""
    from accounts.models import User
    from health.models import Shard

    User.objects.create_user("lea@example.org", PASSWORD, name="Lea", role="manager")
    site.start_web()
    lea = Visitor(site.address)
    lea.sign_in("lea@example.org", PASSWORD)
    paths = ["/", "/customers/", "/customers/7/", "/operations/", "/healthz/live"]
    site.children += [beat(site.env, site.log, folder / f"beat{n}") for n in range(2)]
    site.start_worker()
    mine = Shard.objects.filter(run__kind="nightly")
    with crowd([lea, lea], paths) as seen:
        wait_until(mine.exists, "The run")
        weights_publish()
        published = mine.filter(state="pending").exists()
        statuses = click_together(lea, "/operations/run/", CLICKS)
        done = strike(servers, site, storm, seen)
        wait_until(run_is_done, "The end of the run", seconds=WAIT)
        time.sleep(3)
    return {
        **done,
        "weights published mid-run": (int(published), 1),
        "clicks answered": (sum(status == 200 for status in statuses), CLICKS),
        **counts(storm),
        "pages asked for": (len(seen.answers), "> 50"),
        "pages failed": (len(seen.errors()), 0),
        "slowest page in seconds": (round(seen.slowest(), 1), f"<= {storm.patience}"),
    }


def run_is_done() -> bool:
    from health.models import Run

    return Run.objects.filter(kind="nightly", state="done").exists()


def strike(
    servers: Servers, site: Site, storm: Storm, seen: Crowd
) -> dict[str, tuple[int, int]]:
    """This will break one thing after another, each while a shard is in work."""
    from django.db import connection

    from health.models import Shard

    blows = {
        "kills": ["kill"] * storm.kills,
        "flushes": ["flush"] * storm.flushes,
        "hangs": ["hang"] * storm.hangs,
        "crashes": ["crash"] * storm.crashes,
    }
    order = [blow for some in zip_longest_of(blows.values()) for blow in some]
    mine = Shard.objects.filter(run__kind="nightly")
    total = mine.count()
    broker = redis_client(site.env["REDIS_URL"])
    struck = dict.fromkeys(("kill", "flush", "hang", "crash"), 0)
    for number, blow in enumerate(order):
        goal = total * (number + 1) // (len(order) + 2)
        wait_until(
            lambda goal=goal: (
                mine.filter(state="done").count() >= goal
                and mine.filter(state="running").exists()
            ),
            f"Shard {goal} with another one in work",
            seconds=WAIT,
        )
        if blow == "flush":
            broker.flushdb()
        elif blow == "hang":
            servers.valkey.hang()
            time.sleep(HANG_SECONDS)
            servers.valkey.wake()
        elif blow == "crash":
            connection.close()
            with seen.outage():
                servers.postgres.crash()
                time.sleep(1)
                servers.postgres.start()
        else:
            site.children.pop().kill()
            site.start_worker()
        struck[blow] += mine.exclude(state__in=("done", "failed")).exists()
    return {
        "kills mid-run": (struck["kill"], storm.kills),
        "Redis flushes mid-run": (struck["flush"], storm.flushes),
        "Redis hangs mid-run": (struck["hang"], storm.hangs),
        "PostgreSQL crashes mid-run": (struck["crash"], storm.crashes),
    }


def zip_longest_of(lists: Any) -> list[list[str]]:
    """This will take one of each kind in turn until all are used."""
    queues = [list(some) for some in lists]
    turns = []
    while any(queues):
        turns.append([queue.pop() for queue in queues if queue])
    return turns


def counts(storm: Storm) -> dict[str, tuple[Any, Any]]:
    """This will count what the run left behind."""
    from django.db.models import Max, Sum

    from health.models import Board, Run, RunFailure, Score, Shard

    run = Run.objects.get(kind="nightly")
    mine = Shard.objects.filter(run=run)
    attempts = mine.aggregate(all=Sum("attempts"), most=Max("attempts"))
    again = attempts["all"] - mine.count()
    failures = RunFailure.objects.filter(run=run)
    failed = [str(pk) for pk in failures.values_list("customer_id", flat=True)]
    versions = Score.objects.filter(as_of=run.as_of).values("scorecard_version")
    return {
        "runs of the night": (Run.objects.filter(as_of=run.as_of).count(), 1),
        "versions in the run": (versions.distinct().count(), 1),
        "board rows": (Board.objects.count(), storm.customers - 1),
        "failed customers, by id": (" ".join(failed), f"= {storm.customers // 2}"),
        "shards begun twice": (again, "> 0"),
        "most attempts at a shard": (attempts["most"], "<= 6"),
    }


if __name__ == "__main__":
    sys.exit(main())
