"""What the people who run this installation look at."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Count

from accounts.models import Company
from health.enums import RunKind, RunState, ShardState
from health.models import Heartbeat, Run, RunFailure, Shard

# The name under which health.services.ticking notes its ticks.
TICK = "tick"
SHOWN_RUNS = 20
SHOWN_REASONS = 20
LATE_AFTER = dt.timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Pulse:
    """When the schedule last ticked."""

    beat_at: dt.datetime | None
    late: bool
    minutes: int


@dataclass(slots=True)
class RunLine:
    """A run with its shards counted, and what went wrong."""

    run: Run
    shards: dict[str, int]
    failed_customers: int = 0
    failures: list[RunFailure] = field(default_factory=list)
    troubles: list[Shard] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Shards that were or will be worked; a split one lives on in its halves."""
        return sum(self.shards.values()) - self.split

    @property
    def done(self) -> int:
        return self.shards.get(ShardState.DONE, 0)

    @property
    def failed(self) -> int:
        return self.shards.get(ShardState.FAILED, 0)

    @property
    def split(self) -> int:
        return self.shards.get(ShardState.SPLIT, 0)

    @property
    def closed(self) -> int:
        return self.done + self.failed

    @property
    def running(self) -> bool:
        return self.run.state in {RunState.RUNNING, RunState.FINISHING}

    @property
    def seconds(self) -> float | None:
        """How long the run took; None while it is under way."""
        if self.run.finished_at is None:
            return None
        return (self.run.finished_at - self.run.started_at).total_seconds()

    @property
    def unlisted(self) -> int:
        """Failed customers that the page has no room for."""
        return self.failed_customers - len(self.failures)


def pulse(*, now: dt.datetime) -> Pulse:
    """This will say when the schedule last ticked and whether that is too long ago."""
    beat = Heartbeat.objects.filter(name=TICK).values_list("beat_at", flat=True).first()
    if beat is None:
        return Pulse(None, late=True, minutes=0)
    passed = now - beat
    return Pulse(beat, passed > LATE_AFTER, int(passed.total_seconds() // 60))


def next_nightly(*, company: Company, now: dt.datetime) -> dt.datetime:
    """This will return when the next nightly run is due; in the past when it is late."""
    zone = ZoneInfo(company.time_zone)
    today = now.astimezone(zone).date()
    done = Run.objects.filter(kind=RunKind.NIGHTLY, local_date=today).exists()
    day = today + dt.timedelta(days=1) if done else today
    return dt.datetime.combine(day, company.nightly_at, tzinfo=zone)


def run_current() -> RunLine | None:
    """This will return the run that is under way with its shards counted, if any."""
    run = (
        Run.objects.filter(state__in=(RunState.RUNNING, RunState.FINISHING))
        .exclude(kind=RunKind.BACKFILL)
        .order_by("-started_at", "-id")
        .first()
    )
    return _with_shards([run])[0] if run else None


def runs_latest() -> list[RunLine]:
    """This will return the newest runs with their troubles. Four queries."""
    runs = Run.objects.order_by("-started_at", "-id")[:SHOWN_RUNS]
    lines = _with_shards(list(runs))
    by_run = {line.run.pk: line for line in lines}
    bad = Shard.objects.filter(
        run__in=by_run, state__in=(ShardState.FAILED, ShardState.SPLIT)
    )
    for shard in bad.exclude(reason="").order_by("-id")[:SHOWN_REASONS]:
        by_run[shard.run_id].troubles.append(shard)
    failures = RunFailure.objects.filter(run__in=by_run).select_related("customer")
    counted = failures.order_by().values("run_id").annotate(n=Count("id"))
    for row in counted.values_list("run_id", "n"):
        by_run[row[0]].failed_customers = row[1]
    for failure in failures.order_by("-run_id", "id")[:SHOWN_REASONS]:
        by_run[failure.run_id].failures.append(failure)
    return lines


def _with_shards(runs: list[Run]) -> list[RunLine]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Shard.objects.filter(run__in=runs)
        .values("run_id", "state")
        .annotate(n=Count("id"))
        .values_list("run_id", "state", "n")
    )
    for run_id, state, count in rows:
        counts[run_id][state] = count
    return [RunLine(run, counts[run.pk]) for run in runs]
