"""Taking objects to read: a few at a time, each by one reader.

Leases and due moments count in the database's time, so that no two clocks can differ.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now

from billing.enums import ObjectKind
from billing.models import GatewayAccount, GatewayObject

# The first wait after trouble, doubled with every further try up to the longest.
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(hours=1)
# What others refer to is read first.
RANK = Case(
    *[
        When(kind=kind, then=Value(number))
        for number, kind in enumerate(ObjectKind.values)
    ],
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Objects that are ours until the lease runs out."""

    claim: uuid.UUID
    objects: Sequence[GatewayObject]


def waiting() -> QuerySet[GatewayObject]:
    """This will select what can be read now and nobody reads."""
    return GatewayObject.objects.filter(
        Q(due_at=None) | Q(due_at__lte=Now()),
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        Q(account__resumes_at=None) | Q(account__resumes_at__lte=Now()),
        wanted__gt=F("read"),
        account__is_on=True,
    )


def objects_claim(*, limit: int) -> Claimed | None:
    """This will take objects, those first that others refer to; None when none waits."""
    claim = uuid.uuid4()
    with transaction.atomic(durable=True):
        ids = list(
            waiting()
            .order_by(RANK, F("due_at").asc(nulls_first=True), "id")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)[:limit]
        )
        if not ids:
            return None
        GatewayObject.objects.filter(pk__in=ids).update(
            claim=claim, lease_until=_lease()
        )
    rows = GatewayObject.objects.filter(pk__in=ids).select_related("account")
    place = {pk: number for number, pk in enumerate(ids)}
    return Claimed(claim, sorted(rows, key=lambda row: place[row.pk]))


def own(row: GatewayObject, claim: uuid.UUID) -> QuerySet[GatewayObject]:
    """This will address an object only as long as our claim on it stands."""
    return GatewayObject.objects.filter(pk=row.pk, claim=claim)


def object_renew(row: GatewayObject, claim: uuid.UUID) -> bool:
    """This will begin the lease anew; False when the object is another reader's."""
    return bool(own(row, claim).update(lease_until=_lease()))


def objects_release(claimed: Claimed) -> None:
    """This will give back what was not read."""
    GatewayObject.objects.filter(claim=claimed.claim).update(
        claim=None, lease_until=None
    )


def objects_pause(account: GatewayAccount, *, seconds: float) -> None:
    """This will leave all that waits at an account alone for a while.

    Otherwise every object would find out by itself that nobody answers there.
    """
    until = Now() + min(dt.timedelta(seconds=seconds), LONGEST_WAIT)
    with transaction.atomic():
        rows = waiting().filter(account=account)
        ids = rows.select_for_update(skip_locked=True, of=("self",)).order_by("id")
        GatewayObject.objects.filter(
            pk__in=list(ids.values_list("pk", flat=True))
        ).update(due_at=until)


def object_later(
    row: GatewayObject, claim: uuid.UUID, *, wait: float | None = None, **fields: Any
) -> None:
    """This will give an object back and not read it before it has waited.

    `wait` seconds, or longer with every try that brought nothing.
    """
    doubled = FIRST_WAIT * 2 ** min(row.tries, 12)
    pause = doubled if wait is None else dt.timedelta(seconds=wait)
    own(row, claim).update(
        claim=None,
        lease_until=None,
        due_at=Now() + min(pause, LONGEST_WAIT),
        tries=min(row.tries + 1, 1_000),
        **fields,
    )


def _lease() -> Any:
    return Now() + dt.timedelta(seconds=settings.GATEWAY_LEASE_SECONDS)
