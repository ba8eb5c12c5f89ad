"""Inviting, sending once more, withdrawing, and coming in."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.enums import Role
from accounts.mails import InvitationMail
from accounts.models import Company, Invitation, Team, User
from accounts.selectors.people import LinkState
from accounts.services.invitations import (
    UnableToAccept,
    UnableToInvite,
    invitation_accept,
    invitation_create,
    invitation_resend,
    invitation_withdraw,
)
from common.links import link_token
from common.mailing import LinkMaker, MailIsPointless
from mail.models import OutboxMessage
from mail.rendering import message_render
from tests.accounts.entries import entries, entry, last_number, public
from tests.accounts.test_people import at_once
from tests.world import NOW, PASSWORD, make_user

LATER = NOW + dt.timedelta(days=2)


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin, "192.0.2.7")


def invite(by: Actor, **fields: Any) -> Invitation:
    words = {
        "email": "leo@example.org",
        "name": "Leo Brandt",
        "role": Role.CSM,
        "team": None,
        "language": "",
        "now": NOW,
        **fields,
    }
    return invitation_create(**words, by=by)


def accept(invitation: Invitation, generation: int = 1, **fields: Any) -> User:
    words = {
        "name": "Leo Brandt",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "password": PASSWORD,
        "by": Actor(None, "192.0.2.9"),
        "now": LATER,
        **fields,
    }
    return invitation_accept(invitation=invitation, generation=generation, **words)


class TestInviting:
    def test_asks_for_one_mail_in_the_same_breath(self, by: Actor) -> None:
        team = Team.objects.create(name="North")
        made = invite(by, email="Leo@Example.org", team=team, language="de")
        assert (made.email, made.expires_at) == (
            "leo@example.org",
            NOW + dt.timedelta(days=7),
        )
        mail = OutboxMessage.objects.get()
        assert (mail.kind, mail.to_email, mail.language, mail.effect_key) == (
            "accounts.invitation",
            "leo@example.org",
            "de",
            f"accounts.invitation:{made.pk}:1",
        )
        # Nothing that opens the door is stored.
        assert mail.data == {"invitation": made.pk, "generation": 1}
        found = entry()
        assert public(found) == {
            "action": "accounts.invitation_sent",
            "before": {},
            "after": {"role": "csm", "team": "North"},
        }
        assert found.detail.data["subject"] == {
            "name": "Leo Brandt",
            "email": "leo@example.org",
        }

    def test_people_are_not_invited(self, ana: User, by: Actor) -> None:
        with pytest.raises(UnableToInvite, match="Ana Popescu signs in with"):
            invite(by, email="ANA@example.org")
        User.objects.filter(pk=ana.pk).update(is_active=False)
        with pytest.raises(UnableToInvite, match="switched off"):
            invite(by, email=ana.email)
        assert not OutboxMessage.objects.exists()

    def test_nobody_is_invited_twice(self, by: Actor) -> None:
        invite(by)
        with pytest.raises(UnableToInvite, match="once more instead"):
            invite(by, email="LEO@example.org", now=NOW + dt.timedelta(days=30))
        assert OutboxMessage.objects.count() == 1

    def test_whoever_was_withdrawn_may_be_asked_again(self, by: Actor) -> None:
        first = invite(by)
        invitation_withdraw(invitation=first, by=by, now=LATER)
        assert invite(by, now=LATER).pk != first.pk


class TestResending:
    def test_gives_a_new_link_and_ends_the_old_one(self, by: Actor) -> None:
        made = invite(by)
        again = invitation_resend(invitation=made, by=by, now=LATER)
        assert (again.generation, again.expires_at) == (2, LATER + dt.timedelta(days=7))
        keys = OutboxMessage.objects.order_by("pk").values_list("effect_key", flat=True)
        assert list(keys) == [f"accounts.invitation:{made.pk}:{n}" for n in (1, 2)]
        with pytest.raises(UnableToAccept) as refused:
            accept(made, 1)
        assert refused.value.state is LinkState.REPLACED
        assert accept(made, 2).email == "leo@example.org"

    def test_is_for_those_who_wait(self, by: Actor) -> None:
        made = invite(by)
        accept(made)
        for service in (invitation_resend, invitation_withdraw):
            with pytest.raises(UnableToInvite, match="meanwhile"):
                service(invitation=made, by=by, now=LATER)

    def test_is_not_for_people(self, by: Actor) -> None:
        made = invite(by)
        make_user("leo@example.org")
        with pytest.raises(UnableToInvite, match="already"):
            invitation_resend(invitation=made, by=by, now=LATER)


class TestAccepting:
    def test_makes_the_person_that_was_meant(self, by: Actor) -> None:
        team = Team.objects.create(name="North")
        made = invite(by, role=Role.MANAGER, team=team)
        person = accept(made, name="Leo B.")
        person.refresh_from_db()
        assert (person.email, person.name, person.role, person.team) == (
            "leo@example.org",
            "Leo B.",
            "manager",
            team,
        )
        assert (person.language, person.time_zone) == ("de", "Europe/Berlin")
        assert person.check_password(PASSWORD)
        made.refresh_from_db()
        assert (made.accepted_at, made.user) == (LATER, person)
        found = entries()[-1]
        assert (found.action, found.actor_id, found.after) == (
            "accounts.invitation_accepted",
            person.pk,
            {"person": person.pk, "role": "manager"},
        )
        assert found.detail.data["address"] == "192.0.2.9"

    @pytest.mark.parametrize(
        ("change", "state"),
        [
            ({"expires_at": LATER}, LinkState.EXPIRED),
            ({"withdrawn_at": NOW}, LinkState.WITHDRAWN),
            ({"accepted_at": NOW}, LinkState.USED),
            ({"generation": 2}, LinkState.REPLACED),
        ],
    )
    def test_is_refused_when_the_link_is_dead(
        self, by: Actor, change: dict[str, Any], state: LinkState
    ) -> None:
        made = invite(by)
        Invitation.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(UnableToAccept) as refused:
            accept(made)
        assert refused.value.state is state
        assert not User.objects.filter(email="leo@example.org").exists()

    def test_gives_nothing_to_somebody_who_exists(self, by: Actor) -> None:
        made = invite(by, role=Role.ADMIN)
        there = make_user("leo@example.org", role="viewer")
        with pytest.raises(UnableToAccept):
            accept(made)
        there.refresh_from_db()
        assert (there.role, there.check_password(PASSWORD)) == ("viewer", True)


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_make_one_person() -> None:
    admin = make_user("admin@example.org", role="admin")
    made = invite(Actor(admin))
    before = last_number()
    results = at_once(*(lambda: accept(made) for _ in range(20)))
    people = [result for result in results if isinstance(result, User)]
    states = [error.state for error in results if isinstance(error, UnableToAccept)]
    assert (len(people), states) == (1, [LinkState.USED] * 19)
    assert User.objects.filter(email="leo@example.org").count() == 1
    assert len(entries(after=before)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_person_is_invited_once_at_a_time() -> None:
    admin = make_user("admin@example.org", role="admin")
    results = at_once(*(lambda: invite(Actor(admin)) for _ in range(8)))
    made = [result for result in results if isinstance(result, Invitation)]
    assert len(made) == 1
    assert OutboxMessage.objects.count() == Invitation.objects.count() == 1


class TestMail:
    @pytest.fixture
    def message(self, company: Company, by: Actor) -> OutboxMessage:
        company.base_url = "https://keepwell.example.org"
        company.save()
        invite(by, role=Role.MANAGER, now=timezone.now())
        return OutboxMessage.objects.get()

    def link(self) -> str:
        made = Invitation.objects.get()
        token = link_token("accounts.invitation", made.pk, made.generation)
        return f"https://keepwell.example.org/invitations/{token}/"

    def test_says_who_invites_where_and_until_when(
        self, message: OutboxMessage
    ) -> None:
        mail = message_render(message)
        assert mail.subject == "Ada Admin invites you to Keepwell at Fleetlane"
        for body in (mail.html, mail.text):
            assert self.link() in body
            assert "Ada Admin has invited you to Keepwell, where Fleetlane" in " ".join(
                body.split()
            )
            assert "Your role will be: Manager." in " ".join(body.split())
            assert "The link works once, until" in " ".join(body.split())

    def test_speaks_the_invited_persons_language(self, message: OutboxMessage) -> None:
        message.language = "de"
        assert "Fleetlane" in message_render(message).subject
        assert message_render(message).subject != (
            "Ada Admin invites you to Keepwell at Fleetlane"
        )

    def test_whoever_looks_on_gets_no_way_in(self, message: OutboxMessage) -> None:
        mail = message_render(message, masked=True)
        token = self.link().split("/")[-2]
        assert token not in mail.html + mail.text

    def test_names_nobody_who_is_gone(self, message: OutboxMessage) -> None:
        User.objects.all().delete()
        assert message_render(message).subject == (
            "You are invited to Keepwell at Fleetlane"
        )

    @pytest.mark.parametrize(
        "change",
        [
            {"withdrawn_at": NOW},
            {"accepted_at": NOW},
            {"expires_at": NOW},
            {"generation": 2},
        ],
    )
    def test_is_dropped_when_its_link_is_dead(
        self, message: OutboxMessage, change: dict[str, Any]
    ) -> None:
        Invitation.objects.update(**change)
        with pytest.raises(MailIsPointless):
            message_render(message)
        assert "Fleetlane" in message_render(message, masked=True).subject

    def test_is_dropped_when_the_invitation_is_gone(self, db: None) -> None:
        data = {"invitation": 7, "generation": 1}
        with pytest.raises(MailIsPointless):
            InvitationMail().facts(data, LinkMaker("https://keepwell.example.org"))
