"""What a night leaves behind: moves, events, families, failed customers, days."""

import datetime as dt
from typing import Any

import numpy as np
import psycopg2
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company, User
from customers.models import Customer, Event, EventDelivery, ProfileChange
from health.enums import Band, Basis, RunKind, RunState, ShardState
from health.events import BAND_CHANGED
from health.models import (
    Board,
    Move,
    Override,
    PortfolioDay,
    Run,
    Score,
    Scorecard,
    ScorecardVersion,
    Shard,
    Standing,
)
from health.selectors.history import past_scores, stored_days, weekly_days
from health.selectors.standing import latest_run
from health.services.finishing import Overtaken, board_build, board_show, run_finish
from health.services.rescoring import customer_rescore
from health.services.runs import run_start
from health.services.shards import _score, shard_claim, shard_work
from health.services.tables_sql import tables_exist, tables_of
from health.services.thinning import days_to_thin, scores_thin
from tests import world
from tests.world import NOW, TODAY, days_ago, noon

pytestmark = pytest.mark.django_db


def on_time(customer: Customer) -> Customer:
    """This will let every source have spoken lately, so that none is late."""
    world.open_ticket(customer, days=3)
    world.invoice(customer, days=3)
    return customer


def use_roll_up(how: str) -> None:
    """This will publish another version of the default scorecard."""
    world.score(days_ago(3), now=noon(days_ago(3)))  # makes the default scorecard
    card = Scorecard.objects.get(is_default=True)
    live = card.versions.exclude(published_at=None).latest("published_at", "id")
    ScorecardVersion.objects.create(
        scorecard=card,
        number=live.number + 1,
        config=live.config | {"rollup": how},
        published_at=noon(days_ago(2)),
    )


def override(
    customer: Customer,
    score: int,
    *,
    author: User | None = None,
    at: dt.datetime = NOW - dt.timedelta(hours=1),
) -> Override:
    return Override.objects.create(
        customer=customer,
        score=score,
        reason="We know better.",
        author=author,
        created_at=at,
        expires_on=dt.date(2099, 1, 1),
    )


def test_moves_are_counted_per_owner_and_in_all(
    company: Company, ana: User, charlie: User
) -> None:
    """Yesterday: one healthy of Ana, one at risk of Charlie, one at risk of nobody.

    Today Ana's is at risk, Charlie's has left, and a new one came to Ana.
    """
    turns = on_time(world.healthy_customer("Turns", owner=ana))
    leaves = world.failing_customer("Leaves", owner=charlie)
    world.failing_customer("Nobody's")
    world.score(days_ago(1), now=noon(days_ago(1)))
    assert not Move.objects.exists()  # nothing to compare with
    Score.objects.filter(customer=turns).update(band=Band.HEALTHY)
    override(turns, 20)
    world.leave(leaves, days=0)
    comes = world.make_customer("Comes", owner=ana, since=TODAY)
    world.subscribe(comes, mrr="70")
    world.score(now=NOW + dt.timedelta(hours=1))
    rows = Move.objects.order_by("owner_id", "from_band", "to_band")
    found = [
        (m.owner_id, m.from_band, m.to_band, m.customers, int(m.mrr)) for m in rows
    ]
    assert {m.compared_on for m in rows} == {days_ago(1)}
    assert found == [
        (-1, Band.AT_RISK, Band.AT_RISK, 1, 1000),
        (0, -1, Band.UNKNOWN, 1, 70),
        (0, Band.AT_RISK, -1, 1, 0),
        (0, Band.AT_RISK, Band.AT_RISK, 1, 1000),
        (0, Band.HEALTHY, Band.AT_RISK, 1, 1000),
        (ana.pk, -1, Band.UNKNOWN, 1, 70),
        (ana.pk, Band.HEALTHY, Band.AT_RISK, 1, 1000),
        (charlie.pk, Band.AT_RISK, -1, 1, 0),
    ]


