"""What workers are woken for. Each looks its row up and makes one domain call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from surveys.services.searching import search_work
from surveys.services.suggesting import suggestions_work
from surveys.services.theme_mails import themes_tick
from surveys.services.ticking import surveys_tick


@shared_task(name="surveys.tick")
def surveys_tick_task(**_: Any) -> None:
    surveys_tick(now=timezone.now())


@shared_task(name="surveys.themes_tick")
def themes_tick_task(**_: Any) -> None:
    themes_tick(now=timezone.now())


@shared_task(name="surveys.theme_search_work")
def theme_search_work_task(*, search_id: int, **_: Any) -> None:
    search_work(search_id=search_id, now=timezone.now())


@shared_task(name="surveys.suggestions_work")
def suggestions_work_task(*, run_id: int, **_: Any) -> None:
    suggestions_work(run_id=run_id)
