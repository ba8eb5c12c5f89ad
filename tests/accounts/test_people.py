"""Changing people, switching them off, and the last administrator."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from accounts.actor import Actor
from accounts.enums import Role
from accounts.models import Invitation, Team, User
from accounts.services.people import (
    UnableToChangePerson,
    UnableToDeactivate,
    UnableToResetSecondFactor,
    person_change,
    person_deactivate,
    person_reactivate,
    person_sign_out,
    second_factor_reset,
)
from common.errors import KeepwellError
from mail.models import OutboxMessage
from tests.accounts.entries import entries, entry, public
from tests.conftest import signed_in
from tests.world import NOW, PASSWORD, make_user

PAGE = "/styleguide/"


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin, "192.0.2.7", "a browser")


def change(person: User, by: Actor, **fields: Any) -> User:
    """This will change the named fields and leave the others."""
    names = ("name", "email", "role", "team", "time_zone", "language")
    return person_change(
        person=person,
        by=by,
        now=NOW,
        **{**{name: getattr(person, name) for name in names}, **fields},
    )


class TestChange:
    def test_saves_all_and_keeps_what_is_personal_apart(
        self, ana: User, by: Actor
    ) -> None:
        team = Team.objects.create(name="North")
        change(
            ana,
            by,
            name="Ana Pop",
            email="Pop@Example.org",
            role=Role.MANAGER,
            team=team,
            time_zone="Europe/Bucharest",
            language="ro",
        )
        ana.refresh_from_db()
        assert (
            ana.name,
            ana.email,
            ana.role,
            ana.team,
            ana.time_zone,
            ana.language,
        ) == (
            "Ana Pop",
            "pop@example.org",
            "manager",
            team,
            "Europe/Bucharest",
            "ro",
        )
        found = entry()
        assert public(found) == {
            "action": "accounts.person_changed",
            "before": {"role": "csm", "team": "", "time_zone": "", "language": ""},
            "after": {
                "role": "manager",
                "team": "North",
                "time_zone": "Europe/Bucharest",
                "language": "ro",
            },
        }
        assert (found.subject_id, found.detail.person_id) == (str(ana.pk), ana.pk)
        assert found.detail.data["before"] == {
            "name": "Ana Popescu",
            "email": "ana@example.org",
        }
        assert found.detail.data["after"] == {
            "name": "Ana Pop",
            "email": "pop@example.org",
        }
        assert found.detail.data["address"] == "192.0.2.7"

    def test_only_what_differs_is_written(self, ana: User, by: Actor) -> None:
        change(ana, by)
        assert entries() == []
        change(ana, by, language="de")
        assert public(entry())["after"] == {"language": "de"}

    def test_an_address_belongs_to_one_person(
        self, ana: User, charlie: User, by: Actor
    ) -> None:
        with pytest.raises(UnableToChangePerson) as refused:
            change(ana, by, email="CHARLIE@example.org")
        assert refused.value.field == "email"
        assert entries() == []

    def test_an_address_that_waits_is_not_taken(self, ana: User, by: Actor) -> None:
        Invitation.objects.create(
            email="new@example.org", name="New", created_at=NOW, expires_at=NOW
        )
        with pytest.raises(UnableToChangePerson, match="Withdraw the invitation"):
            change(ana, by, email="new@example.org")

    def test_the_old_address_opens_nothing(self, ana: User, by: Actor) -> None:
        """Allauth keeps addresses of its own, and would let the old one in."""
        EmailAddress.objects.create(user=ana, email=ana.email, verified=True)
        change(ana, by, email="new@example.org")
        client = Client()
        client.post("/sign-in/", {"login": "ana@example.org", "password": PASSWORD})
        assert "_auth_user_id" not in client.session
        client.post("/sign-in/", {"login": "new@example.org", "password": PASSWORD})
        assert "_auth_user_id" in client.session

    def test_a_new_address_ends_no_session(self, ana: User, by: Actor) -> None:
        client = signed_in(ana)
        change(ana, by, email="new@example.org")
        assert client.get(PAGE).status_code == 200


class TestLastAdministrator:
    def test_stays_one(self, admin: User, by: Actor) -> None:
        with pytest.raises(UnableToChangePerson) as refused:
            change(admin, by, role=Role.MANAGER)
        assert refused.value.field == "role"
        admin.refresh_from_db()
        assert admin.role == Role.ADMIN

    def test_may_step_down_where_another_stays(self, admin: User, by: Actor) -> None:
        make_user("second@example.org", role="admin")
        change(admin, by, role=Role.MANAGER)
        admin.refresh_from_db()
        assert admin.role == Role.MANAGER

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"is_demo": True}])
    def test_neither_the_switched_off_nor_the_demos_count(
        self, admin: User, by: Actor, fields: dict[str, bool]
    ) -> None:
        make_user("second@example.org", role="admin", **fields)
        with pytest.raises(UnableToChangePerson):
            change(admin, by, role=Role.CSM)

    def test_the_demos_people_can_be_changed(self, admin: User, by: Actor) -> None:
        guest = make_user("guest@example.org", role="admin", is_demo=True)
        change(guest, by, role=Role.CSM)
        person_deactivate(person=guest, by=by, now=NOW)
        guest.refresh_from_db()
        assert (guest.role, guest.is_active) == ("csm", False)

    def test_one_who_is_off_may_be_demoted(self, admin: User, by: Actor) -> None:
        gone = make_user("gone@example.org", role="admin", is_active=False)
        change(gone, by, role=Role.CSM)
        gone.refresh_from_db()
        assert gone.role == Role.CSM

    def test_can_not_be_switched_off(self, admin: User) -> None:
        other = make_user("second@example.org", role="admin")
        person_deactivate(person=other, by=Actor(admin), now=NOW)
        # The second's session may have been read before it was ended.
        with pytest.raises(UnableToDeactivate, match="last administrator"):
            person_deactivate(person=admin, by=Actor(other), now=NOW)
        admin.refresh_from_db()
        assert admin.is_active


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """This will make all calls at the same moment; returns results or refusals."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return call()
        except KeepwellError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_two_administrators_can_not_demote_each_other(round_: int) -> None:
    one, two = (make_user(f"{name}@example.org", role="admin") for name in "ab")
    results = at_once(
        lambda: change(one, Actor(two), role=Role.CSM),
        lambda: person_deactivate(person=two, by=Actor(one), now=NOW),
    )
    refused = [result for result in results if isinstance(result, KeepwellError)]
    assert len(refused) == 1
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


