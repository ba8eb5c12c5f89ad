"""Reads of the suppression list."""

from dataclasses import dataclass

from django.db.models import Q

from mail.address import hashes_of
from mail.enums import SuppressionScope
from mail.models import Suppression
from mail.models.suppression import SuppressionQuerySet

SHOWN = 50
BY_LINK = "message:"


@dataclass(frozen=True, slots=True)
class SuppressionLine:
    """An entry of the list, with the mail whose link made it (0 for none)."""

    entry: Suppression
    message_id: int

    @property
    def source(self) -> str:
        """Where it came from, in the words of whoever said so."""
        return "" if self.message_id else self.entry.source


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """Entries, newest first; `older` is the id to go on from, 0 for none."""

    lines: list[SuppressionLine]
    older: int


def suppression_wishes(email: str) -> frozenset[SuppressionScope]:
    """This will return what an address no longer gets; empty when it gets everything."""
    scopes = Suppression.objects.active().filter(address_hash__in=hashes_of(email))
    return frozenset(
        SuppressionScope(scope) for scope in scopes.values_list("scope", flat=True)
    )


def suppression_page(
    *, words: str = "", lifted: bool = False, before: int = 0
) -> SuppressionPage:
    """This will return 50 entries older than another; one query.

    A whole address also finds entries whose address has been erased.
    """
    found: SuppressionQuerySet = (
        Suppression.objects.exclude(lifted_at=None)
        if lifted
        else Suppression.objects.active()
    )
    if words:
        by_trace = Q(address_hash__in=hashes_of(words)) if "@" in words else Q()
        found = found.filter(Q(email__icontains=words) | by_trace)
    if before:
        found = found.filter(pk__lt=before)
    rows = list(
        found.select_related("created_by", "lifted_by").order_by("-id")[: SHOWN + 1]
    )
    shown = rows[:SHOWN]
    return SuppressionPage(
        lines=[SuppressionLine(row, _message_id(row)) for row in shown],
        older=shown[-1].pk if len(rows) > SHOWN else 0,
    )


def _message_id(entry: Suppression) -> int:
    number = entry.source.removeprefix(BY_LINK)
    by_link = entry.source.startswith(BY_LINK) and number.isascii()
    return int(number) if by_link and number.isdigit() and len(number) < 19 else 0
