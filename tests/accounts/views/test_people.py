"""The list of people, and one person."""

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Company, Invitation, Team, User
from accounts.services.people import person_deactivate
from tests.accounts.entries import entries
from tests.conftest import signed_in
from tests.pages import main_of, messages, queries, rows, words
from tests.world import NOW, make_user

PAGE = "/people/"
ROLES = ["viewer", "ana", "mara", "admin"]


@pytest.fixture(autouse=True)
def _at_home(company: Company) -> None:
    """Every page names the company."""


def details(person: User, **fields: Any) -> dict[str, Any]:
    """This will return the form of a person as a browser sends it."""
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "team": person.team_id or "",
        "language": person.language,
        "time_zone": person.time_zone,
        **fields,
    }


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        ("viewer", 403, 403),
        ("ana", 403, 403),
        ("mara", 200, 403),
        ("admin", 200, 200),
    ],
)
def test_who_may(
    request: pytest.FixtureRequest, charlie: User, role: str, reads: int, changes: int
) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(PAGE).status_code == reads
    pk = charlie.pk
    for page in (
        f"/people/{pk}/",
        f"/people/{pk}/off/",
        f"/people/{pk}/second-factor/",
    ):
        assert client.get(page).status_code == changes
    if changes == HTTPStatus.FORBIDDEN:
        for name in (
            "person",
            "person_deactivate",
            "person_reactivate",
            "person_sign_out",
            "person_second_factor",
        ):
            address = reverse(name, args=[pk])
            sent = client.post(address, details(charlie, role="admin"))
            assert sent.status_code == changes
        charlie.refresh_from_db()
        assert (charlie.role, charlie.is_active, charlie.session_epoch) == (
            "csm",
            True,
            0,
        )


def test_strangers_sign_in_first(client: Client, charlie: User) -> None:
    for page in (PAGE, f"/people/{charlie.pk}/"):
        assert client.get(page)["Location"] == f"/sign-in/?next={page}"


class TestList:
    def test_says_of_everybody_what_matters(
        self, admin: User, ana: User, admin_client: Client
    ) -> None:
        team = Team.objects.create(name="North")
        User.objects.filter(pk=ana.pk).update(team=team)
        Authenticator.objects.create(user=ana, type="totp", data={})
        Authenticator.objects.create(user=admin, type="recovery_codes", data={})
        assert rows(admin_client.get(PAGE)) == [
            "Ada Admin admin@example.org Administrator – No today",
            "Ana Popescu ana@example.org Customer success manager North Yes Never",
        ]

    def test_only_administrators_get_links(
        self, mara_client: Client, charlie: User
    ) -> None:
        html = main_of(mara_client.get(PAGE))
        assert "Charlie Moss" in html
        assert f"/people/{charlie.pk}/" not in html
        assert "Invite somebody" not in html

    def test_filters_by_state_and_searches(
        self, admin: User, ana: User, charlie: User, admin_client: Client
    ) -> None:
        person_deactivate(person=charlie, by=Actor(admin), now=NOW)

        def names(query: str) -> list[str]:
            found = admin_client.get(PAGE + query).context["people"]
            return [person.name for person in found]

        assert names("") == names("?state=nonsense") == ["Ada Admin", "Ana Popescu"]
        assert names("?state=off") == ["Charlie Moss"]
        assert names("?state=all") == ["Ada Admin", "Ana Popescu", "Charlie Moss"]
        assert names("?q=pop+ana") == ["Ana Popescu"]
        assert names("?q=CHARLIE@example&state=all") == ["Charlie Moss"]
        assert names("?q=charlie") == []
        counts = admin_client.get(PAGE + "?q=charlie").context["states"]
        assert [count for _, _, count in counts] == [0, 1, 1]

    def test_says_when_there_is_nobody(self, admin_client: Client) -> None:
        assert "Nobody matches" in words(main_of(admin_client.get(PAGE + "?q=zzz")))
        off = admin_client.get(PAGE + "?state=off")
        assert "Nobody is switched off" in words(main_of(off))

    def test_names_are_not_markup(self, admin: User, admin_client: Client) -> None:
        make_user("x@example.org", name="<script>alert(1)</script>")
        html = admin_client.get(PAGE).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_costs_the_same_for_three_as_for_one(
        self, admin: User, admin_client: Client
    ) -> None:
        def more(number: int) -> None:
            team = Team.objects.create(name=f"Team {number}")
            make_user(f"{number}@example.org", team=team)
            Invitation.objects.create(
                email=f"new{number}@example.org",
                name=f"New {number}",
                team=team,
                invited_by=admin,
                created_at=NOW,
                expires_at=NOW + dt.timedelta(days=number),
            )

        more(1)
        one = queries(admin_client, PAGE)
        more(2)
        more(3)
        assert queries(admin_client, PAGE) == one

    def test_shows_who_was_invited_to_those_who_lead(
        self, admin: User, mara_client: Client
    ) -> None:
        Invitation.objects.create(
            email="leo@example.org",
            name="Leo Brandt",
            invited_by=admin,
            created_at=NOW,
            expires_at=NOW,
        )
        Invitation.objects.create(
            email="old@example.org",
            name="Old Offer",
            created_at=NOW,
            expires_at=NOW,
            withdrawn_at=NOW,
        )
        text = words(main_of(mara_client.get(PAGE)))
        assert "Leo Brandt leo@example.org" in text
        assert "The link has expired." in text
        assert "Old Offer" not in text
        assert "Withdraw" not in text