class TestDeactivation:
    def test_ends_every_session_and_none_comes_back(self, ana: User, by: Actor) -> None:
        desk, phone = signed_in(ana), signed_in(ana)
        assert desk.get(PAGE).status_code == phone.get(PAGE).status_code == 200
        person_deactivate(person=ana, by=by, now=NOW)
        assert desk.get(PAGE).status_code == 302
        person_reactivate(person=ana, by=by, now=NOW)
        # The phone slept through the time when its person was switched off.
        assert phone.get(PAGE).status_code == desk.get(PAGE).status_code == 302
        desk.post("/sign-in/", {"login": ana.email, "password": PASSWORD})
        assert desk.get(PAGE).status_code == 200

    def test_leaves_others_alone(self, ana: User, charlie: User, by: Actor) -> None:
        theirs = signed_in(charlie)
        person_deactivate(person=ana, by=by, now=NOW)
        assert theirs.get(PAGE).status_code == 200

    def test_nobody_signs_in_meanwhile(self, ana: User, by: Actor) -> None:
        person_deactivate(person=ana, by=by, now=NOW)
        client = Client()
        client.post("/sign-in/", {"login": ana.email, "password": PASSWORD})
        assert "_auth_user_id" not in client.session

    def test_is_written_down_once(self, ana: User, by: Actor) -> None:
        for _ in range(2):
            person_deactivate(person=ana, by=by, now=NOW)
        for _ in range(2):
            person_reactivate(person=ana, by=by, now=NOW)
        off, on = entries()
        assert public(off) == {
            "action": "accounts.person_deactivated",
            "before": {"is_active": True},
            "after": {"is_active": False},
        }
        assert (on.action, on.after) == (
            "accounts.person_reactivated",
            {"is_active": True},
        )
        assert off.detail.data["subject"] == {
            "name": "Ana Popescu",
            "email": "ana@example.org",
        }

    def test_nobody_switches_off_themselves(self, admin: User, by: Actor) -> None:
        make_user("second@example.org", role="admin")
        with pytest.raises(UnableToDeactivate, match="themselves"):
            person_deactivate(person=admin, by=by, now=NOW)


def test_signing_out_everywhere(ana: User, by: Actor) -> None:
    desk, phone = signed_in(ana), signed_in(ana)
    person_sign_out(person=ana, by=by, now=NOW)
    assert desk.get(PAGE).status_code == phone.get(PAGE).status_code == 302
    assert (entry().action, entry().detail.person_id) == (
        "accounts.signed_out_everywhere",
        ana.pk,
    )
    desk.post("/sign-in/", {"login": ana.email, "password": PASSWORD})
    assert desk.get(PAGE).status_code == 200


class TestSecondFactorReset:
    @pytest.fixture
    def factors(self, ana: User, admin: User) -> None:
        for owner in (ana, admin):
            for kind in ("totp", "recovery_codes"):
                Authenticator.objects.create(user=owner, type=kind, data={})

    def test_takes_all_of_one_person(
        self, ana: User, admin: User, by: Actor, factors: None
    ) -> None:
        client = signed_in(ana)
        assert second_factor_reset(person=ana, by=by, now=NOW) == 2
        left = Authenticator.objects.values_list("user_id", flat=True)
        assert sorted(left) == [admin.pk, admin.pk]
        assert client.get(PAGE).status_code == 302
        assert public(entry()) == {
            "action": "accounts.second_factor_reset",
            "before": {"factors": ["recovery_codes", "totp"]},
            "after": {"factors": []},
        }
        told = OutboxMessage.objects.get()
        assert (told.to_email, told.data["change"]) == (ana.email, "reset")

    def test_does_nothing_where_there_is_none(self, ana: User, by: Actor) -> None:
        assert second_factor_reset(person=ana, by=by, now=NOW) == 0
        assert entries() == []

    def test_is_not_for_oneself(self, admin: User, by: Actor, factors: None) -> None:
        with pytest.raises(UnableToResetSecondFactor):
            second_factor_reset(person=admin, by=by, now=NOW)
        assert Authenticator.objects.filter(user=admin).count() == 2
