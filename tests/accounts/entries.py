"""Reading the audit log the way an auditor does."""

from typing import Any

from accounts.models import AuditEntry


def last_number() -> int:
    """This will return how long the log is: what comes later was written by the test."""
    newest = AuditEntry.objects.order_by("-number").first()
    return newest.number if newest else 0


def entries(*, after: int = 0, prefix: str = "accounts.") -> list[AuditEntry]:
    """This will return the entries of people's affairs, oldest first, without sign-ins."""
    found = AuditEntry.objects.filter(number__gt=after, action__startswith=prefix)
    return list(
        found.exclude(action="accounts.signed_in")
        .select_related("detail")
        .order_by("number")
    )


def entry(*, after: int = 0) -> AuditEntry:
    """This will return the one entry there is."""
    (found,) = entries(after=after)
    return found


def public(found: AuditEntry) -> dict[str, Any]:
    """This will return what stays readable when a person is erased."""
    return {"action": found.action, "before": found.before, "after": found.after}
