"""Reading what the ledger of some customers is made from.

Raw SQL by COPY, because a row that becomes a Python object costs fifty times as much.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from billing.calculations.ledger import Gaps, Log
from billing.calculations.revenue.facts import Departures, History, Profile
from billing.calculations.revenue.renewals import Contracts, main_plans
from billing.selectors import ledger_statements_sql as statements
from billing.selectors.ledger_terms import Terms
from common.copy import Columns, read_copy

# Without planning for the whole table: what is asked for is a small part of it.
SETTINGS = "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
# All tables as they are at one moment; only possible where a transaction begins.
ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"


@dataclass(frozen=True, slots=True)
class Range:
    """Customers by their ids."""

    first: int
    last: int

    def condition(self, column: str) -> tuple[str, list[Any]]:
        """This will return the SQL that keeps these customers, and its parameters."""
        return f"{column} BETWEEN %s AND %s", [self.first, self.last]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Customers one by one."""

    ids: Sequence[int]

    def condition(self, column: str) -> tuple[str, list[Any]]:
        """This will return the SQL that keeps these customers, and its parameters."""
        return f"{column} = ANY(%s)", [list(self.ids)]


Scope = Range | Chosen


@dataclass(frozen=True, slots=True)
class LogRead:
    """The change log of some customers; `currencies` names the log's numbers."""

    log: Log
    currencies: tuple[str, ...]
    contracts: Contracts


@contextmanager
def one_snapshot() -> Iterator[Any]:
    """This will lend a cursor that sees all tables as they are at one moment.

    Inside a transaction it sees what that has written, and the next statement may see
    more of what others commit.
    """
    begins = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if begins:
            cursor.execute(f"{ONE_SNAPSHOT} {SETTINGS}")
        yield cursor


def log_read(cursor: Any, scope: Scope, terms: Terms) -> LogRead:
    """This will read the change log of some customers. One query."""
    rows = _rows(cursor, statements.LOG, scope, statements.LOG_COLUMNS, zone=terms.zone)
    names, codes = np.unique(rows["currency"].view("S3"), return_inverse=True)
    fields = [name for name in Log.__dataclass_fields__ if name != "currency"]
    log = Log(currency=codes.astype(np.int16), **{name: rows[name] for name in fields})
    contracts = Contracts(
        interval=rows["interval"].astype(np.int64),
        renews_on=rows["renews_on"].astype(np.int64),
        anchored_on=rows["anchored_on"].astype(np.int64),
        plan=rows["plan"],
    )
    currencies = tuple(name.decode().strip() for name in names.tolist())
    return LogRead(log, currencies, contracts)


def gaps_read(cursor: Any, scope: Scope, terms: Terms, *, late: int | None) -> Gaps:
    """This will read invoices unpaid `late` days after they were due; None asks for none.

    One query.
    """
    if late is None:
        return Gaps.none()
    rows = _rows(
        cursor, statements.GAPS, scope, statements.GAP_COLUMNS, day=terms.day, late=late
    )
    return Gaps(**rows)


def profile_read(
    cursor: Any, scope: Scope, terms: Terms, read: LogRead
) -> tuple[Profile, History]:
    """This will read what customers are and were taken for. Two queries."""
    where, found = scope.condition("id")
    cursor.execute(statements.PROFILE.format(scope=where), found)
    now = list(zip(*cursor.fetchall(), strict=True)) or [()] * 6
    where, found = scope.condition("customer_id")
    cursor.execute(statements.HISTORY.format(scope=where), [terms.zone, *found])
    then = list(zip(*cursor.fetchall(), strict=True)) or [()] * 4
    customer = np.array(now[0], dtype=np.int64)
    plan = _plans(customer, read, terms)
    words, codes, before = {}, {}, {}
    for place, name in enumerate(("segment", "stage"), start=1):
        words[name], both = _coded([*now[place], *then[place + 1]])
        codes[name], before[name] = both[: len(customer)], both[len(customer) :]
    for name, column in zip(("persona", "source", "owner"), now[3:], strict=True):
        words[name], codes[name] = _coded(column)
    words["plan"], codes["plan"] = _coded(plan)
    history = History(
        customer=np.array(then[0], dtype=np.int64),
        day=np.array(then[1], dtype=np.int64),
        codes=before,
    )
    return Profile(customer=customer, codes=codes, words=words), history


def departures_read(cursor: Any, scope: Scope) -> Departures:
    """This will read who left, when and why. One query."""
    where, found = scope.condition("customer_id")
    cursor.execute(statements.DEPARTURES.format(scope=where), found)
    columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * 4
    words, reason = _coded(columns[3])
    return Departures(
        customer=np.array(columns[0], dtype=np.int64),
        day=np.array(columns[1], dtype=np.int64),
        involuntary=np.array(columns[2], dtype=np.bool_),
        reason=reason,
        words=words,
    )


def _plans(customer: NDArray[np.int64], read: LogRead, terms: Terms) -> list[str]:
    """This will name the plan that each customer is counted under; "" for none."""
    owners, plans = main_plans(read.log, read.contracts.plan, until=terms.until)
    found = np.zeros(len(customer), dtype=np.int64)
    found[np.searchsorted(customer, owners)] = plans
    return list(np.where(found == 0, "", found.astype(str)).tolist())


def _coded(texts: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """This will return the words that occur, and the place of each text among them."""
    words, codes = np.unique(np.array(texts, dtype=object), return_inverse=True)
    return tuple(words.tolist()), codes.astype(np.int64)


def _rows(
    cursor: Any, statement: str, scope: Scope, columns: Columns, **more: Any
) -> dict[str, NDArray[Any]]:
    where, found = scope.condition("c.customer_id")
    kept = cursor.mogrify(where, found).decode()
    values = {
        name: cursor.mogrify("%s", [value]).decode() for name, value in more.items()
    }
    return read_copy(cursor, statement.format(scope=kept, **values), columns)
