"""What an audience can be put together from."""

from dataclasses import dataclass

from customers.models import Contact, Segment
from surveys.extension import portfolio_facts

# More roles than this are a free text that nobody can choose from.
MOST_ROLES = 60

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AudienceChoices:
    """Key and name of everything that can be chosen."""

    segments: Choices
    plans: Choices
    roles: Choices


def audience_choices() -> AudienceChoices:
    """This will return the segments, the plans and the contacts' roles. Three queries."""
    segments = Segment.objects.order_by("position", "name", "pk")
    return AudienceChoices(
        segments=list(segments.values_list("key", "name")),
        plans=portfolio_facts().plans(),
        roles=[(role, role) for role in _roles()],
    )


def _roles() -> list[str]:
    named = Contact.objects.exclude(role="").filter(left_on=None)
    return list(
        named.order_by("role").values_list("role", flat=True).distinct()[:MOST_ROLES]
    )
