"""The suppression list as a service: once, audited, and nobody's address in the log."""

import json
import threading

import pytest
from django.db import connection

from accounts.actor import MACHINE, Actor
from accounts.models import AuditDetail, AuditEntry, User
from mail.enums import SuppressionScope
from mail.models import Suppression
from mail.selectors.suppressions import suppression_page, suppression_wishes
from mail.services.suppressions import (
    UnableToSuppress,
    suppression_add,
    suppression_lift,
    suppression_restore,
)
from tests.world import NOW

EMAIL = "mara@brightwater.example"


def add(email: str = EMAIL, scope: str = "all", by: Actor = MACHINE) -> Suppression:
    return suppression_add(
        email=email, scope=scope, reason="unsubscribed", source="s", by=by, now=NOW
    )


def actions() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="mail.")
    return list(entries.order_by("number").values_list("action", flat=True))


def test_an_address_is_added_once(admin: User) -> None:
    by = Actor(admin, "192.0.2.7")
    first = add(by=by)
    again = add(" MARA@Brightwater.example", by=by)
    assert again == first
    assert (first.email, first.created_by, first.created_at) == (EMAIL, admin, NOW)
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}
    assert (
        suppression_wishes("") == suppression_wishes("other@x.example") == frozenset()
    )
    assert actions() == ["mail.suppression_added"]


def test_the_address_stands_only_among_the_personal_details(db: None) -> None:
    add()
    entry = AuditEntry.objects.get()
    assert entry.after == {"scope": "all", "reason": "unsubscribed"}
    assert EMAIL not in json.dumps([entry.before, entry.after])
    assert AuditDetail.objects.get().data["subject"] == {"email": EMAIL, "source": "s"}


def test_lifting_and_putting_back_happen_once(db: None, admin: User) -> None:
    entry, by = add(), Actor(admin)
    assert suppression_lift(suppression=entry, by=by, now=NOW)
    assert not suppression_lift(suppression=entry, by=by, now=NOW)
    assert suppression_wishes(EMAIL) == frozenset()
    entry.refresh_from_db()
    assert (entry.lifted_by, entry.lifted_at) == (admin, NOW)
    assert suppression_restore(suppression=entry, by=by, now=NOW)
    assert not suppression_restore(suppression=entry, by=by, now=NOW)
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}
    assert actions() == [
        "mail.suppression_added",
        "mail.suppression_lifted",
        "mail.suppression_restored",
    ]


def test_what_is_on_the_list_anew_is_not_put_back_twice(db: None) -> None:
    old = add()
    suppression_lift(suppression=old, by=MACHINE, now=NOW)
    new = add()
    assert new != old
    assert not suppression_restore(suppression=old, by=MACHINE, now=NOW)
    assert list(Suppression.objects.active()) == [new]


@pytest.mark.parametrize("text", ["", "nobody", "  "])
def test_what_is_no_address_is_refused(db: None, text: str) -> None:
    with pytest.raises(UnableToSuppress):
        add(text)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_one() -> None:
    barrier = threading.Barrier(10)

    def go() -> None:
        barrier.wait()
        add()
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Suppression.objects.count() == 1


def test_a_whole_address_finds_the_entry_of_an_erased_person(db: None) -> None:
    entry, other = add(), add("other@x.example")
    Suppression.objects.filter(pk=entry.pk).update(email="")
    assert [x.entry for x in suppression_page(words=EMAIL.upper()).lines] == [entry]
    assert [x.entry for x in suppression_page(words="other").lines] == [other]
    assert [x.entry for x in suppression_page().lines] == [other, entry]
    assert suppression_page(words="mara").lines == []
