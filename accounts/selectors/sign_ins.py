"""When and from where somebody came in."""

import datetime as dt
from dataclasses import dataclass

from accounts.calculations.browser import browser_short
from accounts.models import AuditEntry, User

SIGNED_IN = "accounts.signed_in"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in, as the audit log has it."""

    at: dt.datetime
    address: str
    device: str


def sign_ins_of(user: User, *, limit: int = 5) -> list[SignIn]:
    """This will return the newest sign-ins first; one query.

    What was erased from the log is missing: an entry without details is left out.
    """
    entries = (
        AuditEntry.objects.filter(
            actor_id=user.pk, action=SIGNED_IN, detail__isnull=False
        )
        .select_related("detail")
        .order_by("-number")[:limit]
    )
    return [
        SignIn(
            at=entry.at,
            address=entry.detail.data.get("address", ""),
            device=browser_short(entry.detail.data.get("agent", "")),
        )
        for entry in entries
    ]
