"""What workers are woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from insights.services.digests import digests_queue
from insights.services.renewals import renewals_tick


@shared_task(name="insights.digests_queue")
def digests_queue_task(**_: Any) -> None:
    digests_queue(now=timezone.now())


@shared_task(name="insights.renewals_tick")
def renewals_tick_task(**_: Any) -> None:
    renewals_tick(now=timezone.now())
