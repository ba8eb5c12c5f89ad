"""Reading what has changed at gateways: claim, ask outside any transaction, write.

An event only says that something changed. What is written is always the present state,
by one reader at a time, so order and number of the events do not matter (ADR 32).
"""

import datetime as dt
import logging
import time
import uuid
from dataclasses import dataclass, field

from django.db import OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from billing.enums import GatewayTrouble, ObjectKind
from billing.gateways.base import (
    Gateway,
    UnableToDoThere,
    UnableToReachGateway,
    UnableToRead,
    UnableToUseGateway,
)
from billing.gateways.objects import Remote
from billing.gateways.packing import digest_of, unpacked
from billing.models import GatewayAccount, GatewayObject
from billing.services.gateways.access import gateway_of
from billing.services.gateways.applying import (
    MissingObject,
    UnableToApply,
    remote_apply,
    remote_gone,
)
from billing.services.gateways.claiming import (
    Claimed,
    object_later,
    object_renew,
    objects_claim,
    objects_pause,
    objects_release,
    own,
    waiting,
)
from billing.services.gateways.wanting import objects_want
from common.jobs import enqueue
from common.sealing import UnableToUnseal

AT_ONCE = 20
SLICE_SECONDS = 20.0
# How long a gateway is left alone that does not answer.
AWAY_SECONDS = 10.0
# And one that refuses us ourselves.
REFUSED = dt.timedelta(minutes=15)
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Slice:
    """What one worker did in its time."""

    now: dt.datetime
    until: float
    read: int = 0
    changed: int = 0
    troubled: int = 0
    connections: dict[int, Gateway] = field(default_factory=dict)
    # Accounts that do not answer, or not us.
    away: set[int] = field(default_factory=set)

    def gateway(self, account: GatewayAccount) -> Gateway:
        """This will return the connection to an account, made once. UnableToUnseal."""
        if account.pk not in self.connections:
            self.connections[account.pk] = gateway_of(account)
        return self.connections[account.pk]


def gateway_read(*, now: dt.datetime) -> Slice:
    """This will read for a short while, and wake another worker when more is left."""
    done = objects_read(now=now)
    if (done.read or done.troubled) and waiting().exists():
        enqueue("billing.gateway_read")
    return done


def objects_read(
    *, now: dt.datetime, limit: int = AT_ONCE, seconds: float = SLICE_SECONDS
) -> Slice:
    """This will read what is wanted until nothing is, or the time is over.

    `limit` at once; those of a gateway that does not answer are given back.
    """
    done = Slice(now, time.monotonic() + seconds)
    while time.monotonic() < done.until:
        claimed = objects_claim(limit=limit)
        if claimed is None:
            break
        try:
            _batch_read(claimed, done)
        finally:
            objects_release(claimed)
        if done.away:
            break
    return done


def _batch_read(claimed: Claimed, done: Slice) -> None:
    for row in claimed.objects:
        if time.monotonic() >= done.until:
            return
        if row.account_id in done.away or not object_renew(row, claimed.claim):
            continue
        _object_read(row, claimed.claim, done)


def _object_read(row: GatewayObject, claim: uuid.UUID, done: Slice) -> None:
    """This will read one object; what goes wrong with it stays with it."""
    done.troubled += 1
    try:
        remote = _present_state(row, done)
        done.changed += _written(row, claim, remote, done)
    except UnableToReachGateway as error:
        done.away.add(row.account_id)
        object_later(row, claim, wait=error.after, trouble=str(error))
        objects_pause(row.account, seconds=error.after or AWAY_SECONDS)
    except (UnableToUseGateway, UnableToUnseal) as error:
        done.away.add(row.account_id)
        _refused(row.account, str(error), now=done.now)
    except MissingObject as missing:
        _wait_for(row, claim, missing, done)
    except (UnableToApply, UnableToRead, UnableToDoThere) as error:
        object_later(row, claim, trouble=str(error), waits_for="")
    except OperationalError:
        # Two transactions in each other's way; where the database is away, this fails too.
        object_later(row, claim, wait=2)
    except Exception:
        logger.exception("%s %s could not be read.", row.kind, row.external_id)
        text = _("An unexpected error; the log of the worker says which.")
        object_later(row, claim, trouble=text, waits_for="")
    else:
        done.read += 1
        done.troubled -= 1


