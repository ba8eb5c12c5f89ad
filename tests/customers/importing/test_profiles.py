"""The log of what customers were taken for, written by the import and by a service."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from customers.models import Customer, ProfileChange, Segment
from customers.services.profiles import profile_note
from tests import world
from tests.customers.importing.folder import load, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
HEADER = "customer_id,name,customer_since,segment,stage,parent_id\n"
# The parent stands further down than its child.
FIRST = (
    f"{HEADER}C-1,Acme,2024-01-01,Small,onboarding,C-2\nC-2,Bolt,2024-02-01,Small,,\n"
)


def start_of(*day: int) -> dt.datetime:
    return dt.datetime(*day, tzinfo=dt.UTC)  # type: ignore[arg-type]


def log(customer: str = "C-1") -> list[tuple[Any, ...]]:
    """This will read a log in the order in which scores read it."""
    return list(
        ProfileChange.objects.filter(customer__external_id=customer)
        .order_by("recorded_at", "id")
        .values_list("recorded_at", "segment__key", "stage", "parent__external_id")
    )


def test_the_first_line_is_as_old_as_the_customer(tmp_path: Path) -> None:
    load(write(tmp_path, customers=FIRST))
    assert log() == [(start_of(2024, 1, 1), "small", "onboarding", "C-2")]
    assert log("C-2") == [(start_of(2024, 2, 1), "small", "", None)]


def test_what_a_later_file_says_is_learnt_by_it(tmp_path: Path) -> None:
    load(write(tmp_path, customers=FIRST))
    changed = FIRST.replace("Small,onboarding,C-2", "Large,adoption,")
    load(write(tmp_path, customers=changed), now=LATER)
    load(write(tmp_path, customers=changed), now=LATER + dt.timedelta(days=1))
    assert log() == [
        (start_of(2024, 1, 1), "small", "onboarding", "C-2"),
        (LATER, "large", "adoption", None),
    ]
    assert len(log("C-2")) == 1


def test_a_file_without_these_columns_leaves_the_log_alone(tmp_path: Path) -> None:
    load(write(tmp_path, customers=FIRST))
    load(write(tmp_path), now=LATER)  # names and days only
    assert [len(log(name)) for name in ("C-1", "C-2")] == [1, 1]


def test_a_customer_known_earlier_was_what_it_was_earlier(tmp_path: Path) -> None:
    load(write(tmp_path, customers=FIRST))
    told = (
        "customer_id,name,customer_since,recorded_at\n"
        "C-1,Acme,2024-01-01,2023-11-05\nC-2,Bolt,2024-02-01,2025-01-01\n"
    )
    load(write(tmp_path, customers=told), now=LATER)
    assert [line[0] for line in log()] == [start_of(2023, 11, 5)]
    # Known later: nobody reads it before, so the line need not move.
    assert [line[0] for line in log("C-2")] == [start_of(2024, 2, 1)]


def test_a_single_change_is_noted_once() -> None:
    customer = world.make_customer(external_id="C-1", stage="onboarding")
    large = Segment.objects.create(key="large", name="Large")
    assert profile_note(customer=customer, now=NOW) is not None
    Customer.objects.filter(pk=customer.pk).update(segment=large)
    customer.refresh_from_db()
    assert profile_note(customer=customer, now=LATER) is not None
    assert profile_note(customer=customer, now=LATER) is None
    assert log() == [
        (customer.recorded_at, "mid-market", "onboarding", None),
        (LATER, "large", "onboarding", None),
    ]


def test_a_clock_that_went_back_does_not_turn_the_log_round() -> None:
    customer = world.make_customer(external_id="C-1")
    profile_note(customer=customer, now=NOW)
    for stage, now in (("adoption", LATER), ("mature", NOW)):
        customer.stage = stage
        customer.save()
        profile_note(customer=customer, now=now)
    assert [line[2] for line in log()] == ["", "adoption", "mature"]
    assert [line[0] for line in log()][1:] == [LATER, LATER]
