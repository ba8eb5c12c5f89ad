"""Edits into a board that is about to be shown."""

from django.db import connection

from health.selectors.board_sql import BOARD_REAPPLY


def board_reapply(board: str, *, ids: list[int]) -> set[int]:
    """This will apply edits and return the owners before and after that differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.owner_id, c.owner_id FROM {board} b"
            " JOIN customers_customer c ON c.id = b.customer_id"
            " WHERE c.id = ANY(%s) AND b.owner_id IS DISTINCT FROM c.owner_id",
            [ids],
        )
        owners = {owner for pair in cursor.fetchall() for owner in pair}
        cursor.execute(BOARD_REAPPLY.format(board=board), {"ids": ids})
    return {owner for owner in owners if owner is not None}