def test_the_days_compared_are_the_nearest_to_1_7_30_and_90(company: Company) -> None:
    world.failing_customer("One")
    for back in (100, 40, 28, 9, 6, 2):
        world.score(days_ago(back), now=noon(days_ago(back)))
    world.score()
    days = Move.objects.filter(as_of=TODAY).values_list("compared_on", flat=True)
    assert set(days) == {days_ago(n) for n in (2, 6, 28, 100)}


def test_a_band_that_changed_is_told_once_and_to_everybody_who_waits(
    company: Company, settings: Settings
) -> None:
    settings.EVENT_CONSUMERS = ["playbooks", "digests"]
    turns = on_time(world.healthy_customer("Turns"))
    stays = world.healthy_customer("Stays")
    world.score(days_ago(1), now=noon(days_ago(1)))
    assert not Event.objects.filter(kind=BAND_CHANGED).exists()  # the first run
    before = Standing.objects.get(pk=turns.pk)
    override(turns, 20)
    run = world.score()
    event = Event.objects.get(kind=BAND_CHANGED)
    assert event.customer == turns
    assert event.data == {
        "before": before.band,
        "after": Band.AT_RISK,
        "score_before": pytest.approx(before.score, abs=0.06),
        "score": 20.0,
    }
    waiting = EventDelivery.objects.filter(event=event).order_by("consumer")
    assert [d.consumer for d in waiting] == ["digests", "playbooks"]
    run_finish(run_id=run.pk)
    world.score()  # the same day again: nothing has changed since
    assert Event.objects.filter(kind=BAND_CHANGED).count() == 1
    assert Standing.objects.get(pk=stays.pk).told == Band.HEALTHY


def test_a_late_source_tells_nobody(company: Company) -> None:
    """Usage and tickets end ten days ago: bands that follow from that are not told."""
    customer = on_time(world.healthy_customer("Silent"))
    world.score(days_ago(1), now=noon(days_ago(1)))
    Standing.objects.update(band=Band.WATCH, told=Band.WATCH)
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    run.parameters["late"] = {"usage": 4}
    run.save()
    shard_work(shard_id=run.shards.get().pk)
    run_finish(run_id=run.pk)
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.late, standing.told) == (True, Band.WATCH)
    assert standing.band != Band.WATCH
    assert not Event.objects.filter(kind=BAND_CHANGED).exists()
    # On time again: now it is told, against what was told last.
    world.score(now=NOW)
    assert Event.objects.get(kind=BAND_CHANGED).data["before"] == Band.WATCH


def test_a_parent_takes_the_worst_of_its_children(company: Company) -> None:
    parent = world.healthy_customer("Holding")
    good, bad = world.healthy_customer("Good"), world.failing_customer("Bad")
    world.make_customer("Unknown", parent=parent)
    Customer.objects.filter(pk__in=[good.pk, bad.pk]).update(parent=parent)
    use_roll_up("worst")
    ProfileChange.objects.filter(customer__in=[good, bad]).update(parent=parent)
    world.score()
    rows = {s.customer_id: s for s in Standing.objects.all()}
    top, worst = rows[parent.pk], rows[bad.pk]
    assert (top.score, top.band, top.basis) == (
        worst.score,
        Band.AT_RISK,
        Basis.ROLLUP,
    )
    assert top.computed != top.score
    assert top.churn == worst.churn
    assert top.at_risk is True
    assert top.weekly[12] == pytest.approx(top.score, abs=1e-4)
    kept = Score.objects.get(customer=parent, as_of=TODAY)
    assert (kept.score, kept.band, kept.basis) == (top.score, top.band, top.basis)
    assert Board.objects.get(pk=parent.pk).band == Band.AT_RISK
    # A person's word counts more, and comes back down at once when it ends.
    said = override(parent, 88)
    assert customer_rescore(customer_id=parent.pk, now=timezone.now())
    assert Standing.objects.get(pk=parent.pk).basis == Basis.OVERRIDE
    Override.objects.filter(pk=said.pk).update(ended_at=timezone.now())
    assert customer_rescore(customer_id=parent.pk, now=timezone.now())
    again = Standing.objects.get(pk=parent.pk)
    assert (again.score, again.basis) == (worst.score, Basis.ROLLUP)
    # And what is said of a child reaches its parent.
    override(bad, 95)
    assert customer_rescore(customer_id=bad.pk, now=timezone.now())
    assert Standing.objects.get(pk=parent.pk).score == pytest.approx(
        min(95.0, rows[good.pk].score)
    )


