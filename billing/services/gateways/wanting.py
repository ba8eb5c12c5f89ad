"""Noting that something at a gateway has to be read (again)."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from billing.enums import ObjectKind
from billing.gateways.objects import Carried
from billing.gateways.packing import packed
from billing.models import GatewayAccount, GatewayObject

About = Iterable[tuple[ObjectKind, str]]


@transaction.atomic
def objects_want(*, account: GatewayAccount, about: About, now: dt.datetime) -> int:
    """This will count up what is wanted of each object; how many they are. Three queries.

    Not to be called by somebody who holds an invoice locked: a reader holds the object
    first.
    """
    objects = _locked(account, set(about))
    GatewayObject.objects.filter(pk__in=[one.pk for one in objects]).update(
        wanted=F("wanted") + 1, due_at=None, tries=0
    )
    return len(objects)


@transaction.atomic
def objects_keep(*, account: GatewayAccount, carried: Iterable[Carried]) -> int:
    """This will keep the states that are newer than what was told before; how many.

    Those of an object that is told twice in one event: the newer one.
    """
    newest: dict[tuple[ObjectKind, str], Carried] = {}
    for one in sorted(carried, key=lambda one: one.version):
        newest[one.remote.kind, one.remote.external_id] = one
    changed = []
    for row in _locked(account, set(newest)):
        told = newest[ObjectKind(row.kind), row.external_id]
        if told.version > row.version:
            row.carried, row.version = packed(told.remote), told.version
            row.wanted, row.due_at, row.tries = row.wanted + 1, None, 0
            changed.append(row)
    GatewayObject.objects.bulk_update(
        changed, ["carried", "version", "wanted", "due_at", "tries"]
    )
    return len(changed)


def objects_read_again(*, account: GatewayAccount) -> int:
    """This will have everything read again at once that is in trouble; how many."""
    return GatewayObject.objects.filter(
        account=account, wanted__gt=F("read"), tries__gt=0
    ).update(due_at=None, tries=0)


def _locked(
    account: GatewayAccount, about: set[tuple[ObjectKind, str]]
) -> list[GatewayObject]:
    """This will make the rows that are missing, and lock all in an order that all keep."""
    if not about:
        return []
    GatewayObject.objects.bulk_create(
        [
            GatewayObject(account=account, kind=kind, external_id=number, wanted=0)
            for kind, number in sorted(about)
        ],
        ignore_conflicts=True,
    )
    rows = GatewayObject.objects.filter(
        account=account,
        kind__in={kind for kind, _number in about},
        external_id__in={number for _kind, number in about},
    )
    locked = rows.select_for_update().order_by("id")
    return [row for row in locked if (row.kind, row.external_id) in about]
