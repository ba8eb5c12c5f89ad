"""What happens to a session besides being opened: written down, and ended."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.models import User
from accounts.selectors.sign_ins import SIGNED_IN
from accounts.services.audit import audit_record


def sign_in_record(
    *, user: User, methods: Sequence[str], by: Actor, now: dt.datetime
) -> None:
    """This will write down that somebody came in; the log adds from where.

    `methods` are what proved it, in order: password, mfa, password_reset …
    """
    audit_record(
        by=by,
        action=SIGNED_IN,
        now=now,
        subject=user,
        after={"methods": list(methods)},
    )


def lock_out_record(*, email: str, by: Actor, now: dt.datetime) -> None:
    """This will write down that guesses at a person were stopped.

    Only of people who exist: else anybody could fill the log with made-up addresses.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return
    audit_record(
        by=by,
        action="accounts.locked_out",
        now=now,
        subject=user,
        person=user,
        personal={"subject": {"name": user.name, "email": user.email}},
    )


@transaction.atomic
def sessions_end(*, user: User, by: Actor, now: dt.datetime) -> User:
    """This will end all sessions of a person; returns the person as it is then.

    Who asks for it from inside keeps the own session by `update_session_auth_hash`.
    """
    epoch_raise(user)
    audit_record(
        by=by,
        action="accounts.signed_out_everywhere",
        now=now,
        subject=user,
        after={"session_epoch": user.session_epoch},
    )
    return user


def epoch_raise(user: User) -> None:
    """This will end all sessions by raising what they are compared with."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
