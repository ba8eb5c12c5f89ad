"""Writing a page of what a gateway lists."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from billing.enums import ObjectKind
from billing.gateways.objects import Page, Remote, RemotePayment
from billing.gateways.packing import digest_of
from billing.models import GatewayAccount, GatewayObject, Invoice
from billing.services.gateways.applying import (
    MissingObject,
    UnableToApply,
    remote_apply,
)
from billing.services.gateways.applying.ground import ground_of
from billing.services.gateways.applying.payments import dunning_begins
from billing.services.gateways.wanting import objects_want
from common.jobs import enqueue

# When something that could not be written is tried again by the readers.
AGAIN = dt.timedelta(hours=1)
# Longer than any reader's slice of work.
SLICE = dt.timedelta(minutes=3)
logger = logging.getLogger(__name__)


def page_write(
    *,
    account: GatewayAccount,
    kind: ObjectKind,
    page: Page,
    now: dt.datetime,
    asked_at: dt.datetime,
) -> dict[str, int]:
    """This will write a page that was asked for at a moment, in the caller's transaction.

    Returns how many objects were read, changed something, and failed. What fails is noted
    with its object and tried again later. What somebody reads at this very moment is left
    to them, and what they may have read since is read once more.
    """
    failed = [_not_understood(account, kind, one, why) for one, why in page.failed]
    told = {remote.external_id: remote for remote in page.rows}
    rows = _objects(account, kind, sorted(told))
    _collected(account, page.rows, now)
    changed, wrong = 0, len(failed)
    for row in rows:
        if _newer(row, asked_at):
            _rows(row).update(wanted=F("wanted") + 1, due_at=None)
            continue
        try:
            changed += _applied(row, told[row.external_id], now)
        except _Failed:
            wrong += 1
    return {"read": len(told) + len(failed), "changed": changed, "failed": wrong}


class _Failed(Exception):
    """It was noted with its object."""


def _objects(
    account: GatewayAccount, kind: ObjectKind, ids: Sequence[str]
) -> list[GatewayObject]:
    """This will make the rows that are missing, and lock those that nobody writes now.

    All before the first is written: a reader holds its object first, and then an invoice.
    """
    GatewayObject.objects.bulk_create(
        [
            GatewayObject(account=account, kind=kind, external_id=one, wanted=0)
            for one in ids
        ],
        ignore_conflicts=True,
    )
    rows = GatewayObject.objects.filter(account=account, kind=kind, external_id__in=ids)
    locked = rows.annotate(moment=Now()).order_by("id")
    return list(locked.select_for_update(skip_locked=True, of=("self",)))


def _newer(row: GatewayObject, asked_at: dt.datetime) -> bool:
    moment: dt.datetime = row.moment  # type: ignore[attr-defined]
    held = row.claim is not None and row.lease_until is not None
    if held and row.lease_until and row.lease_until > moment:
        return True
    if row.wanted > row.read:
        return True
    # Readers note the moment at which their slice of work began.
    return row.read_at is not None and row.read_at > asked_at - SLICE


def _applied(row: GatewayObject, remote: Remote, now: dt.datetime) -> bool:
    try:
        changed = remote_apply(
            account=row.account, remote=remote, now=now, history=True
        )
    except MissingObject as missing:
        _missing(row, missing)
        raise _Failed from missing
    except UnableToApply as error:
        _note(row, str(error))
        raise _Failed from error
    except OperationalError:
        raise
    except (DatabaseError, ArithmeticError, ValueError, TypeError) as error:
        logger.exception("%s %s could not be imported.", row.kind, row.external_id)
        _note(row, _("An unexpected error; the log of the worker says which."))
        raise _Failed from error
    _rows(row).update(
        wanted=Greatest(F("wanted"), 1),
        read=Greatest(F("wanted"), 1),
        read_at=now,
        digest=digest_of(remote),
        tries=0,
        trouble="",
        waits_for="",
    )
    return changed


def _collected(
    account: GatewayAccount, rows: Sequence[Remote], now: dt.datetime
) -> None:
    """This will have the invoices read that are collected from now on, as they are today.

    Before anything is written: whoever holds an invoice waits for no object.
    """
    failed = {
        one.invoice: one
        for one in rows
        if isinstance(one, RemotePayment) and one.state != "succeeded"
    }
    if not failed or not account.collects:
        return
    ground = ground_of(account, now=now, history=True)
    open_ones = Invoice.objects.filter(external_id__in=failed, paid_on__isnull=True)
    about = [
        (ObjectKind.INVOICE, invoice.external_id)
        for invoice in open_ones.order_by("id")
        if dunning_begins(ground, invoice, failed[invoice.external_id])
    ]
    if about and objects_want(account=account, about=about, now=now):
        enqueue("billing.gateway_read")


def _missing(row: GatewayObject, missing: MissingObject) -> None:
    """This will have what is missing read first, and then this one."""
    GatewayObject.objects.bulk_create(
        [
            GatewayObject(
                account_id=row.account_id,
                kind=missing.kind,
                external_id=missing.external_id,
            )
        ],
        ignore_conflicts=True,
    )
    name = f"{missing.kind} {missing.external_id}"
    text = _("It waits for %(kind)s %(number)s, which is not here yet.") % {
        "kind": missing.kind.label,
        "number": missing.external_id,
    }
    _note(row, text, waits_for=name)


def _note(row: GatewayObject, text: str, *, waits_for: str = "") -> None:
    _rows(row).update(
        wanted=F("read") + 1,
        trouble=text,
        tries=1,
        due_at=Now() + AGAIN,
        waits_for=waits_for,
    )


def _rows(row: GatewayObject) -> QuerySet[GatewayObject]:
    return GatewayObject.objects.filter(pk=row.pk)


@transaction.atomic
def _not_understood(
    account: GatewayAccount, kind: ObjectKind, external_id: str, why: str
) -> GatewayObject:
    """This will note what could not even be understood."""
    row, _made = GatewayObject.objects.get_or_create(
        account=account, kind=kind, external_id=external_id, defaults={"wanted": 0}
    )
    _note(row, why)
    return row
