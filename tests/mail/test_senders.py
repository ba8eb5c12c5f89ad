"""In whose name mail goes out."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AuditEntry, User
from common.changes import digest_of
from mail.forms.senders import SenderForm
from mail.models import Sender
from mail.selectors.senders import senders_listed
from mail.services.senders import (
    FIELDS,
    UnableToRetireSender,
    UnableToSaveUnseenSender,
    sender_add,
    sender_change,
    sender_make_default,
    sender_restore,
    sender_retire,
)
from tests.accounts.test_people import at_once
from tests.mail.rows import make_message
from tests.world import NOW, make_user


def add(admin: User, name: str = "Fleetlane", **fields: str) -> Sender:
    details = {"email": "hello@fleetlane.example", "reply_to": "", **fields}
    return sender_add(name=name, **details, by=Actor(admin), now=NOW)


def written() -> list[AuditEntry]:
    found = AuditEntry.objects.filter(action__startswith="mail.")
    return list(found.select_related("detail").order_by("number"))


def test_the_first_one_is_the_default(admin: User) -> None:
    first, second = add(admin), add(admin, "Care team")
    assert (first.is_default, second.is_default) == (True, False)
    found = written()
    assert [entry.after for entry in found] == [
        {"is_default": True},
        {"is_default": False},
    ]
    # A name and an address are somebody's; they can be erased.
    assert found[1].detail.data["after"]["name"] == "Care team"


def test_a_change_is_written_down_with_both_sides(admin: User) -> None:
    sender = add(admin)
    changed = sender_change(
        sender=sender,
        name="Fleetlane care",
        email=sender.email,
        reply_to="",
        seen=digest_of(sender, FIELDS),
        by=Actor(admin),
        now=NOW,
    )
    assert changed == ["name"]
    found = written()[-1]
    assert found.action == "mail.sender_changed"
    assert found.detail.data["before"] == {"name": "Fleetlane"}
    assert found.detail.data["after"] == {"name": "Fleetlane care"}


def test_nobody_is_overwritten_unseen(admin: User) -> None:
    sender = add(admin)
    seen = digest_of(sender, FIELDS)
    Sender.objects.update(name="Theirs")
    with pytest.raises(UnableToSaveUnseenSender):
        sender_change(
            sender=sender,
            name="Mine",
            email=sender.email,
            reply_to="",
            seen=seen,
            by=Actor(admin),
            now=NOW,
        )
    assert Sender.objects.get().name == "Theirs"


def test_the_default_moves(admin: User) -> None:
    first, second = add(admin), add(admin, "Care team")
    for _ in range(2):
        sender_make_default(sender=second, by=Actor(admin), now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    moves = [row for row in written() if row.action == "mail.sender_made_default"]
    assert [(row.before, row.after) for row in moves] == [
        ({"default": first.pk}, {"default": second.pk})
    ]


def test_the_default_is_not_retired(admin: User) -> None:
    with pytest.raises(UnableToRetireSender):
        sender_retire(sender=add(admin), by=Actor(admin), now=NOW)


def test_messages_keep_a_retired_one(admin: User) -> None:
    add(admin)
    second = add(admin, "Care team")
    message = make_message(sender=second)
    for _ in range(2):
        sender_retire(sender=second, by=Actor(admin), now=NOW)
    message.refresh_from_db()
    assert message.sender == second
    assert [sender.name for sender in senders_listed()] == ["Fleetlane", "Care team"]
    assert [row.action for row in written()].count("mail.sender_retired") == 1


def test_a_retired_one_comes_back(admin: User) -> None:
    add(admin)
    second = add(admin, "Care team")
    sender_retire(sender=second, by=Actor(admin), now=NOW)
    for _ in range(2):
        sender_restore(sender=second, by=Actor(admin), now=NOW)
    second.refresh_from_db()
    assert second.retired_at is None
    assert [row.action for row in written()].count("mail.sender_restored") == 1


def test_a_retired_one_made_default_is_in_use(admin: User) -> None:
    add(admin)
    second = add(admin, "Care team")
    sender_retire(sender=second, by=Actor(admin), now=NOW)
    sender_make_default(sender=second, by=Actor(admin), now=NOW)
    second.refresh_from_db()
    assert (second.is_default, second.retired_at) == (True, None)


@pytest.mark.django_db(transaction=True)
def test_there_is_always_one_default() -> None:
    admin = make_user("admin@example.org", role="admin")
    senders = [add(admin, f"Sender {number}") for number in range(6)]
    at_once(
        *(
            lambda sender=sender: sender_make_default(
                sender=sender, by=Actor(admin), now=NOW
            )
            for sender in senders
        ),
        *(
            lambda sender=sender: sender_retire(sender=sender, by=Actor(admin), now=NOW)
            for sender in senders
        ),
    )
    (default,) = Sender.objects.filter(is_default=True)
    assert default.retired_at is None


@pytest.mark.parametrize(
    ("name", "email", "good"),
    [
        ("Fleetlane", "hello@fleetlane.example", True),
        ("Größe & Co „Ilfov”", "hello@bücher.example", True),
        ("Fleetlane\r\nBcc: all@example.org", "hello@fleetlane.example", False),
        ("Fleetlane\x00", "hello@fleetlane.example", False),
        ("Fleet\u2028lane", "hello@fleetlane.example", False),
        ("Fleet\u202elane", "hello@fleetlane.example", False),
        ("", "hello@fleetlane.example", False),
        ("x" * 101, "hello@fleetlane.example", False),
        ("Fleetlane", "hello", False),
        ("Fleetlane", "hello@fleetlane.example\nBcc: x@example.org", False),
        ("Fleetlane", "a@b.example, c@d.example", False),
    ],
)
def test_names_and_addresses_are_checked(
    db: None, name: str, email: str, *, good: bool
) -> None:
    form = SenderForm({"name": name, "email": email, "reply_to": ""})
    assert form.is_valid() is good


def test_the_service_checks_too(admin: User) -> None:
    with pytest.raises(ValidationError):
        add(admin, email="nobody")
    assert written() == []
