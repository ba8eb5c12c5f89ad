"""A run from its start to the board, and everything that can interrupt it."""

import datetime as dt
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Company, User
from customers.models import Customer
from health.enums import Band, RunKind, RunState, ShardState
from health.models import (
    Board,
    Heartbeat,
    Move,
    PortfolioDay,
    Run,
    Score,
    Shard,
    Standing,
)
from health.services.finishing import run_finish
from health.services.history import history_scored, run_work
from health.services.runs import (
    UnableToStartRun,
    days_to_backfill,
    newest_fact_day,
    run_due,
    run_start,
)
from health.services.shards import MAX_ATTEMPTS, shard_claim, shard_work, work_wake
from health.services.ticking import tick
from tests import world
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db


def test_a_run_scores_everybody_and_ranks_the_board(
    company: Company, ana: User
) -> None:
    good = world.healthy_customer("Good", owner=ana)
    bad = world.failing_customer("Bad", owner=ana)
    empty = world.make_customer("Empty", owner=ana)
    gone = world.healthy_customer("Gone", owner=ana)
    world.leave(gone, days=3)
    run = world.score()
    assert (run.state, run.customers) == (RunState.DONE, 3)
    rows = list(Board.objects.order_by("-at_risk", "-queue_value", "pk"))
    assert [(row.name, row.band) for row in rows[:1]] == [("Bad", Band.AT_RISK)]
    assert {row.customer_id: row.band for row in rows} == {
        good.pk: Band.HEALTHY,
        bad.pk: Band.AT_RISK,
        empty.pk: Band.UNKNOWN,
    }
    assert rows[0].contact_name == "Mara Ionescu"
    assert rows[0].owner_name == "Ana Popescu"
    assert rows[0].at_risk is True
    assert rows[0].latest_nps == 2
    assert Score.objects.filter(as_of=TODAY).count() == 3


def test_scoring_the_same_day_again_gives_the_same(company: Company) -> None:
    for name in ("a", "b"):
        world.failing_customer(name)
    world.score()
    fields = [f.attname for f in Standing._meta.fields if f.attname != "run_id"]
    rows = Standing.objects.order_by("pk").values_list(*fields)
    # As text, for NaN does not equal NaN.
    first = repr(list(rows.all()))
    world.score()
    assert repr(list(rows.all())) == first
    assert Score.objects.count() == 2


def test_those_who_left_lose_their_standing(company: Company) -> None:
    customer = world.healthy_customer("Leaves")
    world.score()
    world.leave(customer, days=1)
    world.score()
    assert not Standing.objects.exists()
    assert not Board.objects.exists()


def test_a_portfolio_is_summed_per_owner_and_in_total(
    company: Company, ana: User, charlie: User
) -> None:
    world.healthy_customer("Hers", owner=ana)
    world.failing_customer("His", owner=charlie)
    lost = world.healthy_customer("Lost", owner=ana)
    world.leave(lost, days=30)
    world.score()
    rows = {row.owner_id: row for row in PortfolioDay.objects.all()}
    assert set(rows) == {0, ana.pk, charlie.pk}
    total = rows[0]
    assert (total.customers, total.at_risk) == (2, 1)
    assert (total.mrr, total.mrr_year_ago) == (2000, 3000)
    assert (total.mrr_now, total.mrr_kept) == (2000, 2000)
    # What somebody said who has left since is not asked any more.
    assert (total.promoters, total.passives, total.detractors) == (1, 0, 1)
    assert (rows[ana.pk].customers, rows[ana.pk].at_risk) == (1, 0)
    assert rows[charlie.pk].value_at_risk == total.value_at_risk


def test_one_bad_customer_fails_alone(company: Company) -> None:
    world.healthy_customer("Good")
    bad = world.make_customer("No rate")
    world.subscribe(bad, currency="CHF")
    run = world.score()
    assert (run.state, run.customers) == (RunState.DONE, 1)
    [failure] = run.failures.all()
    assert failure.customer == bad
    assert "exchange rate" in failure.reason


