"""The board follows a change of owner at once, also while it is being rebuilt."""

import time
from collections.abc import Callable
from threading import Thread

import psycopg2
import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actor import CONSOLE
from accounts.models import Company, User
from customers.models import Customer
from customers.services.owners import owner_change
from health.models import Board, PortfolioDay, Run
from health.services import tables_sql
from health.services.board import board_hold, board_owners_follow
from health.services.finishing import board_build, board_show
from tests import world

LOOKS = 1_000  # of 10 ms each


def give(owner: User) -> None:
    """This will give all customers away, as a hand-over does."""
    with transaction.atomic():
        board_hold()
        former = set(Customer.objects.values_list("owner_id", flat=True))
        change = owner_change(
            customers=Customer.objects.all(),
            owner=owner,
            by=CONSOLE,
            now=timezone.now(),
        )
        assert change
        people = {pk for pk in (*former, owner.pk) if pk is not None}
        board_owners_follow(customer_ids=change.customer_ids, owner_ids=people)


def shown() -> list[tuple[int | None, str]]:
    return list(Board.objects.values_list("owner_id", "owner_name"))


@pytest.fixture
def run(company: Company, ana: User) -> Run:
    """This will return a run whose end has been claimed, after one that is shown."""
    world.failing_customer("Brightwater", owner=ana)
    world.score()
    return world.run_at_its_end()


def test_the_board_follows_at_once_and_through_a_swap(run: Run, charlie: User) -> None:
    before = timezone.now()
    built = board_build(run=run)
    give(charlie)
    assert shown() == [(charlie.pk, charlie.name)]
    # The mark by which a swap of what was built before finds the customer again.
    assert Customer.objects.get().updated_at >= before
    board_show(run=run, built=built)
    assert shown() == [(charlie.pk, charlie.name)]
    assert owners_summed() == {0, charlie.pk}


def owners_summed() -> set[int]:
    return set(PortfolioDay.objects.values_list("owner_id", flat=True))


def in_thread(work: Callable[[], None]) -> Thread:
    def wrapped() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '60s'")  # a slow machine is no fault
            work()
        finally:
            connection.close()

    thread = Thread(target=wrapped)
    thread.start()
    return thread


def waits(watcher: "psycopg2.extensions.connection", mode: str) -> None:
    """This will wait until somebody stands in line for the board."""
    asked = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = %s"
        " AND locktype = 'relation' AND relation = 'health_board'::regclass"
    )
    for _ in range(LOOKS):
        with watcher.cursor() as cursor:
            cursor.execute(asked, [mode])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail(f"nobody waits for {mode}")


@pytest.mark.django_db(transaction=True)
def test_customers_that_change_hands_during_the_swap_are_not_lost(
    run: Run, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader holds the board, the swap waits for the reader, the hand-over for it.

    So the new board is swapped in while the hand-over has moved the customers and not
    committed: it must write into the new board, and the sums follow.
    """
    monkeypatch.setattr(tables_sql, "LOCK_MILLISECONDS", 60_000)
    built = board_build(run=run)
    reader = psycopg2.connect(**connection.get_connection_params())
    watcher = psycopg2.connect(**connection.get_connection_params())
    watcher.autocommit = True
    try:
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM health_board")
        swapping = in_thread(lambda: board_show(run=run, built=built))
        waits(watcher, "AccessExclusiveLock")
        handing = in_thread(lambda: give(charlie))
        waits(watcher, "RowExclusiveLock")
        reader.rollback()
        swapping.join()
        handing.join()
    finally:
        reader.close()
        watcher.close()
    assert Customer.objects.get().owner == charlie
    assert shown() == [(charlie.pk, charlie.name)]
    assert owners_summed() == {0, charlie.pk}
    connection.close()
