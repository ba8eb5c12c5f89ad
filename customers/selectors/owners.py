"""Who can look after customers."""

from django.db.models import Q

from accounts.enums import Role

OWNING = frozenset({Role.CSM, Role.MANAGER, Role.ADMIN})


def owners_possible() -> Q:
    """This will describe the people who can be given customers."""
    return Q(is_active=True, role__in=OWNING)
