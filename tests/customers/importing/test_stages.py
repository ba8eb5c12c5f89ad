"""A changed lifecycle stage is told once, and only when it changed."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Company, User
from customers.models import Customer, Event, EventDelivery
from tests import pages
from tests.customers.importing.folder import load, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


def stages(*given: str) -> str:
    lines = "".join(
        f"C-{number},Customer {number},2024-01-01,{stage}\n"
        for number, stage in enumerate(given, start=1)
    )
    return f"customer_id,name,customer_since,stage\n{lines}"


def told() -> list[tuple[str, dict[str, str]]]:
    rows = Event.objects.filter(kind="customers.stage_changed").order_by("id")
    return [(row.customer.external_id, row.data) for row in rows]


def test_a_first_load_tells_nothing(tmp_path: Path) -> None:
    load(write(tmp_path, customers=stages("onboarding", "mature")))
    assert Customer.objects.count() == 2
    assert Event.objects.count() == 0


def test_the_changed_ones_are_told_with_before_and_after(tmp_path: Path) -> None:
    first = stages("onboarding", "mature", "adoption", "", "renewal")
    load(write(tmp_path, customers=first))
    changed = stages("adoption", "mature", "renewal", "mature", "", "onboarding")
    load(write(tmp_path, customers=changed), now=LATER)
    assert told() == [
        ("C-1", {"before": "onboarding", "after": "adoption"}),
        ("C-3", {"before": "adoption", "after": "renewal"}),
    ]
    row = Event.objects.order_by("id")[0]
    assert (row.happened_at, row.recorded_at, row.actor) == (LATER, LATER, None)
    load(write(tmp_path, customers=changed), now=LATER)
    assert Event.objects.count() == 2


def test_a_file_without_stages_changes_none(tmp_path: Path) -> None:
    load(write(tmp_path, customers=stages("onboarding")))
    plain = "customer_id,name,customer_since\nC-1,Other,2024-01-01\n"
    load(write(tmp_path, customers=plain), now=LATER)
    assert Customer.objects.get().stage == "onboarding"
    assert Event.objects.count() == 0


def test_who_listens_gets_a_delivery(tmp_path: Path, settings: Settings) -> None:
    settings.EVENT_CONSUMERS = ["playbooks", "webhooks"]
    load(write(tmp_path, customers=stages("onboarding", "onboarding")))
    load(write(tmp_path, customers=stages("mature", "onboarding")), now=LATER)
    event = Event.objects.get()
    assert event.customer.external_id == "C-1"
    rows = EventDelivery.objects.order_by("consumer")
    assert [(row.event, row.consumer, row.state) for row in rows] == [
        (event, "playbooks", "pending"),
        (event, "webhooks", "pending"),
    ]


def test_the_timeline_names_both_stages(
    tmp_path: Path, company: Company, ana: User, ana_client: Client
) -> None:
    load(write(tmp_path, customers=stages("onboarding")))
    Customer.objects.update(owner=ana)
    load(write(tmp_path, customers=stages("mature")), now=LATER)
    page = ana_client.get(f"/customers/{Customer.objects.get().pk}/")
    assert "New stage. From Onboarding to Mature" in pages.words(pages.main_of(page))
