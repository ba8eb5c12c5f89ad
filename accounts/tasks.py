"""What workers are woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts.services.audit_heads import audit_head_note


@shared_task(name="accounts.audit_head_note")
def audit_head_note_task(**_: Any) -> None:
    audit_head_note(now=timezone.now())
