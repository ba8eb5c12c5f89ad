"""The temporary tables of a load, and the SQL that fills and judges them.

Raw SQL, because COPY and set-based deletes have no counterpart in the ORM. Table and
column names come from the importers' code; everything from a file is a parameter or
goes through COPY.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from customers.importing.load import Check
from customers.importing.mapping import Lookup
from customers.importing.plan import BadRow, Binding, Plan
from customers.importing.source import Source, records
from customers.importing.values import ESCAPES, KINDS, Column

COPY_ROWS = 10_000
TABLES = ("import_stage", "import_lookup", "import_rejects")
Reject = tuple[int, str, str]


@contextmanager
def session(temporary: Iterable[str]) -> Iterator[Any]:
    """This will give a cursor with room for sorting, long statements and the rejects.

    Afterwards the connection is as it was, and the importers' `temporary` tables are
    gone; after an error the database itself may already have seen to that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '64MB'")
        cursor.execute("SET statement_timeout = '15min'")
        cursor.execute("DROP TABLE IF EXISTS import_rejects")
        cursor.execute(
            "CREATE TEMP TABLE import_rejects "
            "(name text, line bigint, label text, reason text)"
        )
        try:
            yield cursor
        finally:
            if not connection.needs_rollback and connection.is_usable():
                for table in (*TABLES, *temporary):
                    cursor.execute(f"DROP TABLE IF EXISTS {table}")
                cursor.execute("RESET work_mem")
                cursor.execute("RESET statement_timeout")


def stage_create(cursor: Any, columns: Sequence[Column]) -> None:
    """This will make an empty staging table with a column per column of the layout."""
    fields = ", ".join(f"{column.name} {KINDS[column.kind]}" for column in columns)
    cursor.execute("DROP TABLE IF EXISTS import_stage")
    cursor.execute(f"CREATE TEMP TABLE import_stage (line bigint, {fields})")


def stage_fill(
    cursor: Any,
    *,
    table: str,
    source: Source,
    plan: Plan,
    progress: Callable[[int], None],
) -> int:
    """This will copy the readable rows and note the others; returns how many dropped.

    Memory stays at COPY_ROWS rows. `progress` is told the bytes read so far.
    """
    into = f"COPY import_stage (line, {', '.join(plan.targets)}) FROM STDIN"
    lines: list[str] = []
    rejects: list[Reject] = []
    dropped = 0
    width, drops = plan.width, plan.drops

    def flush() -> None:
        lines.append("")
        cursor.copy_expert(into, io.StringIO("\n".join(lines)))
        lines.clear()
        rejects_add(cursor, table, rejects)
        rejects.clear()

    with source.opened() as (raw, text):
        for line, row, trouble in records(text, source.separator):
            if trouble:
                rejects.append((line, "", trouble))
            elif len(row) != width:
                reason = f"the row has {len(row)} fields, the header has {width}"
                rejects.append((line, "", reason))
            elif drops and plan.dropped(row):
                dropped += 1
            else:
                try:
                    lines.extend(list(plan.lines(str(line), row)))
                except BadRow as error:
                    rejects.append((line, error.column, error.reason))
            if len(lines) >= COPY_ROWS or len(rejects) >= COPY_ROWS:
                flush()
                progress(raw.tell())
        flush()
    cursor.execute("CREATE INDEX ON import_stage (line)")
    cursor.execute("ANALYZE import_stage")
    return dropped


def rejects_add(cursor: Any, table: str, rejects: Sequence[Reject]) -> None:
    """This will note rows that could not be read."""
    rows = "".join(
        f"{table}\t{line}\t{label.translate(ESCAPES)}\t"
        f"{reason.replace(chr(0), '').translate(ESCAPES)}\n"
        for line, label, reason in rejects
    )
    if rows:
        cursor.copy_expert("COPY import_rejects FROM STDIN", io.StringIO(rows))