def test_one_customer_scored_at_once(company: Company, ana: User) -> None:
    customer = world.failing_customer("One", owner=ana)
    other = world.failing_customer("Other", owner=ana)
    assert not customer_rescore(customer_id=customer.pk, now=NOW)  # no run yet
    world.score()
    untouched = repr(Standing.objects.filter(pk=other.pk).values().get())
    override(customer, 91, author=ana)
    assert customer_rescore(customer_id=customer.pk, now=timezone.now())
    standing = Standing.objects.get(pk=customer.pk)
    kept = Score.objects.get(customer=customer, as_of=TODAY)
    row = Board.objects.get(pk=customer.pk)
    for found in (standing, kept, row):
        assert (found.score, found.band, found.basis) == (91, 3, Basis.OVERRIDE)
    assert (row.at_risk, row.mrr, row.name) == (False, 1000, "One")
    assert repr(Standing.objects.filter(pk=other.pk).values().get()) == untouched
    assert not customer_rescore(customer_id=0, now=timezone.now())


def test_an_override_during_a_run_counts_when_the_run_is_shown(
    company: Company,
) -> None:
    customer = world.failing_customer("One")
    world.score()
    run = world.run_at_its_end()
    built = board_build(run=run)
    override(customer, 91, at=timezone.now())
    assert customer_rescore(customer_id=customer.pk, now=timezone.now())
    board_show(run=run, built=built)
    for found in (Standing.objects.get(), Board.objects.get()):
        assert (found.score, found.band) == (91, Band.HEALTHY)
    assert Standing.objects.get().run == run
    assert Score.objects.get(as_of=TODAY).basis == Basis.OVERRIDE


def test_a_customer_that_fails_keeps_how_it_stood(company: Company) -> None:
    world.healthy_customer("Good")
    bad = world.healthy_customer("Bad")
    first = world.score()
    world.subscribe(bad, currency="CHF")
    second = world.score()
    assert {s.customer_id: s.run_id for s in Standing.objects.all()} == {
        bad.pk: first.pk,
        bad.pk - 1: second.pk,
    }
    assert Board.objects.count() == 2
    assert not Score.objects.filter(customer=bad).exists()


def test_another_attempt_at_a_shard_writes_its_range_once(company: Company) -> None:
    """The first worker's lease runs out while it works; its claim is worth nothing then."""
    world.failing_customer("One")
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    shard = shard_claim(shard_id=run.shards.get().pk)
    assert shard
    Shard.objects.update(state=ShardState.PENDING)
    shard_work(shard_id=shard.pk)
    _score(shard)
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.customers) == (RunState.DONE, 1)
    assert (Standing.objects.count(), Score.objects.count()) == (1, 1)


