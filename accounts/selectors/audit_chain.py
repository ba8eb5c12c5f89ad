"""The audit log as the verification reads it."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.calculations.chain import Link
from accounts.calculations.verdict import ERASED, Detail, Head, Stored, named_erased
from accounts.models import AuditDetail, AuditEntry

COLUMNS = list(Link.__slots__)
TRIGGERS = {
    "accounts_audit_only_insert": "accounts_auditentry",
    "accounts_auditdetail_no_update": "accounts_auditdetail",
    "accounts_audithead_no_delete": "accounts_audithead",
}

GUARDING = (
    "SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s)"
    " AND tgrelid = ANY(%s::regclass[]) AND tgenabled IN ('O', 'A')"
)
# A superuser is a member of every role; who owns the schema may drop its tables.
HARMLESS = (
    "SELECT NOT bool_or(pg_has_role(c.relowner, 'MEMBER')"
    " OR pg_has_role(n.nspowner, 'MEMBER'))"
    " AND NOT has_table_privilege('accounts_auditentry', 'UPDATE, DELETE, TRUNCATE')"
    " AND NOT has_table_privilege('accounts_auditdetail', 'UPDATE, TRUNCATE')"
    " AND NOT has_table_privilege('accounts_audithead', 'DELETE, TRUNCATE')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.oid = ANY(%s::regclass[])"
)


def entries_stored(*, after: int | None, limit: int) -> list[Stored]:
    """This will read the entries that follow a number, in order. One query."""
    rows = AuditEntry.objects.order_by("number")
    if after is not None:
        rows = rows.filter(number__gt=after)
    details = ("detail__salt", "detail__person_id", "detail__data")
    return [
        Stored(
            link=Link(*row[: len(COLUMNS)]),
            digest=row[len(COLUMNS)],
            detail=None if row[-3] is None else Detail(*row[-3:]),
        )
        for row in rows.values_list(*COLUMNS, "digest", *details)[:limit]
    ]


def entries_erased() -> set[int]:
    """This will return the entries whose details the log says were erased."""
    found: set[int] = set()
    erasures = AuditEntry.objects.filter(action=ERASED)
    for after in erasures.values_list("after", flat=True).iterator():
        found |= named_erased(after)
    return found


def details_stray() -> Iterator[int]:
    """This will yield the numbers of details whose entry is not there."""
    entry = AuditEntry.objects.filter(number=OuterRef("entry_id"))
    stray = AuditDetail.objects.filter(~Exists(entry)).order_by("entry_id")
    return stray.values_list("entry_id", flat=True).iterator()


def head_and_newest() -> tuple[Head | None, int | None]:
    """This will read the head and the newest entry's number, both of one moment.

    In SQL, because only one statement sees both as they belong together while others
    append.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(number) FROM accounts_auditentry),"
            " h.entries, h.digest, h.mac FROM (SELECT 1) AS one"
            " LEFT JOIN accounts_audithead h ON h.id = 1"
        )
        newest, entries, digest, mac = cursor.fetchone()
    return (None if entries is None else Head(entries, digest, mac)), newest


def triggers_lacking() -> list[str]:
    """This will name the tables that no longer refuse to be changed.

    Only PostgreSQL's catalogue knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(GUARDING, [list(TRIGGERS), list(TRIGGERS.values())])
        there = {name for (name,) in cursor.fetchall()}
    return [table for name, table in TRIGGERS.items() if name not in there]


def privileges_enforced() -> bool:
    """This will tell whether our own role has no means of changing an entry.

    Only PostgreSQL's catalogue knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(HARMLESS, [list(TRIGGERS.values())])
        return bool(cursor.fetchone()[0])
