"""Part of `nightly`: the company, the runs, their memory, and the pages meanwhile."""

import datetime as dt
import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from benchmarks import nightly_duckdb, nightly_peers
from benchmarks.company import company_make
from health.enums import RunKind, RunState
from health.models import Run, Shard
from health.services.reckoning import customers_reckon
from health.services.rescoring import customer_rescore
from health.services.runs import run_start
from tests.chaos.visitors import crowd
from tests.live import Site, Visitor
from tests.processes import wait_until

ROUNDS, BIG = 5, 200_000
# Days that a company of some months has scores of: the sparkline and the moves read them.
HISTORY = (1, 7, 14, 21, 28, 30, 35, 42, 49, 56, 63, 70, 77, 84, 90)
PAGES = ["/", "/customers/", "/customers/7/"]
PASSWORD = "a-long-enough-password"  # noqa: S105 - of a throw-away site
ONE = 40
# Customers below have their past readings too; of a million they would fill gigabytes.
LOOKED_AT = 100


def note(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


class Night:
    """A made company with a history, and its nights."""

    def __init__(self, size: int, folder: Path) -> None:
        self.size, self.site = size, Site(folder, os.environ["DATABASE_URL"])
        # The worker listens where this process rings, and the styles are where it put them.
        self.site.env.update(os.environ, KEEPWELL_DEBUG="0")
        self.today = timezone.now().date()
        call_command("migrate", verbosity=0)
        began = time.perf_counter()
        company_make(customers=size, day=self.today)
        note(f"{size:,} customers made in {time.perf_counter() - began:.0f} s")
        connection.close()

    def measured(self, *, whole: bool) -> dict[str, float]:
        """This will return the figures; without `whole` only time and memory of a run."""
        rounds = 3 if self.size >= BIG else ROUNDS
        call_command("build_assets", stdout=io.StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        self.site.start_worker()
        try:
            self.run()
            self.history_clone()
            found = self.rounds(rounds)
            if whole:
                found |= self.pages()
        finally:
            for process in reversed(self.site.children):
                process.kill()
        if whole:
            found |= self.on_demand()
            found |= self.others(found["seconds"])
        return found

    def run(self) -> float:
        """This will start a run, let the workers do it and return its seconds."""
        connection.close()
        began = time.perf_counter()
        run = run_start(kind=RunKind.MANUAL, as_of=self.today, now=timezone.now())
        wait_until(lambda: self._ended(run), "The end of the run", seconds=600)
        seconds = time.perf_counter() - began
        self.idle()
        return seconds

    def idle(self) -> None:
        """This will wait for what a run does after it is shown."""
        mine = "backend_type = 'client backend' AND pid <> pg_backend_pid()"

        def quiet() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND {mine}"
                )
                return cursor.fetchone()[0] == 0

        wait_until(quiet, "The workers' rest", seconds=120)

    def _ended(self, run: Run) -> bool:
        return Run.objects.filter(
            pk=run.pk, state__in=(RunState.DONE, RunState.FAILED)
        ).exists()

    def rounds(self, rounds: int) -> dict[str, float]:
        """This will score the day again and again."""
        seconds = [self.run() for _ in range(rounds)]
        note(f"runs: {', '.join(f'{s:.2f}' for s in seconds)} s")
        last = Run.objects.latest("pk")
        shards = Shard.objects.filter(run=last).aggregate(end=Max("finished_at"))
        ended = last.finished_at or timezone.now()
        return {
            "seconds": statistics.median(seconds),
            "slowest": max(seconds),
            "finishing": (ended - shards["end"]).total_seconds(),
            "memory": self.memory(),
            "customers.missing": float(self.size - last.customers),
        }

    def memory(self) -> float:
        """This will return the most memory a worker process ever held, in MB."""
        parent = self.site.children[0].process.pid
        peaks = []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(
                    line.split(":", 1) for line in status.read_text().splitlines()
                )
            except (OSError, ValueError):
                continue
            if int(lines["PPid"]) == parent and "VmHWM" in lines:
                peaks.append(int(lines["VmHWM"].split()[0]) / 1024)
        return max(peaks)

    def history_clone(self) -> None:
        """This will give past days the scores of today, each in its partition."""
        from common.partitions import day_partition_ensure

        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for back in HISTORY:
                day = self.today - dt.timedelta(days=back)
                day_partition_ensure(table="health_score", day=day)
                cursor.execute(
                    "INSERT INTO health_score (customer_id, as_of, run_id,"
                    " scorecard_version_id, score, computed, coverage, band, basis,"
                    ' late, tenure, "values", before, ages)'
                    " SELECT customer_id, %s, run_id, scorecard_version_id, score,"
                    " computed, coverage, band, basis, late, tenure,"
                    " CASE WHEN customer_id < %s THEN \"values\" ELSE '' END,"
                    " CASE WHEN customer_id < %s THEN before ELSE '' END,"
                    " CASE WHEN customer_id < %s THEN ages ELSE '' END"
                    " FROM health_score WHERE as_of = %s",
                    [day, *[LOOKED_AT] * 3, self.today],
                )
                cursor.execute(f"VACUUM ANALYZE health_score_{day:%Y_%m_%d}")
        connection.close()

    def pages(self) -> dict[str, float]:
        """This will look at pages, through a real web server, while a run is on."""
        User.objects.create_user("m@example.org", PASSWORD, name="M", role="manager")
        self.site.start_web()
        visitor = Visitor(self.site.address)
        visitor.sign_in("m@example.org", PASSWORD)
        for path in PAGES * 2:
            visitor.get(path)
        with crowd([visitor], PAGES, pause=0.02) as seen:
            for _ in range(1 if self.size >= BIG else 4):
                self.run()
        times = sorted(answer.seconds * 1000 for answer in seen.answers)
        return {
            "pages.p95": times[int(len(times) * 0.95)],
            "pages.asked": float(len(times)),
            "pages.failed": float(sum(a.status != 200 for a in seen.answers)),
        }

    def on_demand(self) -> dict[str, float]:
        """This will score single customers: without and with writing, medians in ms."""
        run = Run.objects.latest("pk")
        ids = [1 + n * (self.size // ONE) for n in range(ONE)]

        def median(work: Callable[[int], object]) -> float:
            work(ids[0])
            times = []
            for pk in ids:
                began = time.perf_counter()
                work(pk)
                times.append(time.perf_counter() - began)
            return statistics.median(times) * 1000

        now = timezone.now()
        return {
            "one_customer": median(
                lambda pk: customers_reckon(run=run, first=pk, last=pk)
            ),
            "one_customer.written": median(
                lambda pk: customer_rescore(customer_id=pk, now=now)
            ),
        }

    def others(self, seconds: float) -> dict[str, float]:
        """This will do the same by other ways, on the same data."""
        heap, index = nightly_peers.plain()
        duck = nightly_duckdb.features(self.site.folder, self.today)
        orm = nightly_peers.annotated(min(20_000, self.size), self.today) * self.size
        loop = nightly_peers.looped(
            2_000 if self.size >= BIG else 300, self.today
        ) * self.size  # fmt: skip
        return {
            "plain": heap,
            "plain.by_index": index,
            "ratio.plain": seconds / heap,
            "duckdb": duck,
            "ratio.duckdb": seconds / duck,
            "orm": orm,
            "faster.than_orm": orm / seconds,
            "loop": loop,
            "faster.than_loop": loop / seconds,
            "usage.day": nightly_peers.usage_day(self.size, self.today),
        }
