"""Who had left before the import: what a gateway's history tells of departures."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, OuterRef

from billing.enums import ChurnKind
from billing.models import (
    ChurnEvent,
    GatewayAccount,
    Invoice,
    Subscription,
    SubscriptionChange,
)
from billing.selectors.departures import RECENT_DAYS
from billing.services.gateways.applying.ground import Ground, ground_of
from common.dates import day_end

BATCH = 1_000


def departures_conclude(*, account: GatewayAccount, now: dt.datetime) -> int:
    """This will note as left whose last paid subscription ended over 30 days ago.

    Of the last 30 days the usual look for departures tells, and asks why. Somebody of
    whom anything later is noted is left alone; done again it changes nothing. Whoever
    still owes did not choose to leave. Four queries and one per thousand departures.
    """
    ground = ground_of(account, now=now, history=True)
    left = dict(_left(ground))
    noted = ChurnEvent.objects.filter(customer__in=left).order_by("id")
    for customer, day in noted.values_list("customer_id", "left_on"):
        if customer in left and day >= left[customer]:
            del left[customer]
    owing = Invoice.objects.filter(customer__in=left, paid_on__isnull=True)
    unpaid = set(owing.values_list("customer_id", flat=True))
    events = ChurnEvent.objects.bulk_create(
        (
            ChurnEvent(
                customer_id=customer,
                left_on=day,
                kind=_kind(customer in unpaid),
                recorded_at=day_end(day - dt.timedelta(days=1), ground.zone),
                recorded_assumed=True,
            )
            for customer, day in sorted(left.items())
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(events)


def _left(ground: Ground) -> Iterator[tuple[int, dt.date]]:
    """This will find customers of the account of whose subscriptions none goes on."""
    here = Subscription.objects.filter(gateway=ground.account).values("customer")
    paid = SubscriptionChange.objects.filter(customer=OuterRef("customer"), mrr__gt=0)
    rows = (
        Subscription.objects.filter(Exists(paid), customer__in=here)
        .values("customer")
        .annotate(count=Count("pk"), over=Count("ended_on"), last=Max("ended_on"))
        .filter(
            count=F("over"), last__lte=ground.today - dt.timedelta(days=RECENT_DAYS)
        )
        .order_by("customer")
    )
    yield from rows.values_list("customer", "last")


def _kind(unpaid: bool) -> ChurnKind:
    return ChurnKind.INVOLUNTARY if unpaid else ChurnKind.VOLUNTARY
