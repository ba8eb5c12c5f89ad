"""What workers are woken for. Each looks its row up and makes one domain call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from health.services.accuracy.checking import forecast_check
from health.services.acquisition import acquisition_work
from health.services.finishing import run_finish
from health.services.previewing import preview_work
from health.services.shards import shard_work
from health.services.ticking import tick
from health.services.training.working import training_work


@shared_task(name="health.tick")
def tick_task(**_: Any) -> None:
    tick(now=timezone.now())


@shared_task(name="health.shard_work")
def shard_work_task(*, shard_id: int, **_: Any) -> None:
    shard_work(shard_id=shard_id)


@shared_task(name="health.run_finish")
def run_finish_task(*, run_id: int, **_: Any) -> None:
    run_finish(run_id=run_id)


@shared_task(name="health.preview_work")
def preview_work_task(*, preview_id: int, **_: Any) -> None:
    preview_work(preview_id=preview_id, now=timezone.now())


@shared_task(name="health.forecast_check")
def forecast_check_task(*, run_id: int, **_: Any) -> None:
    forecast_check(run_id=run_id)


@shared_task(name="health.training_work")
def training_work_task(*, training_id: int, **_: Any) -> None:
    training_work(training_id=training_id, now=timezone.now())


@shared_task(name="health.acquisition_work")
def acquisition_work_task(*, day_id: int, **_: Any) -> None:
    acquisition_work(day_id=day_id)
