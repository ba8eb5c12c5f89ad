"""Second factors: what changed is written down and told; a code counts once."""

import datetime as dt
from enum import StrEnum

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction

from accounts.actor import Actor
from accounts.mails import SecondFactorMail
from accounts.models import User
from accounts.services.audit import audit_record
from accounts.services.sign_in import epoch_raise
from common.mailing import MailRequest


class Change(StrEnum):
    """What became of a person's second factors; the words stand in the mail."""

    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_RENEWED = "codes_renewed"
    RESET = "reset"


REMOVALS = frozenset({Change.APP_REMOVED, Change.PASSKEY_REMOVED})


@transaction.atomic
def second_factor_changed(
    *, user: User, change: Change, by: Actor, now: dt.datetime
) -> None:
    """This will write a change down and tell the person by mail.

    Call it in the transaction of the change. A removal ends all sessions; who removes it
    keeps the own one by `update_session_auth_hash`.
    """
    if change in REMOVALS:
        epoch_raise(user)
    entry = audit_record(
        by=by,
        action=f"accounts.second_factor_{change}",
        now=now,
        subject=user,
    )
    second_factor_tell(user=user, change=change, number=entry.number, now=now)


def second_factor_tell(
    *, user: User, change: Change, number: int, now: dt.datetime
) -> None:
    """This will tell a person by mail; `number` is the entry in the audit log."""
    MailRequest(
        kind=SecondFactorMail.key,
        data={"user": user.pk, "change": change, "at": now.isoformat()},
        effect_key=f"{SecondFactorMail.key}:{number}",
        to=user.email,
        to_name=user.name,
        language=user.language,
        user_id=user.pk,
    ).send()


@transaction.atomic
def code_take(*, authenticator: Authenticator, code: str) -> bool:
    """This will use up a code of an authenticator app; False if it was used before.

    Django's cache, where allauth remembers them, is one per process and may be wiped.
    So the step of the last code stays with the factor, and only a later one counts
    (RFC 6238, 5.2). Costs two statements.
    """
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(held.data["secret"])
    steps = [
        step
        for step in totp.yield_hotp_counters_from_time()
        if compare_user_code(
            actual=code,
            expected=totp.format_hotp_value(totp.hotp_value(secret, step)),
        )
    ]
    if not steps or max(steps) <= held.data.get("last_step", 0):
        return False
    held.data["last_step"] = max(steps)
    held.save(update_fields=["data"])
    return True
