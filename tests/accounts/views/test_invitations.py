"""Inviting, and the page behind the link."""

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.enums import Role
from accounts.models import Company, Invitation, Team, User
from accounts.services.invitations import invitation_create
from common.links import link_token
from mail.models import OutboxMessage
from tests.accounts.test_people import at_once
from tests.conftest import signed_in
from tests.pages import main_of, messages, words
from tests.world import PASSWORD, make_user

INVITE = "/people/invite/"
LEO = {
    "email": "Leo@Example.org",
    "name": "Leo Brandt",
    "role": "csm",
    "team": "",
    "language": "",
}
ARRIVAL = {
    "name": "Leo Brandt",
    "new_password": PASSWORD,
    "new_password_again": PASSWORD,
    "language": "de",
    "time_zone": "Europe/Berlin",
}


@pytest.fixture(autouse=True)
def _at_home(company: Company) -> None:
    """Every page names the company."""


def make(by: User, **fields: Any) -> Invitation:
    words = {"name": "Leo Brandt", "role": Role.CSM, "team": None, "language": ""}
    return invitation_create(
        email="leo@example.org",
        by=Actor(by),
        now=timezone.now(),
        **{**words, **fields},
    )


@pytest.fixture
def invitation(admin: User) -> Invitation:
    return make(admin)


def link(invitation: Invitation, generation: int = 1) -> str:
    token = link_token("accounts.invitation", invitation.pk, generation)
    return f"/invitations/{token}/"


@pytest.mark.parametrize("role", ["viewer", "ana", "mara"])
def test_only_administrators_invite(
    request: pytest.FixtureRequest, invitation: Invitation, role: str
) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(INVITE).status_code == HTTPStatus.FORBIDDEN
    for address in (
        INVITE,
        f"/people/invitations/{invitation.pk}/resend/",
        f"/people/invitations/{invitation.pk}/withdraw/",
    ):
        sent = client.post(address, {**LEO, "email": "more@example.org"})
        assert sent.status_code == HTTPStatus.FORBIDDEN
    invitation.refresh_from_db()
    assert (invitation.generation, invitation.withdrawn_at) == (1, None)
    assert Invitation.objects.count() == OutboxMessage.objects.count() == 1


def test_strangers_do_not_invite(client: Client, admin: User) -> None:
    assert client.post(INVITE, LEO)["Location"] == f"/sign-in/?next={INVITE}"
    assert not Invitation.objects.exists()


class TestInviting:
    def test_a_mail_is_asked_for(self, admin: User, admin_client: Client) -> None:
        team = Team.objects.create(name="North")
        sent = {**LEO, "role": "manager", "team": team.pk, "language": "ro"}
        response = admin_client.post(INVITE, sent, follow=True)
        assert messages(response) == [
            "The invitation to leo@example.org is on its way."
        ]
        made = Invitation.objects.get()
        assert (made.email, made.role, made.team, made.language, made.invited_by) == (
            "leo@example.org",
            "manager",
            team,
            "ro",
            admin,
        )
        assert OutboxMessage.objects.get().to_email == "leo@example.org"

    @pytest.mark.parametrize(
        ("fields", "name", "text"),
        [
            ({"email": "ANA@example.org"}, "email", "Ana Popescu signs in"),
            ({"email": "leo"}, "email", "valid email"),
            ({"name": " "}, "name", "required"),
            ({"role": "owner"}, "role", "valid choice"),
        ],
    )
    def test_says_what_is_amiss(
        self,
        admin_client: Client,
        ana: User,
        fields: dict[str, str],
        name: str,
        text: str,
    ) -> None:
        response = admin_client.post(INVITE, {**LEO, **fields})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert text in str(response.context["form"].errors[name])
        assert not Invitation.objects.exists()

    def test_twice_is_once_too_often(
        self, admin_client: Client, invitation: Invitation
    ) -> None:
        response = admin_client.post(INVITE, LEO)
        assert "waits already" in words(main_of(response))
        assert Invitation.objects.count() == 1

    def test_once_more_and_withdrawn(
        self, admin_client: Client, invitation: Invitation
    ) -> None:
        base = f"/people/invitations/{invitation.pk}/"
        again = admin_client.post(f"{base}resend/", follow=True)
        assert messages(again) == [
            "A new link is on its way to leo@example.org. The older one has ended."
        ]
        gone = admin_client.post(f"{base}withdraw/", follow=True)
        assert messages(gone) == [
            "The invitation to leo@example.org is withdrawn. Its link has ended."
        ]
        for step in ("resend", "withdraw"):
            late = admin_client.post(f"{base}{step}/", follow=True)
            assert messages(late) == [
                "This invitation was accepted or withdrawn meanwhile."
            ]
        assert OutboxMessage.objects.count() == 2


