"""What the minute does: columns in step with the logs, and moves that still wait."""

import datetime as dt

from django.db import transaction

from billing.models import PriceMove
from billing.services.subscriptions.settling import subscriptions_settle
from billing.services.subscriptions.situation import company_zone
from common.dates import local_day
from common.jobs import enqueue


@transaction.atomic
def subscriptions_tick(*, now: dt.datetime) -> None:
    """This will bring columns in step, and wake workers for what they left. Three queries."""
    subscriptions_settle(today=local_day(now, company_zone()))
    waiting = PriceMove.objects.filter(finished_at__isnull=True).order_by("id")
    for pk in waiting.values_list("pk", flat=True):
        enqueue("billing.price_move_work", move_id=pk)
