"""Changing how mail leaves, and trying it before."""

import datetime as dt
import json
import secrets as random
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.services.audit import audit_record
from common.changes import differences, digest_of, values_of
from common.errors import KeepwellError
from common.sealing import seal
from mail.enums import ServerKind
from mail.models import MailServer, OutboxMessage
from mail.services.outbox import message_queue
from mail.services.secrets import secret_names, secrets_kept, secrets_readable
from mail.services.trouble import trouble_clear
from mail.services.waking import outbox_wake
from mail.transport.providers import PROVIDERS

# What the page shows. `secrets` is among it, so that a new password of somebody else
# counts as a change.
SHOWN = (
    "kind",
    "host",
    "port",
    "security",
    "username",
    "provider",
    "options",
    "per_hour",
    "domain_per_hour",
    "quiet_hours",
    "secrets",
)
# A name that people sign in with is often their address.
PERSONAL = frozenset({"username"})
KEY_BYTES = 32
TEST_EXPIRES = dt.timedelta(hours=1)
TEST_PAUSE_SECONDS = 10


class UnableToSaveServer(KeepwellError):
    """Something is missing without which no mail could leave."""


class UnableToSaveUnseenServer(KeepwellError):
    """Somebody else has changed the same settings since they were shown."""


@transaction.atomic
def server_change(
    *,
    values: Mapping[str, Any],
    secrets: Mapping[str, str],
    forget: Iterable[str],
    seen: str,
    by: Actor,
    now: dt.datetime,
) -> list[str]:
    """This will save how mail leaves and return the names of what is different now.

    `secrets` are those typed now. Stored ones stay unless they are named in `forget` or
    would go to another server than the one they were typed for.
    """
    MailServer.objects.get_or_create(id=1)
    server = MailServer.objects.select_for_update().get(id=1)
    if seen != digest_of(server, SHOWN):
        msg = _("Somebody else has changed these settings meanwhile.")
        raise UnableToSaveUnseenServer(msg)
    before, sealed = values_of(server, values), secrets_readable(server)
    wanted = server_with(server, values, secrets, forget)
    _check(wanted)
    opened = secrets_readable(wanted)
    changed = differences(before, values)
    touched = sorted(
        name for name in sealed | opened if sealed.get(name) != opened.get(name)
    )
    if not changed and not touched:
        return []
    # Sealing is different every time: what is the same stays as it is.
    if not touched:
        wanted.secrets = server.secrets
    if wanted.kind == ServerKind.PROVIDER and not wanted.webhook_key:
        wanted.webhook_key = random.token_urlsafe(KEY_BYTES)
    wanted.full_clean(validate_unique=False, validate_constraints=False)
    wanted.save(update_fields=[*values, "secrets", "webhook_key"])
    _record(server, before, values, changed, touched, by=by, now=now)
    trouble_clear()
    outbox_wake()
    return [*changed, *touched]


def server_with(
    stored: MailServer,
    values: Mapping[str, Any],
    secrets: Mapping[str, str],
    forget: Iterable[str] = (),
) -> MailServer:
    """This will return the row as it would be, without saving it."""
    wanted = MailServer(**values_of(stored, _columns()))
    for name, value in values.items():
        setattr(wanted, name, value)
    kept = secrets_kept(stored, wanted)
    gone = set(forget)
    allowed = secret_names(wanted)
    opened = {name: value for name, value in kept.items() if name not in gone}
    opened |= {name: text for name, text in secrets.items() if name in allowed and text}
    wanted.secrets = seal(json.dumps(opened)) if opened else ""
    # A row that exists is updated, not inserted once more.
    wanted._state.adding = False  # noqa: SLF001 - documented by Django for this
    return wanted


@transaction.atomic
def webhook_key_renew(*, by: Actor, now: dt.datetime) -> None:
    """This will make a new webhook address; the old one ends at once."""
    server, _made = MailServer.objects.select_for_update().get_or_create(id=1)
    server.webhook_key = random.token_urlsafe(KEY_BYTES)
    server.save(update_fields=["webhook_key"])
    audit_record(by=by, action="mail.webhook_key_renewed", now=now, subject=server)


def test_mail_ask(*, person: User, now: dt.datetime) -> OutboxMessage | None:
    """This will ask for a test mail to the person; once in ten seconds at most.

    Two clicks at the same moment fall into the same ten seconds of the clock and share
    their effect; two around its turn are told apart by when the first one asked.
    """
    moment = int(now.timestamp()) // TEST_PAUSE_SECONDS
    keys = [f"mail.test:{person.pk}:{count}" for count in (moment, moment - 1)]
    recent = OutboxMessage.objects.filter(
        effect_key__in=keys,
        created_at__gt=now - dt.timedelta(seconds=TEST_PAUSE_SECONDS),
    )
    if recent.exists():
        return None
    return message_queue(
        kind="mail.test",
        to_email=person.email,
        to_name=person.name,
        data={},
        effect_key=keys[0],
        language=person.language,
        user_id=person.pk,
        author=person,
        expires_at=now + TEST_EXPIRES,
        now=now,
    )


def _columns() -> list[str]:
    return [field.name for field in MailServer._meta.concrete_fields]


def _check(wanted: MailServer) -> None:
    """This will refuse a way out that no mail could take."""
    opened = secrets_readable(wanted)
    if wanted.kind == ServerKind.SMTP:
        if not wanted.host:
            raise UnableToSaveServer(_("Name the mail server."))
        if wanted.username and not opened.get("password"):
            raise UnableToSaveServer(_("Type the password."))
    if wanted.kind == ServerKind.PROVIDER:
        provider = PROVIDERS.get(wanted.provider)
        if provider is None:
            raise UnableToSaveServer(_("Choose a provider."))
        if missing := provider.lacks({**wanted.options, **opened}):
            labels = ", ".join(str(field.label) for field in missing)
            raise UnableToSaveServer(
                _("This is missing: %(labels)s") % {"labels": labels}
            )


def _record(
    server: MailServer,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    changed: list[str],
    touched: list[str],
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    """This will write down what changed: of secrets their names and nothing else."""
    plain = [name for name in changed if name not in PERSONAL]
    own = [name for name in changed if name in PERSONAL]
    after = {name: values[name] for name in plain}
    audit_record(
        by=by,
        action="mail.server_changed",
        now=now,
        subject=server,
        before={name: before[name] for name in plain},
        after=after | ({"secrets_changed": touched} if touched else {}),
        personal={
            "before": {name: before[name] for name in own},
            "after": {name: values[name] for name in own},
        }
        if own
        else None,
    )
