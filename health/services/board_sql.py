"""Building a board beside the one that is shown."""

import datetime as dt

from django.db import connection

from health.selectors.board_sql import BOARD_FILL, BOARD_INDEXES, BOARD_KEY

# What lists are filtered, counted and sorted by. Arrays take long to be described.
DESCRIBED = (
    "customer_id, name, segment_id, owner_id, score, band, basis, late, mrr,"
    " value_at_risk, queue_value, at_risk, gone, renews_on, last_contact_on, latest_nps,"
    " falling, silent, snoozed_until, asks"
)

LAST = 2**63 - 1


def board_make(board: str) -> None:
    """This will make an empty board without any index."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {board} (LIKE health_board) WITH (autovacuum_enabled = off)"
        )


def board_fill(
    board: str, *, standing: str, as_of: dt.date, first: int = 0, last: int = LAST
) -> None:
    """This will add the customers of an id range to a board, as a standing has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            BOARD_FILL.format(board=board, standing=standing)
            + " WHERE s.customer_id BETWEEN %(first)s AND %(last)s",
            {"as_of": as_of, "first": first, "last": last},
        )


def board_index(board: str, mark: str, *, part: int) -> None:
    """This will make every other one of the board's indexes, from 0 or 1 on."""
    with connection.cursor() as cursor:
        for index in BOARD_INDEXES[part::2]:
            cursor.execute(index.format(board=board, run=mark))


def board_key(board: str, mark: str) -> None:
    """This will make one of a board's indexes its key, in no time."""
    with connection.cursor() as cursor:
        cursor.execute(BOARD_KEY.format(board=board, run=mark))


def board_tidy(board: str) -> None:
    """This will let the planner, and reads of indexes alone, know the board."""
    # Inside a transaction, as in some tests, nothing can be vacuumed.
    vacuum = "" if connection.in_atomic_block else "VACUUM "
    with connection.cursor() as cursor:
        cursor.execute(f"{vacuum}ANALYZE {board} ({DESCRIBED})")
