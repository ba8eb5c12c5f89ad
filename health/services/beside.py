"""Two pieces of database work at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

Work = Callable[[], None]


def side_by_side(*works: Work) -> None:
    """This will do several pieces of work, each over a connection of its own.

    The server is busy with all of them at once while this process waits. Inside a
    transaction, which other connections cannot see, they are done one after the other.
    The first error is raised once all have ended.
    """
    if connection.in_atomic_block:
        for work in works:
            work()
        return
    with ThreadPoolExecutor(len(works)) as pool:
        started = [pool.submit(_apart, work) for work in works]
    for future in started:
        future.result()


def _apart(work: Work) -> None:
    try:
        work()
    finally:
        connection.close()
