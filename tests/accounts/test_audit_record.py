"""Writing the log: what is kept, and that it comes back as it was written."""

import datetime as dt
from collections.abc import Sequence

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actor import CONSOLE, MACHINE, Actor
from accounts.calculations.chain import START, head_mac
from accounts.models import AuditEntry, AuditHead, User
from accounts.services.audit import audit_record
from accounts.services.audit_seal import UnableToSeal, audit_seal
from accounts.services.audit_verify import audit_verify
from tests.world import NOW

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def wrongs(noted: Sequence[object] = ()) -> list[tuple[str, int]]:
    return [(fault.what.value, fault.number) for fault in audit_verify().faults]


def test_an_entry_says_who_what_and_from_where(admin: User, ana: User) -> None:
    by = Actor(admin, "192.0.2.1", "Firefox")
    entry = audit_record(
        by=by,
        action="accounts.person_changed",
        now=NOW,
        subject=ana,
        person=ana,
        before={"role": "csm"},
        after={"role": "admin"},
        personal={"subject": {"name": ana.name}},
    )
    head = AuditHead.objects.get()
    stored = AuditEntry.objects.get(number=head.entries)
    assert stored == entry
    assert (stored.actor_id, stored.at) == (admin.pk, NOW)
    assert (stored.subject_type, stored.subject_id) == ("accounts.user", str(ana.pk))
    assert (stored.before, stored.after) == ({"role": "csm"}, {"role": "admin"})
    assert stored.detail.person_id == ana.pk
    assert stored.detail.data == {
        "actor": {"name": "Ada Admin", "email": "admin@example.org"},
        "address": "192.0.2.1",
        "agent": "Firefox",
        "subject": {"name": "Ana Popescu"},
    }
    assert head.digest == stored.digest
    assert head.mac == head_mac(settings.AUDIT_KEYS[0], head.entries, head.digest)


def test_entries_are_chained(db: None) -> None:
    first, second = (audit_record(by=MACHINE, action="a.b", now=NOW) for _ in range(2))
    assert second.number == first.number + 1
    assert second.previous == first.digest != START
    assert wrongs() == []


def test_it_costs_five_statements(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit_record(by=MACHINE, action="a.b", now=NOW)
    # And a savepoint, which is the caller's transaction in earnest.
    with django_assert_num_queries(7):
        audit_record(by=MACHINE, action="a.b", now=NOW)


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    values=st.dictionaries(st.text(), JSON, max_size=3),
    moment=st.datetimes(
        min_value=dt.datetime(1990, 1, 1),
        max_value=dt.datetime(2100, 1, 1),
        timezones=st.just(dt.UTC),
    ),
    agent=st.text(max_size=20),
)
def test_whatever_is_written_is_not_taken_for_forged(
    db: None, values: dict[str, object], moment: dt.datetime, agent: str
) -> None:
    by = Actor(None, "", agent)
    audit_record(
        by=by, action="a.b", now=moment, before=values, after=values, personal=values
    )
    assert wrongs() == []


def test_our_next_entry_does_not_bless_a_foreign_head(db: None) -> None:
    """Who has the database and not the key may move the head, once."""
    first = audit_record(by=MACHINE, action="a.b", now=NOW)
    AuditHead.objects.update(mac="f" * 64)
    assert wrongs() == [("seal", first.number)]
    second = audit_record(by=MACHINE, action="a.b", now=NOW)
    assert wrongs() == [("seal", second.number)]


def test_a_person_may_seal_it_anew_and_is_named_for_it(db: None) -> None:
    audit_record(by=MACHINE, action="a.b", now=NOW)
    AuditHead.objects.update(mac="f" * 64)
    head = audit_seal(reason="The key was lost.", by=CONSOLE, now=NOW)
    assert wrongs() == []
    entry = AuditEntry.objects.get(number=head.entries)
    assert entry.action == "audit.sealed_anew"
    assert entry.after == {"reason": "The key was lost."}


def test_nothing_is_sealed_where_nothing_is_written(db: None) -> None:
    if AuditHead.objects.exists():
        pytest.skip("another test has committed entries")
    with pytest.raises(UnableToSeal, match="no head"):
        audit_seal(reason="x", by=CONSOLE, now=NOW)


def test_an_older_key_is_known_and_the_newest_is_used(
    db: None, settings: Settings
) -> None:
    old, new = b"o" * 32, b"n" * 32
    settings.AUDIT_KEYS = [old, *settings.AUDIT_KEYS]
    audit_record(by=MACHINE, action="a.b", now=NOW)
    settings.AUDIT_KEYS = [new, old]
    assert wrongs() == []
    audit_record(by=MACHINE, action="a.b", now=NOW)
    settings.AUDIT_KEYS = [new]
    assert wrongs() == []
    # The key was changed and the old one is not named.
    settings.AUDIT_KEYS = [b"x" * 32]
    assert [what for what, _ in wrongs()] == ["seal"]
