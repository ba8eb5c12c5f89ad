"""Reads about people, teams and invitations."""

import datetime as dt
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import Invitation, Team, User
from accounts.selectors.second_factor import FACTORS
from common.links import link_read

INVITATION_LINK = "accounts.invitation"


class LinkState(StrEnum):
    """What became of an invitation whose link somebody opens."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"


def nobody_exists() -> bool:
    """This will tell whether the installation still waits for its first person."""
    return not User.objects.exists()


def people_found(*, active: bool | None = True, search: str = "") -> QuerySet[User]:
    """This will return people by name, each with `team` and `has_second_factor`.

    `active=None` keeps all; `search` looks at names and addresses. One query.
    """
    found = people_searched(search)
    if active is not None:
        found = found.filter(is_active=active)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return (
        found.select_related("team")
        .annotate(has_second_factor=Exists(factors))
        .order_by("name", "pk")
    )


def people_counted(*, search: str = "") -> dict[str, int]:
    """This will count the people found: `active`, `off` and `all`. One query."""
    return people_searched(search).aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        off=Count("pk", filter=Q(is_active=False)),
        all=Count("pk"),
    )


def people_searched(search: str) -> QuerySet[User]:
    """This will keep the people whose name or address holds every word."""
    found = User.objects.all()
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found


def other_administrators(person: User) -> QuerySet[User]:
    """This will return who could go on looking after the installation without a person.

    The demo's people may be shut out tomorrow, so they do not stand in for real ones.
    """
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=person.pk)
    return others if person.is_demo else others.filter(is_demo=False)


def teams_with_members() -> QuerySet[Team]:
    """This will return the teams by name, each with `people`. Two queries."""
    members = User.objects.order_by("-is_active", "name", "pk")
    return Team.objects.prefetch_related(
        Prefetch("members", queryset=members, to_attr="people")
    ).order_by("name", "pk")


def invitations_waiting() -> QuerySet[Invitation]:
    """This will return the invitations nobody has accepted, newest first. One query."""
    return (
        Invitation.objects.waiting()
        .select_related("team", "invited_by")
        .order_by("-created_at", "-pk")
    )


def invitation_opened(token: str) -> tuple[Invitation, int] | None:
    """This will return the invitation of a genuine link and the link's generation."""
    read = link_read(INVITATION_LINK, token)
    if read is None:
        return None
    pk, generation = read
    found = Invitation.objects.filter(pk=pk).first()
    if found is None or generation > found.generation:
        return None
    return found, generation


def link_state(
    invitation: Invitation, *, generation: int, now: dt.datetime
) -> LinkState:
    """This will say whether a link still opens the door, else why not."""
    if invitation.accepted_at:
        return LinkState.USED
    if invitation.withdrawn_at:
        return LinkState.WITHDRAWN
    if generation < invitation.generation:
        return LinkState.REPLACED
    return LinkState.EXPIRED if invitation.expires_at <= now else LinkState.OPEN
