"""Administrators, reopenings and the events of key features."""

import datetime as dt
from pathlib import Path

import pytest

from customers.models import Contact, SupportTicket, UsageDaily
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
TICKETS = "ticket_id,customer_id,opened_at,resolved_at,reopened_at\n"
USAGE = "customer_id,day,events,key_events\n"


def test_administrators_are_marked(tmp_path: Path) -> None:
    rows = "contact_id,customer_id,name,is_admin\nK-1,C-1,Ada,yes\nK-2,C-1,Bo,\n"
    load(write(tmp_path, contacts=rows))
    found = Contact.objects.order_by("external_id").values_list("is_admin", flat=True)
    assert list(found) == [True, False]


def test_the_first_reopening_stays(tmp_path: Path) -> None:
    row = "T-1,C-1,2024-03-01,2024-03-02,{}\n"
    load(write(tmp_path, tickets=TICKETS + row.format("")))
    assert SupportTicket.objects.get().reopened_recorded_at is None
    load(write(tmp_path, tickets=TICKETS + row.format("2024-03-05")), now=LATER)
    after = LATER + dt.timedelta(days=1)
    load(write(tmp_path, tickets=TICKETS + row.format("2024-03-09")), now=after)
    ticket = SupportTicket.objects.get()
    assert ticket.reopened_at == dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
    assert ticket.reopened_recorded_at == LATER


def test_a_reopening_is_known_when_it_happened_or_when_the_file_says(
    tmp_path: Path,
) -> None:
    rows = (
        "ticket_id,customer_id,opened_at,reopened_at,reopened_recorded_at\n"
        "T-1,C-1,2024-03-01,2024-03-05,\nT-2,C-1,2024-03-01,2024-03-05,2024-04-01\n"
        "T-3,C-1,2024-03-01,2024-02-05,\n"
    )
    report = load(write(tmp_path, tickets=rows))
    found = SupportTicket.objects.order_by("external_id")
    assert [ticket.reopened_recorded_at.date() for ticket in found] == [  # type: ignore[union-attr]
        dt.date(2024, 3, 5), dt.date(2024, 4, 1),
    ]  # fmt: skip
    assert rejected(report) == [
        (
            "tickets.csv", 4, "reopened_at",
            "impossible date: the ticket was reopened before it was opened",
        )
    ]  # fmt: skip


def known() -> list[tuple[str, dt.date, int, int | None]]:
    """This will read the differences, per customer in the order they were recorded."""
    return list(
        UsageDaily.objects.order_by("customer__external_id", "recorded_on").values_list(
            "customer__external_id", "recorded_on", "events", "key_events"
        )
    )


def test_events_of_key_features_are_kept_as_differences(tmp_path: Path) -> None:
    day = dt.date(2024, 3, 1)
    load(write(tmp_path, usage=f"{USAGE}C-1,2024-03-01,50,5\nC-2,2024-03-01,9,\n"))
    assert known() == [("C-1", day, 50, 5), ("C-2", day, 9, None)]
    text = f"{USAGE}C-1,2024-03-01,50,3\nC-2,2024-03-01,9,0\n"
    report = load(write(tmp_path, usage=text), now=LATER)
    assert counts(report, "usage") == (0, 2, 0, 0, 0)
    later = TODAY + dt.timedelta(days=10)
    # That nobody used a key feature is news where nobody counted before.
    learnt = [
        ("C-1", day, 50, 5), ("C-1", later, 0, -2),
        ("C-2", day, 9, None), ("C-2", later, 0, 0),
    ]  # fmt: skip
    assert known() == learnt
    again = load(write(tmp_path, usage=text), now=LATER)
    assert counts(again, "usage") == (0, 0, 2, 0, 0)
    # A file that does not speak of them changes nothing about them.
    plain = "customer_id,day,events\nC-1,2024-03-01,51\nC-2,2024-03-01,9\n"
    load(write(tmp_path, usage=plain), now=LATER)
    learnt[1] = ("C-1", later, 1, -2)
    assert known() == learnt


def test_raw_rows_add_up_their_key_events(tmp_path: Path) -> None:
    rows = "customer_id,day,key_events\nC-1,2024-03-01,2\nC-1,2024-03-01,3\nC-2,2024-03-01,\n"
    load(write(tmp_path, usage=rows, mapping="[tables.usage]\naggregate = true\n"))
    assert [(row[0], row[3]) for row in known()] == [("C-1", 5), ("C-2", None)]
