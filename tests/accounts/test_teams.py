"""Teams, and who is in them."""

import pytest

from accounts.actor import Actor
from accounts.models import Team, User
from accounts.services.teams import (
    UnableToNameTeam,
    team_create,
    team_delete,
    team_join,
    team_rename,
)
from tests.accounts.entries import entries, entry, public
from tests.world import NOW


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin)


@pytest.fixture
def north(db: None) -> Team:
    return Team.objects.create(name="North")


def test_a_team_is_made(by: Actor) -> None:
    made = team_create(name="North", by=by, now=NOW)
    assert list(Team.objects.values_list("pk", "name")) == [(made.pk, "North")]
    assert public(entry()) == {
        "action": "accounts.team_created",
        "before": {},
        "after": {"name": "North"},
    }


def test_names_are_unique_whatever_their_capitals(north: Team, by: Actor) -> None:
    with pytest.raises(UnableToNameTeam):
        team_create(name="NORTH", by=by, now=NOW)
    south = Team.objects.create(name="South")
    with pytest.raises(UnableToNameTeam):
        team_rename(team=south, name="north", by=by, now=NOW)
    south.refresh_from_db()
    assert south.name == "South"
    assert entries() == []


def test_a_team_gets_another_name(north: Team, by: Actor) -> None:
    team_rename(team=north, name="North", by=by, now=NOW)
    assert entries() == []
    # Only the capitals differ: still its own name, not somebody else's.
    team_rename(team=north, name="NORTH", by=by, now=NOW)
    assert Team.objects.get().name == "NORTH"
    assert (entry().before, entry().after) == ({"name": "North"}, {"name": "NORTH"})


def test_a_team_ends_and_its_people_stay(
    north: Team, ana: User, charlie: User, mara: User, by: Actor
) -> None:
    south = Team.objects.create(name="South")
    User.objects.filter(pk__in=[ana.pk, charlie.pk]).update(team=north)
    User.objects.filter(pk=mara.pk).update(team=south)
    pk = north.pk
    assert team_delete(team=north, by=by, now=NOW) == 2
    teams = dict(User.objects.values_list("email", "team__name"))
    assert (teams[ana.email], teams[charlie.email], teams[mara.email]) == (
        None,
        None,
        "South",
    )
    found = entry()
    assert (found.subject_id, found.before) == (
        str(pk),
        {"name": "North", "members": sorted([ana.pk, charlie.pk])},
    )


def test_a_person_moves(north: Team, ana: User, by: Actor) -> None:
    assert team_join(person=ana, team=north, by=by, now=NOW) is None
    assert team_join(person=ana, team=north, by=by, now=NOW) == north
    assert team_join(person=ana, team=None, by=by, now=NOW) == north
    ana.refresh_from_db()
    assert ana.team is None
    assert [(found.before, found.after) for found in entries()] == [
        ({"team": ""}, {"team": "North"}),
        ({"team": "North"}, {"team": ""}),
    ]
    assert {found.detail.person_id for found in entries()} == {ana.pk}
