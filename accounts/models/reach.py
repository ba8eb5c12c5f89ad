"""Whose customers a person sees and may change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.enums import Reach, Role
from accounts.models.company import Company

if TYPE_CHECKING:
    from accounts.models.user import User


@dataclass(frozen=True, slots=True)
class Owners:
    """The customers of some people; `ids` None: everybody's, nobody's included."""

    ids: frozenset[int] | None

    @property
    def everybody(self) -> bool:
        return self.ids is None

    def extent_for(self, user_id: int) -> Reach:
        """This will say how far this reaches for one of the people: words differ by it."""
        if self.ids is None:
            return Reach.ALL
        return Reach.OWN if self.ids <= {user_id} else Reach.TEAM

    def __contains__(self, owner_id: int | None) -> bool:
        return self.ids is None or owner_id in self.ids

    def __iter__(self) -> Iterator[int]:
        """This will yield the people in order; ask only where `everybody` is false."""
        return iter(sorted(self.ids or ()))


EVERYBODY = Owners(None)
NOBODY = Owners(frozenset())


@dataclass(frozen=True, slots=True)
class PersonalReach:
    """What one person sees, and what of it the person may change."""

    sees: Owners
    changes: Owners


def reach_of(user: "User", company: Company) -> PersonalReach:
    """This will work out a person's reach from the role and the company's settings.

    Administrators and managers reach all, a viewer sees all and changes nothing. A
    customer success manager sees as far as `csm_sees` says and changes as far as
    `csm_changes` says, but never what is out of sight. Costs a query only where a team
    counts.
    """
    if user.role == Role.VIEWER:
        return PersonalReach(EVERYBODY, NOBODY)
    if user.role != Role.CSM:
        return PersonalReach(EVERYBODY, EVERYBODY)
    order = Reach.values
    changes = min(company.csm_sees, company.csm_changes, key=order.index)
    team = _team(user) if Reach.TEAM in (company.csm_sees, changes) else NOBODY
    owners = {
        Reach.OWN.value: Owners(frozenset({user.pk})),
        Reach.TEAM.value: team,
        Reach.ALL.value: EVERYBODY,
    }
    return PersonalReach(owners[company.csm_sees], owners[changes])


def _team(user: "User") -> Owners:
    """This will gather the team, those who left the company included.

    Their customers wait for somebody, and the team is where that is seen.
    """
    if user.team_id is None:
        return Owners(frozenset({user.pk}))
    members = type(user).objects.filter(team_id=user.team_id)
    return Owners(frozenset({user.pk, *members.values_list("pk", flat=True)}))
