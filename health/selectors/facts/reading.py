"""What every table of facts is read with.

Raw SQL by COPY, because a row that becomes a Python object costs fifty times as much.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from numpy.typing import NDArray

from common.copy import Columns, read_copy
from health.selectors.facts.moment import Window

Rows = dict[str, NDArray[Any]]
Facts = dict[str, NDArray[Any]]
# All tables as they are at one moment; only possible where a transaction begins.
ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
# Covering indexes begin with the customer, so what is asked for comes in their order:
# grouping it by hashing, or on several processors, would only cost memory.
STREAMED = (
    "SET LOCAL enable_hashagg = off; SET LOCAL enable_seqscan = off;"
    " SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off;"
    " SET LOCAL max_parallel_workers_per_gather = 0"
)


@contextmanager
def planned(settings: str) -> Iterator[Any]:
    """This will lend a cursor that reads under settings of the planner, nothing after it.

    What only reads is rolled back at its end, which also takes the settings back where a
    transaction was open already.
    """
    begins = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{ONE_SNAPSHOT if begins else ''} {settings}")
        yield cursor
        transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of a range of customers, as seen at a moment."""

    cursor: Any
    window: Window
    first: int
    last: int

    def rows(self, statement: str, columns: Columns, **more: Any) -> Rows:
        """This will run a statement and return its columns. It names %(first)s and so on."""
        moment = self.window.moment
        parameters = {
            "first": self.first,
            "last": self.last,
            "as_of": moment.as_of,
            "known": moment.known_before,
            "currency": moment.currency,
            **more,
        }
        query = self.cursor.mogrify(statement, parameters).decode()
        return read_copy(self.cursor, query, columns)
