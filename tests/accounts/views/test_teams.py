"""The pages of teams."""

from http import HTTPStatus

import pytest
from django.test import Client

from accounts.models import Company, Team, User
from tests.accounts.entries import entries
from tests.pages import main_of, messages, queries, words
from tests.world import make_user

PAGE = "/people/teams/"


@pytest.fixture(autouse=True)
def _at_home(company: Company) -> None:
    """Every page names the company."""


@pytest.fixture
def north(db: None) -> Team:
    return Team.objects.create(name="North")


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [("viewer", 403, 403), ("ana", 403, 403), ("mara", 200, 403), ("admin", 200, 200)],
)
def test_who_may(
    request: pytest.FixtureRequest,
    north: Team,
    charlie: User,
    role: str,
    reads: int,
    changes: int,
) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(PAGE).status_code == reads
    mine = f"{PAGE}{north.pk}/"
    assert client.get(mine).status_code == changes
    assert client.get(f"{mine}delete/").status_code == changes
    if changes == HTTPStatus.FORBIDDEN:
        for address in (
            f"{PAGE}new/",
            mine,
            f"{mine}add/",
            f"{mine}delete/",
            f"/people/{charlie.pk}/team/{north.pk}/",
        ):
            sent = client.post(address, {"name": "South", "person": charlie.pk})
            assert sent.status_code == changes
        assert list(Team.objects.values_list("name", "members")) == [("North", None)]


def test_a_team_is_made_renamed_and_deleted(
    admin_client: Client, ana: User, charlie: User
) -> None:
    made = admin_client.post(f"{PAGE}new/", {"name": " North "}, follow=True)
    assert messages(made) == ["There is a team North now."]
    team = Team.objects.get()
    mine = f"{PAGE}{team.pk}/"
    assert made.redirect_chain[0][0] == mine
    renamed = admin_client.post(mine, {"name": "South"}, follow=True)
    assert messages(renamed) == ["Saved: South"]
    User.objects.filter(pk__in=[ana.pk, charlie.pk]).update(team=team)
    asked = words(main_of(admin_client.get(f"{mine}delete/")))
    assert "2 people will be without a team" in asked
    assert Team.objects.exists()
    gone = admin_client.post(f"{mine}delete/", follow=True)
    assert messages(gone) == [
        "The team South is deleted. 2 people are without a team now."
    ]
    assert not Team.objects.exists()
    assert [found.action for found in entries()] == [
        "accounts.team_created",
        "accounts.team_renamed",
        "accounts.team_deleted",
    ]


@pytest.mark.parametrize("name", ["NORTH", " ", "x" * 81])
def test_a_name_is_refused(admin_client: Client, north: Team, name: str) -> None:
    south = Team.objects.create(name="South")
    for address in (f"{PAGE}new/", f"{PAGE}{south.pk}/"):
        response = admin_client.post(address, {"name": name})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert list(response.context["form"].errors) == ["name"]
    assert sorted(Team.objects.values_list("name", flat=True)) == ["North", "South"]


def test_people_move_and_come_back(
    admin_client: Client, north: Team, ana: User
) -> None:
    south = Team.objects.create(name="South")
    User.objects.filter(pk=ana.pk).update(team=south)
    mine = f"{PAGE}{north.pk}/"
    moved = admin_client.post(
        f"{mine}add/", {"person": ana.pk, "next": mine}, follow=True
    )
    assert moved.redirect_chain[0][0] == mine
    assert messages(moved) == ["Ana Popescu is in the team North now. Undo"]
    assert "Take out" in words(main_of(moved))
    undo = f"/people/{ana.pk}/team/{south.pk}/"
    assert f'formaction="{undo}?' in main_of(moved)
    back = admin_client.post(undo, follow=True)
    assert messages(back) == ["Ana Popescu is in the team South now. Undo"]
    ana.refresh_from_db()
    assert ana.team == south
    out = admin_client.post(f"/people/{ana.pk}/team/0/", follow=True)
    assert messages(out) == ["Ana Popescu is in no team now. Undo"]
    ana.refresh_from_db()
    assert ana.team is None


def test_only_somebody_else_comes_in(
    admin_client: Client, north: Team, ana: User
) -> None:
    User.objects.filter(pk=ana.pk).update(team=north)
    gone = make_user("gone@example.org", is_active=False)
    for pk in (ana.pk, gone.pk, 999, ""):
        response = admin_client.post(
            f"{PAGE}{north.pk}/add/", {"person": pk}, follow=True
        )
        assert messages(response) == ["Choose somebody who is not in the team yet."]
    assert list(north.members.all()) == [ana]


def test_the_list_shows_members(
    mara_client: Client, north: Team, ana: User, charlie: User
) -> None:
    assert "1 person" not in words(main_of(mara_client.get(PAGE)))
    User.objects.filter(pk=ana.pk).update(team=north)
    text = words(main_of(mara_client.get(PAGE)))
    assert "North 1 person AP Ana Popescu Customer success manager" in text
    assert "Charlie Moss" not in text
    assert "New team" not in text


def test_no_team_yet(admin_client: Client) -> None:
    assert "No team yet" in words(main_of(admin_client.get(PAGE)))


def test_the_list_costs_the_same_for_three_as_for_one(admin_client: Client) -> None:
    def more(number: int) -> None:
        team = Team.objects.create(name=f"Team {number}")
        make_user(f"{number}@example.org", team=team)

    more(1)
    one = queries(admin_client, PAGE)
    more(2)
    more(3)
    assert queries(admin_client, PAGE) == one
