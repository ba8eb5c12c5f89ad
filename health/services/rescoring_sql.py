"""A customer's rows between two runs."""

import datetime as dt

from django.db import connection

from health.selectors.board_sql import BOARD_REPLACE
from health.services.tables_sql import BOARD, SCORES, STANDING


def shown_hold() -> None:
    """This will keep a run from being swapped in until the commit.

    In the order in which the swap takes them, so that the two wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {STANDING}, {BOARD} IN ROW EXCLUSIVE MODE")


def rows_clear(*, customer_id: int, as_of: dt.date) -> None:
    """This will take a customer's standing, and its score of a day, away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {STANDING} WHERE customer_id = %s", [customer_id])
        cursor.execute(
            f"DELETE FROM {SCORES} WHERE customer_id = %s AND as_of = %s",
            [customer_id, as_of],
        )


def board_row_replace(*, customer_id: int, as_of: dt.date) -> None:
    """This will bring a customer's row of the lists up to its standing."""
    with connection.cursor() as cursor:
        cursor.execute(
            BOARD_REPLACE.format(board=BOARD, standing=STANDING),
            {"pk": customer_id, "as_of": as_of},
        )