def test_two_who_finish_show_the_run_once(company: Company) -> None:
    """The second takes over while the first still builds: only its work is shown."""
    on_time(world.healthy_customer("One"))
    world.score(days_ago(1), now=noon(days_ago(1)))
    override(Customer.objects.get(), 20)
    run = world.run_at_its_end()
    built = board_build(run=run)
    Run.objects.filter(pk=run.pk).update(lease_until=NOW)
    run_finish(run_id=run.pk)
    with pytest.raises(Overtaken):
        board_show(run=run, built=built)
    assert Run.objects.get(pk=run.pk).state == RunState.DONE
    assert Event.objects.filter(kind=BAND_CHANGED).count() == 1
    assert PortfolioDay.objects.filter(as_of=TODAY).count() == 2
    assert Board.objects.count() == 1
    assert not tables_exist(tables_of(run.pk))


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_one_day_and_then_the_other(company: Company) -> None:
    """Standing, board and scores change in one moment, for whoever looks at all three."""
    world.failing_customer("One")
    world.score(days_ago(1), now=noon(days_ago(1)))
    run = world.run_at_its_end()
    seen = [look()]
    built = board_build(run=run)
    seen.append(look())
    board_show(run=run, built=built)
    seen.append(look())
    first = latest_before(run)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass",
            [f"health_score_{TODAY:%Y_%m_%d}"],
        )
        assert cursor.fetchone() == (1,)  # the one built before serves the whole table
    assert seen == [
        (first.pk, 1, days_ago(1), 1),
        (first.pk, 1, days_ago(1), 1),
        (run.pk, 1, TODAY, 2),
    ]
    connection.close()


def latest_before(run: Run) -> Run:
    return Run.objects.exclude(pk=run.pk).latest("pk")


def look() -> tuple[Any, ...]:
    """This will look from another connection, in one snapshot."""
    reader = psycopg2.connect(**connection.get_connection_params())
    try:
        with reader.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT max(run_id) FROM health_standing),"
                " (SELECT count(*) FROM health_board),"
                " (SELECT max(as_of) FROM health_score),"
                " (SELECT count(*) FROM health_score)"
            )
            return tuple(cursor.fetchone())
    finally:
        reader.close()


def test_a_run_with_nobody_scored_leaves_what_was_shown(company: Company) -> None:
    customer = world.healthy_customer("One")
    world.score()
    world.subscribe(customer, currency="CHF")
    shown = repr(Board.objects.values().get())
    run = run_start(kind=RunKind.MANUAL, as_of=TODAY, now=NOW)
    Shard.objects.filter(run=run).update(state=ShardState.FAILED)
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert repr(Board.objects.values().get()) == shown
    assert latest_run() != run
    assert not tables_exist(tables_of(run.pk))


def test_days_are_thinned_to_weeks_and_month_ends_stay() -> None:
    newest = dt.date(2026, 6, 30)
    days = [dt.date(2026, 1, 26) + dt.timedelta(days=n) for n in range(14)]
    days += [dt.date(2026, 4, 1), newest]
    gone = days_to_thin(days, newest=newest, month_ends={dt.date(2026, 1, 31)})
    # Weeks from Monday 26 January and 2 February: Sunday stays, and the month's end.
    assert gone == [
        dt.date(2026, 1, 26) + dt.timedelta(days=n)
        for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12)
    ]


def test_thinning_drops_scores_and_keeps_runs(company: Company) -> None:
    world.failing_customer("One")
    old = [days_ago(120), days_ago(119)]  # Monday and Tuesday of a week
    for day in old:
        world.score(day, now=noon(day))
    world.score()
    assert stored_days() == [days_ago(119), TODAY]
    assert Run.objects.count() == 3
    assert scores_thin(newest=TODAY) == []


def test_the_weeks_behind_a_score_are_twelve_days_at_most(company: Company) -> None:
    customer = world.failing_customer("One")
    for back in (70, 22, 20, 8, 1):
        world.score(days_ago(back), now=noon(days_ago(back)))
    days = weekly_days(TODAY)
    # 21 days back is as near to 22 as to 20: the newer one.
    assert days == [days_ago(8), days_ago(20), days_ago(70)]
    Score.objects.filter(as_of=days_ago(70)).update(band=Band.UNKNOWN)
    past = past_scores(days=days, ids=np.array([customer.pk - 1, customer.pk]))
    assert past.bands[days_ago(70)].tolist() == [-1, Band.UNKNOWN]
    found = past.weekly(TODAY, days)
    assert np.isnan(found[0]).all()
    known = [n for n in range(13) if not np.isnan(found[1, n])]
    assert known == [12 - 3, 12 - 1]