def test_an_error_halves_the_shard_down_to_the_customer(company: Company) -> None:
    """Bad data that breaks the statement itself: a sum beyond what the column holds."""
    good = [world.healthy_customer(f"good {n}") for n in range(3)]
    bad = world.healthy_customer("Bad")
    world.use(bad, first=300, last=300, events=1)
    # A start so far back that the tenure in days is fine but the roll-up is not.
    Customer.objects.filter(pk=bad.pk).update(customer_since=dt.date(1, 1, 1))
    world.subscribe(bad, mrr="999999999999.99")
    for _ in range(2):
        world.subscribe(bad, mrr="999999999999.99")
    run = world.score()
    assert run.state == RunState.DONE
    assert run.customers == 3
    [failure] = run.failures.all()
    assert failure.customer == bad
    assert set(Board.objects.values_list("customer_id", flat=True)) == {
        customer.pk for customer in good
    }


def test_a_second_start_of_the_same_day_is_the_same_run(company: Company) -> None:
    world.make_customer()
    first = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    assert run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW) == first


def test_another_day_waits_for_the_run_under_way(company: Company) -> None:
    world.make_customer()
    run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    with pytest.raises(UnableToStartRun, match="2026-06-30 is still under way"):
        run_start(kind=RunKind.MANUAL, as_of=days_ago(1), now=NOW)


def test_a_claimed_shard_is_nobody_elses_until_the_lease_ends(company: Company) -> None:
    world.healthy_customer("One")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    shard = run.shards.get()
    assert shard_claim(shard_id=shard.pk) is not None
    assert shard_claim(shard_id=shard.pk) is None
    Shard.objects.update(lease_until=Now() - dt.timedelta(seconds=1))
    again = shard_claim(shard_id=shard.pk)
    assert again is not None
    assert again.attempts == 2


def test_a_shard_that_kills_its_workers_is_halved_then_failed(company: Company) -> None:
    world.healthy_customer("One")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    Shard.objects.update(attempts=MAX_ATTEMPTS)
    run_work(run=run)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.shards.get().state == ShardState.FAILED
    assert run.failures.get().reason == "Workers died on it too often."


def test_a_run_without_customers_ends_at_once(company: Company) -> None:
    assert world.score().state == RunState.DONE


def test_finishing_twice_changes_nothing(company: Company) -> None:
    world.failing_customer("Bad")
    run = world.score()
    finished = run.finished_at
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert run.finished_at == finished
    assert Board.objects.count() == 1


def test_an_abandoned_finish_is_taken_up_again(company: Company) -> None:
    world.failing_customer("Bad")
    run = world.score()
    Run.objects.update(
        state=RunState.FINISHING, lease_until=Now() - dt.timedelta(seconds=1)
    )
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE


@pytest.mark.django_db(transaction=True)
def test_a_board_that_is_read_for_long_is_swapped_in_later(company: Company) -> None:
    """A reader in another connection holds the old board; the run waits, not the reader."""
    world.failing_customer("Bad")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    shard_work(shard_id=run.shards.get().pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE health_board_of_7_1 ()"
        )  # a dead worker's left-over
        cursor.execute("SET lock_timeout = '200ms'")
    reader = psycopg2.connect(**connection.get_connection_params())
    try:
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM health_board")
            run_finish(run_id=run.pk)
            run.refresh_from_db()
            assert (run.state, run.attempts) == (RunState.RUNNING, 1)
    finally:
        reader.close()
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.DONE, 2)
    assert Board.objects.get().name == "Bad"
    tables = connection.introspection.table_names()
    assert [name for name in tables if name.startswith("health_board")] == [
        "health_board"
    ]
    connection.close()


def test_a_run_that_can_never_finish_fails_visibly(company: Company) -> None:
    world.failing_customer("Bad")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    shard_work(shard_id=run.shards.get().pk)
    Run.objects.update(attempts=20)
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == (
        RunState.FAILED,
        "The board could not be rebuilt.",
    )


def test_the_sweeper_finds_what_was_left_behind(company: Company) -> None:
    world.healthy_customer("One")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    assert work_wake(now=NOW) == 1
    shard_work(shard_id=run.shards.get().pk)
    assert work_wake(now=NOW) == 1  # the finishing
    run_finish(run_id=run.pk)
    assert work_wake(now=NOW) == 0


