"""What workers are woken for. Each looks its row up and makes one domain call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from billing.services.churn import departures_tick
from billing.services.ledger import ledger_tick, ledger_work
from billing.services.subscriptions.price_moves import price_move_work
from billing.services.subscriptions.ticking import subscriptions_tick


@shared_task(name="billing.tick")
def tick_task(**_: Any) -> None:
    ledger_tick(now=timezone.now())


@shared_task(name="billing.ledger_work")
def ledger_work_task(*, build_id: int, **_: Any) -> None:
    ledger_work(build_id=build_id)


@shared_task(name="billing.subscriptions_tick")
def subscriptions_tick_task(**_: Any) -> None:
    subscriptions_tick(now=timezone.now())


@shared_task(name="billing.price_move_work")
def price_move_work_task(*, move_id: int, **_: Any) -> None:
    price_move_work(move_id=move_id, now=timezone.now())


@shared_task(name="billing.departures_tick")
def departures_tick_task(**_: Any) -> None:
    departures_tick(now=timezone.now())