def _present_state(row: GatewayObject, done: Slice) -> Remote | None:
    """This will ask the gateway, or take what it told if it cannot be asked."""
    gateway = done.gateway(row.account)
    if gateway.carries:
        return None
    remote = gateway.fetch(ObjectKind(row.kind), row.external_id)
    _answers_again(row.account)
    return remote


@transaction.atomic
def _written(
    row: GatewayObject, claim: uuid.UUID, remote: Remote | None, done: Slice
) -> bool:
    """This will write a state while our claim stands; whether it changed anything."""
    held = own(row, claim).select_for_update().first()
    if held is None:
        return False
    wanted = row.wanted
    if done.gateway(row.account).carries:
        # What was told meanwhile is newer, and counts as read too.
        remote, wanted = unpacked(held.carried) if held.carried else None, held.wanted
        changed = remote is not None and remote_apply(
            account=row.account, remote=remote, now=done.now
        )
    elif remote is None:
        changed = remote_gone(
            account=row.account,
            kind=ObjectKind(row.kind),
            external_id=row.external_id,
            now=done.now,
        )
    else:
        changed = remote_apply(account=row.account, remote=remote, now=done.now)
    _noted(row, claim, wanted=wanted, digest=digest_of(remote), now=done.now)
    _wake(row, remote)
    return changed


def _noted(
    row: GatewayObject, claim: uuid.UUID, *, wanted: int, digest: str, now: dt.datetime
) -> None:
    own(row, claim).update(
        read=wanted,
        read_at=now,
        digest=digest,
        carried=None,
        claim=None,
        lease_until=None,
        due_at=None,
        tries=0,
        trouble="",
        waits_for="",
    )


def _wake(row: GatewayObject, remote: Remote | None) -> None:
    """This will have those read at once that waited for this one, by any name of it."""
    names = {_name(row.kind, row.external_id)}
    if remote is not None:
        names.add(_name(remote.kind, remote.external_id))
    GatewayObject.objects.filter(account=row.account_id, waits_for__in=names).update(
        due_at=None, waits_for=""
    )


def _wait_for(
    row: GatewayObject, claim: uuid.UUID, missing: MissingObject, done: Slice
) -> None:
    """This will have the other object read first, which wakes this one.

    What was read already and still is not here does not wake it: they would chase each
    other for ever.
    """
    text = _("It waits for %(kind)s %(number)s, which is not here yet.") % {
        "kind": missing.kind.label,
        "number": missing.external_id,
    }
    other = GatewayObject.objects.filter(
        account=row.account, kind=missing.kind, external_id=missing.external_id
    )
    in_vain = other.filter(read_at__isnull=False, wanted__lte=F("read")).exists()
    name = "" if in_vain else _name(missing.kind, missing.external_id)
    object_later(row, claim, trouble=text, waits_for=name)
    if not in_vain and not done.gateway(row.account).carries:
        about = [(missing.kind, missing.external_id)]
        objects_want(account=row.account, about=about, now=done.now)


def _name(kind: str, external_id: str) -> str:
    return f"{kind} {external_id}"


def _refused(account: GatewayAccount, text: str, *, now: dt.datetime) -> None:
    GatewayAccount.objects.filter(pk=account.pk).update(
        trouble=text, trouble_at=now, resumes_at=Now() + REFUSED
    )


def _answers_again(account: GatewayAccount) -> None:
    """This will take back that the gateway refused us; what clocks say stays."""
    if account.resumes_at is not None:
        rows = GatewayAccount.objects.filter(pk=account.pk)
        rows.update(resumes_at=None)
        own_words = rows.exclude(trouble__in=GatewayTrouble.values)
        own_words.update(trouble="", trouble_at=None)
        account.resumes_at = None
