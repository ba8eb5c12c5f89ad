"""Replacing a table of sums by others.

Raw SQL by COPY: tens of thousands of rows, of which only those that differ are written.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Sums:
    """A table of sums: its unique key with SQL types, its amounts (cents), its counts."""

    table: str
    keys: Mapping[str, str]
    amounts: tuple[str, ...]
    counts: tuple[str, ...]


def sums_replace(sums: Sums, rows: Iterable[list[Any]]) -> int:
    """This will make a table hold exactly these rows; how many were written.

    A row is keys, amounts and counts in the order of `sums`. The database's checks decide
    whether it adds up.
    """
    names = [*sums.keys, *sums.amounts, *sums.counts]
    kinds = {**sums.keys, **dict.fromkeys((*sums.amounts, *sums.counts), "bigint")}
    columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.ledger_sums")
        cursor.execute(f"CREATE TEMPORARY TABLE ledger_sums ({columns}) ON COMMIT DROP")
        cursor.copy_expert("COPY ledger_sums FROM STDIN (FORMAT csv)", _csv(rows))
        cursor.execute("ANALYZE ledger_sums")
        matched = " AND ".join(f't."{name}" = s."{name}"' for name in sums.keys)
        cursor.execute(
            f"DELETE FROM {sums.table} t"
            f" WHERE NOT EXISTS (SELECT FROM ledger_sums s WHERE {matched})"
        )
        deleted = cursor.rowcount
        cursor.execute(_upsert(sums, names))
        return int(cursor.rowcount + deleted)


def _csv(rows: Iterable[list[Any]]) -> io.StringIO:
    found = io.StringIO()
    # An empty text in quotes is no NULL.
    csv.writer(found, quoting=csv.QUOTE_ALL).writerows(rows)
    found.seek(0)
    return found


def _upsert(sums: Sums, names: list[str]) -> str:
    quoted = {name: f'"{name}"' for name in names}
    told = [
        f"({quoted[name]}::numeric / 100)::numeric(16, 2)"
        if name in sums.amounts
        else quoted[name]
        for name in names
    ]
    rest = [quoted[name] for name in (*sums.amounts, *sums.counts)]
    return f"""
        INSERT INTO {sums.table} AS t ({", ".join(quoted.values())})
        SELECT {", ".join(told)} FROM ledger_sums
        ORDER BY {", ".join(quoted[name] for name in sums.keys)}
        ON CONFLICT ({", ".join(quoted[name] for name in sums.keys)}) DO UPDATE
           SET {", ".join(f"{name} = EXCLUDED.{name}" for name in rest)}
           WHERE ({", ".join(f"t.{name}" for name in rest)})
                 IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in rest)})
    """
