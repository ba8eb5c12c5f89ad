"""Conditions that several tables' check constraints share."""

from django.db.models import Q


def both_or_neither(first: str, second: str) -> Q:
    """This will be true where two columns are both set or both empty.

    Facts that arrive later than their row carry the time they became known beside
    them; one without the other would be readable at every past day or at none.
    """
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )
