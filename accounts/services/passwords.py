"""Setting passwords: by a link in a mail, or by somebody inside."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.mails import PasswordChangedMail, PasswordResetMail
from accounts.models import User
from accounts.selectors.passwords import person_by_email, person_by_link
from accounts.services.audit import audit_record
from accounts.services.sign_in import epoch_raise
from common.errors import KeepwellError
from common.mailing import MailRequest

# A person gets one mail in this time, however often somebody asks.
PAUSE = dt.timedelta(minutes=5)


class UnableToResetPassword(KeepwellError):
    """The link was used, has expired, or was never one."""


@transaction.atomic
def password_reset_ask(*, email: str, language: str, now: dt.datetime) -> None:
    """This will send a link to the person with this address, if there is one.

    `language` is for people who have chosen none.

    For an address that is nobody's it does the same and takes it back, so that the time
    it takes says nothing about who works here. (The outbox is a table, so a mail that was
    taken back was never sent.)
    """
    user = person_by_email(email)
    bucket = int(now.timestamp() // PAUSE.total_seconds())
    person = user or User(pk=0, email=email)
    with transaction.atomic():
        MailRequest(
            kind=PasswordResetMail.key,
            data={"user": person.pk},
            effect_key=f"{PasswordResetMail.key}:{person.pk}:{bucket}",
            to=person.email,
            to_name=person.name,
            language=person.language or language,
            user_id=user.pk if user else None,
        ).send()
        if user is None:
            transaction.set_rollback(True)


@transaction.atomic
def password_reset(*, token: str, password: str, by: Actor, now: dt.datetime) -> User:
    """This will set a new password by a mail's link, once, and end all sessions.

    `by` says from where; who it is, the link says.
    """
    found = person_by_link(token)
    if found:
        # Held until the commit and looked at once more: two may use the link at once.
        User.objects.select_for_update().get(pk=found.pk)
        found = person_by_link(token)
    if found is None:
        raise UnableToResetPassword(
            _("This link no longer works. Ask for a new one on the sign-in page.")
        )
    themselves = Actor(found, by.address, by.agent)
    _store(found, password, "accounts.password_reset", themselves, now)
    return found


@transaction.atomic
def password_change(*, user: User, password: str, by: Actor, now: dt.datetime) -> None:
    """This will set a person's own new password and end all sessions.

    The old one was checked by the form. Who changes it keeps the own session by
    `update_session_auth_hash`.
    """
    _store(user, password, "accounts.password_changed", by, now)


def _store(user: User, password: str, action: str, by: Actor, now: dt.datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    epoch_raise(user)
    entry = audit_record(by=by, action=action, now=now, subject=user)
    MailRequest(
        kind=PasswordChangedMail.key,
        data={"user": user.pk, "at": now.isoformat()},
        effect_key=f"{PasswordChangedMail.key}:{entry.number}",
        to=user.email,
        to_name=user.name,
        language=user.language,
        user_id=user.pk,
    ).send()
