"""Teams, and who is in them."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Team, User
from accounts.services.audit import audit_record
from accounts.services.people import person_locked
from common.errors import KeepwellError


class UnableToNameTeam(KeepwellError):
    """There is a team of this name already."""


@transaction.atomic
def team_create(*, name: str, by: Actor, now: dt.datetime) -> Team:
    """This will make an empty team."""
    team = _saved(Team(name=name))
    audit_record(
        by=by,
        action="accounts.team_created",
        now=now,
        subject=team,
        after={"name": name},
    )
    return team


@transaction.atomic
def team_rename(*, team: Team, name: str, by: Actor, now: dt.datetime) -> Team:
    """This will give a team another name."""
    held = Team.objects.select_for_update().get(pk=team.pk)
    before = held.name
    if name == before:
        return held
    held.name = name
    _saved(held)
    audit_record(
        by=by,
        action="accounts.team_renamed",
        now=now,
        subject=held,
        before={"name": before},
        after={"name": name},
    )
    return held


@transaction.atomic
def team_delete(*, team: Team, by: Actor, now: dt.datetime) -> int:
    """This will delete a team and return how many people are without one now."""
    held = Team.objects.select_for_update().get(pk=team.pk)
    members = list(held.members.order_by("pk").values_list("pk", flat=True))
    audit_record(
        by=by,
        action="accounts.team_deleted",
        now=now,
        subject=held,
        before={"name": held.name, "members": members},
    )
    held.delete()
    return len(members)


@transaction.atomic
def team_join(
    *, person: User, team: Team | None, by: Actor, now: dt.datetime
) -> Team | None:
    """This will move a person to a team, or to none; returns the team before."""
    held = person_locked(person)
    before = held.team
    if before == team:
        return before
    held.team = team
    held.save(update_fields=["team"])
    audit_record(
        by=by,
        action="accounts.person_changed",
        now=now,
        subject=held,
        before={"team": str(before or "")},
        after={"team": str(team or "")},
        person=held,
        personal={"subject": {"name": held.name, "email": held.email}},
    )
    return before


def _saved(team: Team) -> Team:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise UnableToNameTeam(_("There is a team of this name already.")) from None
    return team
