"""The database itself refuses: by triggers everybody, by rights our own role."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from accounts.actor import MACHINE
from accounts.models import AuditDetail, AuditEntry, AuditHead
from accounts.selectors.audit_chain import (
    GUARDING,
    HARMLESS,
    TRIGGERS,
    privileges_enforced,
    triggers_lacking,
)
from accounts.services.audit import audit_record
from tests.world import NOW

FORBIDDEN = (
    "UPDATE accounts_auditentry SET action = 'x'",
    "DELETE FROM accounts_auditentry",
    "TRUNCATE accounts_auditentry CASCADE",
    "UPDATE accounts_auditdetail SET salt = 'x'",
    "TRUNCATE accounts_auditdetail",
    "DELETE FROM accounts_audithead",
    "TRUNCATE accounts_audithead",
)
# What only the owner of the tables, or a superuser, might do.
OWNERS_ONLY = (
    "DROP TABLE accounts_auditentry CASCADE",
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER ALL",
    "ALTER TABLE accounts_auditentry RENAME TO elsewhere",
    "ALTER TABLE accounts_auditentry OWNER TO CURRENT_USER",
    "CREATE RULE r AS ON INSERT TO accounts_auditentry DO INSTEAD NOTHING",
    "CREATE TRIGGER t BEFORE INSERT ON accounts_auditentry EXECUTE FUNCTION f()",
    "ALTER FUNCTION accounts_audit_refuse() RENAME TO elsewhere",
    "DROP SCHEMA public CASCADE",
    "ALTER SCHEMA public RENAME TO elsewhere",
    "SET session_replication_role = replica",
    "SET ROLE keepwell_audit",
    "GRANT keepwell_audit TO CURRENT_USER",
    "DROP FUNCTION keepwell_audit_protect()",
)


def refused(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return audit_record(by=MACHINE, action="a.b", now=NOW)


@pytest.fixture
def lesser_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            pytest.skip("DATABASE_URL names a superuser, whom nothing is denied")


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nobody_changes_or_empties_it(entry: AuditEntry, statement: str) -> None:
    refused(statement)


@pytest.mark.parametrize("statement", [*FORBIDDEN, *OWNERS_ONLY])
def test_our_role_has_no_right_to(
    lesser_role: None, entry: AuditEntry, statement: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.fixture
def superuser(lesser_role: None) -> Iterator[Any]:
    """The owner of the cluster, whose transaction comes to nothing."""
    parameters = {**connection.get_connection_params(), "user": "postgres"}
    parameters.pop("cursor_factory")
    own = psycopg2.connect(**parameters)
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.rollback()
        own.close()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_even_a_superuser_meets_the_triggers(superuser: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="only be added"):
        superuser.execute(statement)


def test_our_role_may_do_what_it_must(entry: AuditEntry) -> None:
    assert AuditDetail.objects.filter(entry=entry).delete()[0] == 1
    assert AuditHead.objects.update(entries=entry.number) == 1


def test_the_database_says_what_it_guards(lesser_role: None) -> None:
    assert privileges_enforced()
    assert triggers_lacking() == []


def test_a_mightier_role_and_a_silent_trigger_are_seen(superuser: Any) -> None:
    superuser.execute(HARMLESS, [list(TRIGGERS.values())])
    assert superuser.fetchone() == (False,)
    superuser.execute("ALTER TABLE accounts_audithead DISABLE TRIGGER ALL")
    superuser.execute(GUARDING, [list(TRIGGERS), list(TRIGGERS.values())])
    assert {name for (name,) in superuser.fetchall()} == {
        "accounts_audit_only_insert",
        "accounts_auditdetail_no_update",
    }


def test_every_table_has_its_trigger() -> None:
    models = (AuditEntry, AuditDetail, AuditHead)
    assert set(TRIGGERS.values()) == {model._meta.db_table for model in models}


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_it_alone() -> None:
    from django.core.management import call_command

    entry = audit_record(by=MACHINE, action="a.b", now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.get(number=entry.number).digest == entry.digest


def test_bad_migrations_are_refused(entry: AuditEntry) -> None:
    """What a later migration might try by mistake."""
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.schema_editor() as editor,
    ):
        editor.delete_model(AuditEntry)
