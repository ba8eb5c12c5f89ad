"""Building a board beside the one that is shown."""

import datetime as dt

from django.db import connection

from health.selectors.board_sql import BOARD_FILL, BOARD_INDEXES

# What lists are filtered, counted and sorted by. Arrays take long to be described.
DESCRIBED = (
    "customer_id, name, segment_id, owner_id, score, band, basis, late, mrr,"
    " value_at_risk, queue_value, at_risk, renews_on, last_contact_on, latest_nps,"
    " falling, silent, snoozed_until, asks"
)


def board_fill(board: str, *, standing: str, as_of: dt.date) -> None:
    """This will make a board of a standing, without any index."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {board} (LIKE health_board) WITH (autovacuum_enabled = off)"
        )
        cursor.execute(
            BOARD_FILL.format(board=board, standing=standing), {"as_of": as_of}
        )


def board_index(board: str, mark: str, *, part: int) -> None:
    """This will make the key (part 0), or every other one of the board's indexes."""
    rest = BOARD_INDEXES[1:]
    chosen = BOARD_INDEXES[:1] if part == 0 else rest[part - 1 :: 2]
    with connection.cursor() as cursor:
        for index in chosen:
            cursor.execute(index.format(board=board, run=mark))


def board_tidy(board: str) -> None:
    """This will let the planner, and reads of indexes alone, know the board."""
    # Inside a transaction, as in some tests, nothing can be vacuumed.
    vacuum = "" if connection.in_atomic_block else "VACUUM "
    with connection.cursor() as cursor:
        cursor.execute(f"{vacuum}ANALYZE {board} ({DESCRIBED})")
