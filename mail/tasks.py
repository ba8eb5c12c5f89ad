"""What workers are woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from mail.services.mailbox import mailbox_trim
from mail.services.provider_events import unknown_settle
from mail.services.sweeping import outbox_sweep
from mail.services.working import outbox_work


@shared_task(name="mail.outbox_work")
def outbox_work_task(**_: Any) -> None:
    outbox_work()


@shared_task(name="mail.outbox_sweep")
def outbox_sweep_task(**_: Any) -> None:
    now = timezone.now()
    outbox_sweep(now=now)
    unknown_settle(now=now)


@shared_task(name="mail.mailbox_trim")
def mailbox_trim_task(**_: Any) -> None:
    mailbox_trim(now=timezone.now())