def lookup_resolve(
    cursor: Any, *, table: str, binding: Binding, lookup: Lookup, source: Source
) -> None:
    """This will replace a column's codes by what another file says they stand for."""
    key, value = source.header.index(lookup.key), source.header.index(lookup.value)
    target = binding.target
    cursor.execute("DROP TABLE IF EXISTS import_lookup")
    cursor.execute(
        'CREATE TEMP TABLE import_lookup (key text COLLATE "C", value text COLLATE "C")'
    )
    with source.opened() as (_raw, text):
        batch: list[str] = []
        for _line, row, trouble in records(text, source.separator):
            if trouble or len(row) != len(source.header) or not row[value].strip():
                continue
            pair = (row[key].strip(), row[value].strip())
            batch.append("\t".join(part.translate(ESCAPES) for part in pair))
            if len(batch) >= COPY_ROWS:
                _lookup_copy(cursor, batch)
        _lookup_copy(cursor, batch)
    cursor.execute("ANALYZE import_lookup")
    missing = Check(
        target,
        f"s.{target} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM import_lookup l WHERE l.key = s.{target})",
        f"format('%%L is not in %%s', s.{target}, %(file)s)",
    )
    check_run(cursor, table, missing, binding.label, {"file": source.path.name})
    cursor.execute(
        f"UPDATE import_stage s SET {target} = l.value FROM "
        "(SELECT DISTINCT ON (key) key, value FROM import_lookup ORDER BY key, value) l "
        f"WHERE l.key = s.{target}"
    )


def _lookup_copy(cursor: Any, batch: list[str]) -> None:
    rows = "".join(f"{pair}\n" for pair in batch).replace("\0", "")
    cursor.copy_expert("COPY import_lookup FROM STDIN", io.StringIO(rows))
    batch.clear()


def check_run(
    cursor: Any, table: str, check: Check, label: str, parameters: Any
) -> None:
    """This will move the rows a check finds from the stage to the rejects."""
    using = f"USING {check.using}" if check.using else ""
    cursor.execute(
        f"WITH bad AS (DELETE FROM import_stage s {using} WHERE {check.where} "
        f"RETURNING s.line, {check.reason} AS reason) "
        "INSERT INTO import_rejects SELECT DISTINCT ON (line) "
        "%(table)s, line, %(label)s, reason FROM bad ORDER BY line, reason",
        {**parameters, "table": table, "label": label},
    )


def repeated(columns: Sequence[str], noun: str, shown: str) -> Check:
    """This will reject the second of rows that agree in these columns."""
    names = ", ".join(columns)
    return Check(
        shown,
        "d.place > 1 AND s.ctid = d.row",
        f"format('{noun} %%L stands already in line %%s', s.{shown}, d.first)",
        using=f"(SELECT ctid AS row, first_value(line) OVER w AS first, "
        f"row_number() OVER w AS place FROM import_stage WHERE {shown} IS NOT NULL "
        f"WINDOW w AS (PARTITION BY {names} ORDER BY line, ctid)) d",
    )


def stage_span(cursor: Any) -> int:
    """This will return the last line that is left to write, 0 when there is none."""
    cursor.execute("SELECT COALESCE(max(line), 0) FROM import_stage")
    return int(cursor.fetchone()[0])


def rejected_count(cursor: Any, table: str) -> int:
    """This will count the source rows of a table that were rejected."""
    cursor.execute("SELECT count(*) FROM import_rejects WHERE name = %s", [table])
    return int(cursor.fetchone()[0])


def rejects_after(cursor: Any, table: str, line: int, limit: int) -> list[Reject]:
    """This will return the next rejects of a table in the order of the file."""
    cursor.execute(
        "SELECT line, label, reason FROM import_rejects WHERE name = %s AND line > %s "
        "ORDER BY line LIMIT %s",
        [table, line, limit],
    )
    return [(int(line), label, reason) for line, label, reason in cursor.fetchall()]


def newest_day(cursor: Any, column: str, kind: str, zone: str) -> Any:
    """This will return the last day of a column that is left to write, or None."""
    day = f"({column} AT TIME ZONE %(zone)s)::date" if kind == "moment" else column
    cursor.execute(f"SELECT max({day}) FROM import_stage", {"zone": zone})
    return cursor.fetchone()[0]