class TestPerson:
    def test_is_changed(self, ana: User, admin_client: Client) -> None:
        team = Team.objects.create(name="North")
        response = admin_client.post(
            f"/people/{ana.pk}/",
            details(
                ana,
                name="Ana Pop",
                email="Pop@example.org",
                role="manager",
                team=team.pk,
                language="ro",
                time_zone="Europe/Bucharest",
            ),
            follow=True,
        )
        assert messages(response) == ["Saved: Ana Pop"]
        ana.refresh_from_db()
        assert (ana.name, ana.email, ana.role, ana.team, ana.language) == (
            "Ana Pop",
            "pop@example.org",
            "manager",
            team,
            "ro",
        )
        (found,) = entries()
        assert found.detail.data["address"] == "127.0.0.1"

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"email": "CHARLIE@example.org"}, "email"),
            ({"email": "no address"}, "email"),
            ({"name": " "}, "name"),
            ({"role": "owner"}, "role"),
            ({"team": "99"}, "team"),
            ({"language": "tlh"}, "language"),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ],
    )
    def test_says_what_is_amiss(
        self,
        ana: User,
        charlie: User,
        admin_client: Client,
        fields: dict[str, str],
        name: str,
    ) -> None:
        response = admin_client.post(f"/people/{ana.pk}/", details(ana, **fields))
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert list(response.context["form"].errors) == [name]
        assert entries() == []

    def test_the_last_administrator_is_told(
        self, admin: User, admin_client: Client
    ) -> None:
        sent = details(admin, role="csm")
        response = admin_client.post(f"/people/{admin.pk}/", sent)
        assert "This is the last administrator" in words(main_of(response))
        admin.refresh_from_db()
        assert admin.role == "admin"

    def test_who_steps_down_lands_on_a_page_of_theirs(
        self, admin: User, admin_client: Client
    ) -> None:
        make_user("second@example.org", role="admin")
        sent = details(admin, role="viewer")
        response = admin_client.post(f"/people/{admin.pk}/", sent)
        assert response["Location"] == "/"

    def test_nobody_else_is_there(self, admin_client: Client) -> None:
        assert admin_client.get("/people/999/").status_code == HTTPStatus.NOT_FOUND

    def test_only_the_form_counts(self, ana: User, admin_client: Client) -> None:
        sent = details(ana, is_superuser="on", is_demo="on", session_epoch="9")
        admin_client.post(f"/people/{ana.pk}/", sent)
        ana.refresh_from_db()
        assert (ana.is_superuser, ana.is_demo, ana.session_epoch) == (False, False, 0)


class TestAccess:
    def test_switching_off_asks_first(self, ana: User, admin_client: Client) -> None:
        page = main_of(admin_client.get(f"/people/{ana.pk}/off/"))
        assert reverse("hand_over", args=[ana.pk]) in page
        text = words(page)
        assert "All sessions end at once" in text
        assert "Their customers and open tasks stay theirs" in text
        ana.refresh_from_db()
        assert ana.is_active

    def test_off_and_on_again(self, ana: User, admin_client: Client) -> None:
        theirs = signed_in(ana)
        off = admin_client.post(f"/people/{ana.pk}/off/", follow=True)
        assert messages(off) == [
            "Ana Popescu is switched off and signed out everywhere."
        ]
        assert theirs.get("/styleguide/").status_code == HTTPStatus.FOUND
        assert "Switch on again" in words(main_of(off))
        on = admin_client.post(f"/people/{ana.pk}/on/", follow=True)
        assert messages(on) == [
            "Ana Popescu can sign in again, with the password from before."
        ]
        assert theirs.get("/styleguide/").status_code == HTTPStatus.FOUND

    def test_oneself_stays(self, admin: User, admin_client: Client) -> None:
        make_user("second@example.org", role="admin")
        assert "Switch off" not in words(
            main_of(admin_client.get(f"/people/{admin.pk}/"))
        )
        response = admin_client.post(f"/people/{admin.pk}/off/", follow=True)
        assert messages(response) == [
            "Nobody switches off themselves. Ask another administrator."
        ]
        admin.refresh_from_db()
        assert admin.is_active

    def test_signing_somebody_out(
        self, ana: User, admin: User, admin_client: Client
    ) -> None:
        theirs = signed_in(ana)
        response = admin_client.post(f"/people/{ana.pk}/sign-out/", follow=True)
        assert messages(response) == ["Ana Popescu is signed out everywhere."]
        assert theirs.get("/styleguide/").status_code == HTTPStatus.FOUND
        mine = admin_client.post(f"/people/{admin.pk}/sign-out/")
        assert mine["Location"] == "/sign-in/"
        assert admin_client.get(PAGE).status_code == HTTPStatus.FOUND

    def test_a_lost_second_factor(
        self, ana: User, admin: User, admin_client: Client
    ) -> None:
        address = f"/people/{ana.pk}/second-factor/"
        assert messages(admin_client.post(address, follow=True)) == [
            "Ana Popescu had no second factor."
        ]
        Authenticator.objects.create(user=ana, type="totp", data={})
        assert address in main_of(admin_client.get(f"/people/{ana.pk}/"))
        assert "Be sure that it is really this person" in words(
            main_of(admin_client.get(address))
        )
        assert Authenticator.objects.exists()
        assert messages(admin_client.post(address, follow=True)) == [
            "Ana Popescu signs in with the password alone now."
        ]
        assert not Authenticator.objects.exists()
        own = admin_client.post(f"/people/{admin.pk}/second-factor/", follow=True)
        assert messages(own) == ["Change your own second factor on your own page."]

    def test_links_change_nothing(self, ana: User, admin_client: Client) -> None:
        for name in ("person_reactivate", "person_sign_out"):
            response = admin_client.get(reverse(name, args=[ana.pk]))
            assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
