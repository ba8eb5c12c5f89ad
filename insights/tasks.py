"""What workers are woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from insights.services.digests import digests_queue


@shared_task(name="insights.digests_queue")
def digests_queue_task(**_: Any) -> None:
    digests_queue(now=timezone.now())
