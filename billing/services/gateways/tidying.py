"""What the tick does for gateways."""

import datetime as dt

from billing.models import GatewayEvent
from billing.services.gateways.claiming import waiting
from common.jobs import enqueue

# Providers send an event again for days, never for months.
KEPT = dt.timedelta(days=90)
AT_ONCE = 5_000
# Wake-ups at once: the usual worker has two processes.
BELLS = 2


def gateways_tick(*, now: dt.datetime) -> None:
    """This will wake workers for what waits to be read, and forget old events."""
    if waiting().exists():
        for _bell in range(BELLS):
            enqueue("billing.gateway_read")
    events_forget(now=now)


def events_forget(*, now: dt.datetime) -> int:
    """This will delete some of the events that nobody sends again; how many."""
    old = GatewayEvent.objects.filter(received_at__lt=now - KEPT)
    ids = list(old.order_by("received_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    gone, _by_model = GatewayEvent.objects.filter(pk__in=ids).delete()
    return gone
