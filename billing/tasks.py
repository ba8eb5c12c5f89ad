"""What workers are woken for. Each looks its row up and makes one domain call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from billing.services.churn import departures_tick
from billing.services.dunning.asking import attempt_ask
from billing.services.dunning.finals import finals_deliver
from billing.services.dunning.janitor import attempts_look
from billing.services.dunning.ticking import dunning_tick
from billing.services.dunning.working import cases_work
from billing.services.gateways.tidying import gateways_tick
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


@shared_task(name="billing.gateway_read")
def gateway_read_task(**_: Any) -> None:
    from billing.services.gateways.reading import gateway_read  # noqa: PLC0415

    gateway_read(now=timezone.now())


@shared_task(name="billing.gateways_tick")
def gateways_tick_task(**_: Any) -> None:
    gateways_tick(now=timezone.now())


@shared_task(name="billing.dunning_tick")
def dunning_tick_task(**_: Any) -> None:
    dunning_tick(now=timezone.now())


@shared_task(name="billing.dunning_work")
def dunning_work_task(*, case_ids: list[int], **_: Any) -> None:
    cases_work(case_ids=case_ids, now=timezone.now())


@shared_task(name="billing.dunning_finals")
def dunning_finals_task(**_: Any) -> None:
    finals_deliver(now=timezone.now())


@shared_task(name="billing.attempt_ask")
def attempt_ask_task(*, attempt_id: int, **_: Any) -> None:
    attempt_ask(attempt_id=attempt_id)


@shared_task(name="billing.attempts_tick")
def attempts_tick_task(**_: Any) -> None:
    attempts_look(now=timezone.now())


@shared_task(name="billing.gateway_import_work")
def gateway_import_work_task(*, import_id: int, **_: Any) -> None:
    from billing.services.gateways.importing import import_work  # noqa: PLC0415

    import_work(import_id=import_id, now=timezone.now())


@shared_task(name="billing.gateway_reconcile_work")
def gateway_reconcile_work_task(*, reconciliation_id: int, **_: Any) -> None:
    from billing.services.gateways.reconciling import (  # noqa: PLC0415
        reconciliation_work,
    )

    reconciliation_work(reconciliation_id=reconciliation_id, now=timezone.now())


@shared_task(name="billing.gateway_nights_tick")
def gateway_nights_tick_task(**_: Any) -> None:
    from billing.services.gateways.importing import imports_wake  # noqa: PLC0415
    from billing.services.gateways.reconciling import (  # noqa: PLC0415
        reconciliations_tick,
    )

    imports_wake()
    reconciliations_tick(now=timezone.now())
