"""The tables a run writes into, beside those that the pages read, and their way in.

Raw SQL: tables are made, keyed, attached and renamed, which the ORM has no words for.
"""

import datetime as dt
from dataclasses import astuple, dataclass
from typing import Any

from django.db import connection

from health.selectors.lines_sql import TABLE as LINES
from health.services.writing_sql import ROLLUP
from health.services.writing_sql import STANDING as STANDING_KINDS

LOCK_MILLISECONDS = 700
SCORES, STANDING, BOARD = "health_score", "health_standing", "health_board"

POSTGRES = {"double": "double precision"}
# What a run without finishing leaves behind, the boards of dead workers included.
LEFT_OVER = r"^health_(score|standing|line|rollup|board)_of_(\d+)(_\d+)?$"


@dataclass(frozen=True, slots=True)
class RunTables:
    """Names of tables; those of the pages, or those of a run that is under way."""

    scores: str
    standing: str
    lines: str = ""
    rollup: str = ""


SHOWN = RunTables(SCORES, STANDING)


def tables_of(run_id: int) -> RunTables:
    """This will name the tables of a run."""
    kinds = ("score", "standing", "line", "rollup")
    return RunTables(*(f"health_{kind}_of_{run_id}" for kind in kinds))


def tables_make(tables: RunTables, *, as_of: dt.date) -> None:
    """This will make a run's tables, without any index: they are filled by COPY.

    The check spares reading all scores again when they are attached.
    """
    following = as_of + dt.timedelta(days=1)
    with connection.cursor() as cursor:
        for name, like in ((tables.scores, SCORES), (tables.standing, STANDING)):
            cursor.execute(
                f"CREATE TABLE {name} (LIKE {like} INCLUDING DEFAULTS)"
                " WITH (autovacuum_enabled = off)"
            )
        cursor.execute(LINES.format(tables.lines))
        columns = ", ".join(
            f"{name} {POSTGRES.get(kind, kind)} NOT NULL"
            for name, kind in ROLLUP.items()
        )
        cursor.execute(f"CREATE TABLE {tables.rollup} ({columns})")
        cursor.execute(
            f"ALTER TABLE {tables.scores} ADD CONSTRAINT {tables.scores}_day"
            " CHECK (as_of >= %s AND as_of < %s)",
            [as_of, following],
        )


def tables_exist(tables: RunTables) -> bool:
    """This will tell whether a run's tables wait to be swapped in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [tables.standing])
        return cursor.fetchone()[0] is not None


def standing_key(tables: RunTables) -> None:
    """This will give the run's standing its key, unless an earlier attempt has."""
    name = f"{tables.standing}_pk"
    _key(tables.standing, f"CONSTRAINT {name} PRIMARY KEY (customer_id)")


def scores_key(tables: RunTables) -> None:
    """This will give the run's scores their key, unless an earlier attempt has."""
    name = f"{tables.scores}_pk"
    _key(
        tables.scores,
        f"CONSTRAINT {name} PRIMARY KEY (customer_id, as_of) INCLUDE (score, band)",
    )


def _key(table: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(%s)"
            " AND contype = 'p'",
            [table],
        )
        if cursor.fetchone() is None:
            cursor.execute(f"ALTER TABLE {table} ADD {key}")
        cursor.execute(f"ANALYZE {table} (customer_id)")


def failed_keep(tables: RunTables, *, run_id: int) -> None:
    """This will take the customers a run could not score over as they stood before."""
    names = ", ".join(STANDING_KINDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {tables.standing} ({names}) SELECT {names} FROM {STANDING}"
            " WHERE customer_id IN"
            " (SELECT customer_id FROM health_runfailure WHERE run_id = %s)"
            " ON CONFLICT DO NOTHING",
            [run_id],
        )


def briefly() -> None:
    """This will make waits for locks short until the end of the transaction.

    Whoever wants to read waits behind us. And two that wait for each other are told
    apart by the server after a second: before that we give way.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout',"
            " least(%s, coalesce(nullif(setting, '0')::int, %s))::text, true)"
            " FROM pg_settings WHERE name = 'lock_timeout'",
            [LOCK_MILLISECONDS, LOCK_MILLISECONDS],
        )


def shown_lock(*, as_of: dt.date, day_only: bool = False) -> None:
    """This will keep everybody from what is about to be swapped, until the commit.

    The scores only where the day has some already, for those are replaced.
    """
    briefly()
    with connection.cursor() as cursor:
        if not day_only:
            cursor.execute(f"LOCK TABLE {STANDING}, {BOARD} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT to_regclass(%s)", [f"{SCORES}_{as_of:%Y_%m_%d}"])
        if cursor.fetchone()[0]:
            cursor.execute(f"LOCK TABLE ONLY {SCORES} IN ACCESS EXCLUSIVE MODE")


def scores_tidy(*, as_of: dt.date) -> None:
    """This will let later reads of a day's scores be content with the key alone."""
    name = f"{SCORES}_{as_of:%Y_%m_%d}"
    vacuum = "" if connection.in_atomic_block else "VACUUM "
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0]:
            cursor.execute(f"{vacuum}ANALYZE {name} (customer_id, score, band)")


def swap_in(tables: RunTables, board: str) -> None:
    """This will put a run's standing and board in the place of the old ones.

    Call it in a transaction that holds both old tables exclusively.
    """
    with connection.cursor() as cursor:
        for new, old in ((tables.standing, STANDING), (board, BOARD)):
            cursor.execute(f"DROP TABLE {old}")
            cursor.execute(f"ALTER TABLE {new} RENAME TO {old}")
            cursor.execute(f"ALTER TABLE {old} RESET (autovacuum_enabled)")
        for name in (tables.lines, tables.rollup):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


def scores_attach(tables: RunTables, *, as_of: dt.date) -> None:
    """This will make a run's scores the day's partition, in the place of an older one."""
    name, following = f"{SCORES}_{as_of:%Y_%m_%d}", as_of + dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"ALTER TABLE {tables.scores} RENAME TO {name}")
        cursor.execute(
            f"ALTER TABLE {SCORES} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
            [as_of, following],
        )
        cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {tables.scores}_day")
        cursor.execute(f"ALTER TABLE {name} RESET (autovacuum_enabled)")


def tables_drop(tables: RunTables) -> None:
    """This will drop what is left of a run's tables."""
    with connection.cursor() as cursor:
        for name in astuple(tables):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


def left_overs(*, under_way: list[int]) -> list[str]:
    """This will name tables of runs that are not under way any more, and any board.

    Boards are built by one worker at a time: the one that asks, before it begins.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, (regexp_match(relname, %s))[1],"
            " (regexp_match(relname, %s))[2]::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relname ~ %s",
            [LEFT_OVER] * 3,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [n for n, kind, run in rows if kind == "board" or run not in under_way]


def tables_forget(names: list[str]) -> None:
    """This will drop tables that nobody waits for."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
