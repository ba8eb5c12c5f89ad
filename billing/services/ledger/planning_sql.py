"""Cutting customers into ranges."""

from collections.abc import Iterator

from django.db import connection


def customers_cut(first: int, size: int) -> Iterator[tuple[int, int]]:
    """This will cut the customers from an id on into ranges without gaps between them.

    Raw: a window over the key, for a million ids.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id,"
            " (row_number() OVER (ORDER BY id) - 1) / %s AS part"
            " FROM customers_customer WHERE id >= %s) c GROUP BY part ORDER BY 1",
            [size, first],
        )
        begin = first
        for (last,) in cursor.fetchall():
            yield begin, last
            begin = last + 1
