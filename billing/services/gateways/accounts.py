"""Connecting accounts at gateways, as administrators do. Secrets go in and never come out."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.enums import GatewayKind
from billing.gateways.base import (
    Access,
    UnableToDoThere,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.gateways.choose import gateway_class, gateway_for
from billing.models import GatewayAccount
from billing.services.gateways.access import access_of, access_sealed
from common.errors import KeepwellError
from common.sealing import UnableToUnseal

# The newest and one before it while the gateway changes over, and one more.
MOST_HOOKS = 3
TOLD = ("name", "collects", "makes_customers", "is_on")
LIVE = ("sk_live_", "rk_live_", "live_")


class UnableToConnect(KeepwellError):
    """The account cannot be used like this; the text says what to do."""


@dataclass(frozen=True, slots=True)
class AccountValues:
    """An account as a person wants it. An empty `key` keeps the one that is stored.

    `hook` is a new signing secret; those that are stored stay beside it until they are
    removed, so that the gateway can change over without a webhook lost.
    """

    name: str
    key: str = ""
    hook: str = ""
    collects: bool = False
    makes_customers: bool = True


def account_checked(*, kind: GatewayKind, key: str) -> str:
    """This will ask a gateway who we are there with a key: its name for us.

    One call, outside any transaction; "" for gateways that are never asked. Raises
    UnableToConnect.
    """
    if gateway_class(kind).carries:
        return ""
    if not key:
        raise UnableToConnect(_("Type the secret key. The gateway shows it to you."))
    try:
        return gateway_for(kind, Access(key=key)).check()
    except UnableToReachGateway as error:
        msg = _("The gateway does not answer: %(error)s. Try again in a minute.")
        raise UnableToConnect(msg % {"error": error}) from error
    except (UnableToUseGateway, UnableToDoThere) as error:
        msg = _("The gateway does not take this key: %(error)s")
        raise UnableToConnect(msg % {"error": error}) from error


@transaction.atomic
def account_connect(
    *, kind: GatewayKind, values: AccountValues, by: Actor, now: dt.datetime
) -> GatewayAccount:
    """This will write a new account; the key was checked. Raises UnableToConnect."""
    account = GatewayAccount(
        kind=kind,
        name=values.name,
        hook_key=secrets.token_urlsafe(32),
        collects=values.collects and gateway_class(kind).charges,
        makes_customers=values.makes_customers,
        is_live=values.key.startswith(LIVE),
        secrets=access_sealed(
            key=values.key, hooks=[values.hook] if values.hook else []
        ),
        created_at=now,
    )
    _saved(account)
    audit_record(
        by=by,
        action="billing.gateway_connected",
        now=now,
        subject=account,
        after={"kind": str(kind), **_told(account), "is_live": account.is_live},
    )
    return account


@transaction.atomic
def account_change(
    *, account: GatewayAccount, values: AccountValues, by: Actor, now: dt.datetime
) -> bool:
    """This will change an account; False where nothing differs. Raises UnableToConnect.

    The audit log says that a secret was replaced, and never what it was.
    """
    row = _locked(account)
    before = _told(row)
    access = access_readable(row)
    key = values.key or access.key
    hooks = _hooks(access.hooks, values.hook)
    replaced = [
        name
        for name, changed in (
            ("key", key != access.key),
            ("hook", hooks != access.hooks),
        )
        if changed
    ]
    row.name, row.makes_customers = values.name, values.makes_customers
    row.collects = values.collects and gateway_class(GatewayKind(row.kind)).charges
    if replaced:
        row.secrets = access_sealed(key=key, hooks=hooks)
        row.is_live = key.startswith(LIVE)
        # What was wrong may be right now: it is asked again at once.
        row.trouble, row.trouble_at, row.resumes_at = "", None, None
    _saved(row)
    after = _told(row)
    changed = {name: after[name] for name in TOLD if after[name] != before[name]}
    if not changed and not replaced:
        return False
    _note(row, "changed", by, now, {n: before[n] for n in changed}, changed, replaced)
    return True


def _hooks(there: Sequence[str], new: str) -> tuple[str, ...]:
    if not new:
        return tuple(there)
    return (new, *(one for one in there if one != new))[:MOST_HOOKS]


@transaction.atomic
def account_secret_forget(
    *, account: GatewayAccount, place: int, by: Actor, now: dt.datetime
) -> bool:
    """This will forget an older signing secret, by its place from 1 on (0 is the newest)."""
    row = _locked(account)
    access = access_readable(row)
    if not 0 < place < len(access.hooks):
        return False
    hooks = [one for number, one in enumerate(access.hooks) if number != place]
    row.secrets = access_sealed(key=access.key, hooks=hooks)
    row.save(update_fields=["secrets"])
    _note(row, "secret_forgotten", by, now, {}, {}, [])
    return True


@transaction.atomic
def account_switch(
    *, account: GatewayAccount, on: bool, by: Actor, now: dt.datetime
) -> bool:
    """This will turn an account off or on again; False where it is so.

    Off: nothing is read, charged or asked there. Webhooks are refused, so that the
    gateway keeps them for days; the reconciliation finds the rest.
    """
    row = _locked(account)
    if row.is_on == on:
        return False
    row.is_on = on
    row.save(update_fields=["is_on"])
    _note(row, "changed", by, now, {"is_on": not on}, {"is_on": on}, [])
    return True


def access_readable(account: GatewayAccount) -> Access:
    """This will unseal an account's secrets; none where our own key has changed."""
    try:
        return access_of(account)
    except UnableToUnseal:
        return Access(key="")


def _locked(account: GatewayAccount) -> GatewayAccount:
    return GatewayAccount.objects.select_for_update().get(pk=account.pk)


def _saved(account: GatewayAccount) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        msg = _("Another account has this name. Choose another one.")
        raise UnableToConnect(msg) from error


def _told(account: GatewayAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in TOLD}


def _note(
    account: GatewayAccount,
    verb: str,
    by: Actor,
    now: dt.datetime,
    before: dict[str, Any],
    after: dict[str, Any],
    replaced: Sequence[str],
) -> None:
    told = {**after, "replaced": list(replaced)} if replaced else after
    audit_record(
        by=by,
        action=f"billing.gateway_{verb}",
        now=now,
        subject=account,
        before=before,
        after=told,
    )
