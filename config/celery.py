"""The worker and beat processes."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.db.backends.signals import connection_created

from common.priority import backend_steps_back, step_back
from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("keepwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_process_init.connect
def _step_back(**_: Any) -> None:
    step_back()
    connection_created.connect(backend_steps_back)