class TestComingIn:
    def test_the_page_greets(self, client: Client, invitation: Invitation) -> None:
        response = client.get(link(invitation))
        text = words(main_of(response))
        assert "Welcome to Fleetlane Ada Admin has invited you." in text
        assert 'value="Leo Brandt"' in main_of(response)
        assert "no-store" in response["Cache-Control"]
        assert not User.objects.filter(email="leo@example.org").exists()

    def test_a_password_opens_the_door(
        self, client: Client, invitation: Invitation
    ) -> None:
        response = client.post(link(invitation), ARRIVAL)
        assert (response.status_code, response["Location"]) == (302, "/")
        person = User.objects.get(email="leo@example.org")
        assert client.session["_auth_user_id"] == str(person.pk)
        assert (person.name, person.role, person.language, person.time_zone) == (
            "Leo Brandt",
            "csm",
            "de",
            "Europe/Berlin",
        )
        elsewhere = Client()
        elsewhere.post("/sign-in/", {"login": person.email, "password": PASSWORD})
        assert elsewhere.session["_auth_user_id"] == str(person.pk)

    def test_nobody_chooses_their_own_role(
        self, client: Client, invitation: Invitation
    ) -> None:
        sent = {**ARRIVAL, "role": "admin", "email": "boss@example.org", "team": "1"}
        client.post(link(invitation), sent)
        person = User.objects.get(pk=client.session["_auth_user_id"])
        assert (person.email, person.role) == ("leo@example.org", "csm")

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"name": ""}, "name"),
            ({"new_password": "short", "new_password_again": "short"}, "new_password"),
            ({"new_password_again": "something else"}, "new_password_again"),
            (
                {
                    "new_password": "leo@example.org",
                    "new_password_again": "leo@example.org",
                },
                "new_password",
            ),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ],
    )
    def test_says_what_is_amiss(
        self,
        client: Client,
        invitation: Invitation,
        caplog: pytest.LogCaptureFixture,
        fields: dict[str, str],
        name: str,
    ) -> None:
        response = client.post(link(invitation), {**ARRIVAL, **fields})
        # A 422 would write the link, which still works, to the log.
        assert response.status_code == HTTPStatus.OK
        assert caplog.records == []
        assert list(response.context["form"].errors) == [name]
        assert "_auth_user_id" not in client.session
        invitation.refresh_from_db()
        assert invitation.accepted_at is None

    def test_somebody_signed_in_is_told_and_makes_way(
        self, invitation: Invitation, charlie: User
    ) -> None:
        theirs = signed_in(charlie)
        session = theirs.session
        session["secret"] = "charlie's"
        session.save()
        assert "You are signed in as Charlie Moss" in words(
            main_of(theirs.get(link(invitation)))
        )
        theirs.post(link(invitation), ARRIVAL)
        person = User.objects.get(email="leo@example.org")
        assert theirs.session["_auth_user_id"] == str(person.pk)
        assert "secret" not in theirs.session


class TestDeadLinks:
    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"withdrawn_at": timezone.now()}, "was withdrawn"),
            ({"accepted_at": timezone.now()}, "was accepted already"),
            ({"generation": 2}, "A newer mail"),
            ({"expires_at": timezone.now()}, "has expired"),
        ],
    )
    def test_say_what_to_do_and_nothing_of_anybody(
        self,
        client: Client,
        invitation: Invitation,
        change: dict[str, Any],
        text: str,
    ) -> None:
        Invitation.objects.update(**change)
        for response in (
            client.get(link(invitation)),
            client.post(link(invitation), ARRIVAL),
        ):
            assert response.status_code == HTTPStatus.GONE
            page = response.content.decode()
            assert text in page
            for private in ("Leo", "leo@", "Ada", "Fleetlane"):
                assert private not in page
        assert not User.objects.filter(email="leo@example.org").exists()

    @pytest.mark.parametrize(
        "token", ["x", "1-1-", "{pk}-2-{mac}", "{other}-1-{mac}", "{pk}-1-{mac}x"]
    )
    def test_wrong_ones_are_no_pages(
        self, client: Client, invitation: Invitation, token: str
    ) -> None:
        mac = link(invitation).strip("/").split("-", 2)[2]
        made = token.format(pk=invitation.pk, other=invitation.pk + 1, mac=mac)
        assert client.get(f"/invitations/{made}/").status_code == HTTPStatus.NOT_FOUND

    def test_a_link_of_another_purpose_is_wrong(
        self, client: Client, invitation: Invitation
    ) -> None:
        token = link_token("mail.unsubscribe", invitation.pk)
        assert client.get(f"/invitations/{token}/").status_code == HTTPStatus.NOT_FOUND

    def test_a_genuine_link_to_nothing(self, client: Client, admin: User) -> None:
        token = link_token("accounts.invitation", 999)
        assert client.get(f"/invitations/{token}/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_open_one_session(company: Company) -> None:
    made = make(make_user("admin@example.org", role="admin"))
    responses = at_once(
        *(lambda: Client().post(link(made), ARRIVAL) for _ in range(20))
    )
    codes = sorted(response.status_code for response in responses)
    assert codes == [HTTPStatus.FOUND] + [HTTPStatus.GONE] * 19
    assert User.objects.filter(email="leo@example.org").count() == 1


def test_the_link_lives_for_seven_days(admin: User) -> None:
    made = make(admin)
    assert made.expires_at - made.created_at == dt.timedelta(days=7)


def test_signing_up_stays_closed(client: Client, invitation: Invitation) -> None:
    sent = {"email": "leo@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get("/sign-up/"), client.post("/sign-up/", sent)):
        assert "People are added by an administrator" in words(main_of(response))
    assert User.objects.count() == 1