def test_the_night_comes_once_in_the_company_s_own_time(company: Company) -> None:
    world.make_customer()
    Company.objects.update(time_zone="Europe/Bucharest")
    zone = ZoneInfo("Europe/Bucharest")
    before = dt.datetime(2026, 6, 30, 1, 59, tzinfo=zone)
    assert run_due(now=before) is None
    due = dt.datetime(2026, 6, 30, 2, 0, tzinfo=zone)
    run = run_due(now=due)
    assert run is not None
    assert (run.kind, run.local_date) == (RunKind.NIGHTLY, dt.date(2026, 6, 30))
    assert run_due(now=due + dt.timedelta(minutes=1)) is None
    run_work(run=run)
    assert run_due(now=due + dt.timedelta(hours=5)) is None
    assert run_due(now=due + dt.timedelta(days=1)) is not None


def test_a_night_that_was_missed_is_made_up_for_once(company: Company) -> None:
    world.make_customer()
    Company.objects.update(time_zone="Europe/Bucharest", nightly_at="22:00")
    zone = ZoneInfo("Europe/Bucharest")
    morning = dt.datetime(2026, 6, 30, 8, 0, tzinfo=zone)
    # A company that has just begun waits for its first evening.
    assert run_due(now=morning) is None
    first = run_due(now=dt.datetime(2026, 6, 28, 22, 0, tzinfo=zone))
    assert first is not None
    run_work(run=first)
    # Nothing ran in the evening of the 29th.
    late = run_due(now=morning)
    assert late is not None
    assert late.local_date == dt.date(2026, 6, 29)
    run_work(run=late)
    assert run_due(now=morning + dt.timedelta(hours=2)) is None
    evening = run_due(now=dt.datetime(2026, 6, 30, 22, 0, tzinfo=zone))
    assert evening is not None
    assert evening.local_date == dt.date(2026, 6, 30)


def test_nothing_is_due_without_customers(company: Company) -> None:
    assert run_due(now=NOW) is None


def test_a_tick_leaves_a_heartbeat_and_starts_what_is_due(company: Company) -> None:
    world.make_customer()
    tick(now=NOW)
    assert Heartbeat.objects.get().beat_at == NOW
    assert Run.objects.get().kind == RunKind.NIGHTLY


def test_past_days_are_month_ends_and_thirteen_weeks() -> None:
    days = days_to_backfill(newest=TODAY, oldest=dt.date(2026, 3, 15))
    assert days[0] == dt.date(2026, 3, 31)
    assert days[-1] == dt.date(2026, 6, 23)
    assert dt.date(2026, 4, 30) in days
    assert len(days) == 13 + 2  # 31 May and 30 April are no weekly days; 31 March is


def test_history_is_scored_once_and_summed(company: Company) -> None:
    for number in range(6):
        world.failing_customer(f"bad {number}")
    for number in range(6):
        customer = world.failing_customer(f"left {number}")
        world.leave(customer, days=15)
    run = history_scored(now=NOW, as_of=TODAY)
    # Nothing was learnt of it: that is what a training is for.
    assert run.parameters["basis"] == "prior"
    backfills = Run.objects.filter(kind=RunKind.BACKFILL)
    assert backfills.exclude(state=RunState.DONE).count() == 0
    count = backfills.count()
    # Past days are summed too, each with what was known and who was there.
    left = PortfolioDay.objects.get(as_of=days_ago(14), owner_id=0)
    before = PortfolioDay.objects.get(as_of=days_ago(21), owner_id=0)
    assert (before.customers, left.customers) == (12, 6)
    assert before.band_at_risk + before.band_watch == 12
    assert before.mrr_at_risk + before.mrr_watch == before.mrr == 2 * left.mrr
    assert Move.objects.filter(as_of=days_ago(14), to_band=-1, owner_id=0).exists()
    row = Board.objects.order_by("-at_risk", "-queue_value", "pk")[0]
    assert len(row.weekly) == 13
    assert row.weekly[12] == pytest.approx(row.score)
    assert row.falling is True
    history_scored(now=NOW, as_of=TODAY)
    assert backfills.count() == count


def test_the_newest_fact_decides_the_day(company: Company) -> None:
    customer = world.make_customer()
    assert newest_fact_day(now=NOW) == TODAY
    world.use(customer, first=40, last=33)
    assert newest_fact_day(now=NOW) == days_ago(33)
    world.open_ticket(customer, days=20)
    assert newest_fact_day(now=NOW) == days_ago(20)
