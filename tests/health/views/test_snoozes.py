"""Hiding a customer from the list, and bringing it back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from customers.models import Customer
from health.models import Board, Snooze
from health.services.finishing import board_build, board_show
from health.services.snoozes import customer_snooze, customer_unsnooze, snooze_day
from tests import world
from tests.pages import messages, rows


@pytest.mark.parametrize(
    ("period", "today", "day"),
    [
        ("tomorrow", dt.date(2026, 12, 31), dt.date(2027, 1, 1)),
        ("week", dt.date(2026, 2, 25), dt.date(2026, 3, 4)),
        ("month", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        ("month", dt.date(2026, 12, 5), dt.date(2027, 1, 5)),
    ],
)
def test_until_when(period: str, today: dt.date, day: dt.date) -> None:
    assert snooze_day(period, today=today) == day


def test_a_customer_is_hidden_and_shown_again(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    pk = scored_world["failing"].pk
    url = reverse("snooze", args=[pk])
    hidden = ana_client.post(url, {"period": "week", "next": "/?f=all"}, follow=True)
    assert hidden.redirect_chain == [("/?f=all", 302)]
    assert messages(hidden) == [
        "Brightwater Logistics is hidden until 7 July 2026. Undo"
    ]
    assert (
        f'formaction="/customers/{pk}/unsnooze/?next=%2F%3Ff%3Dall"'
        in hidden.content.decode()
    )
    assert rows(hidden) == []
    snoozed = ana_client.get("/?f=snoozed")
    [row] = rows(snoozed)
    assert "Hidden until 7 Jul Show again" in row
    assert [chip.count for chip in snoozed.context["list"].chips if chip.current] == [1]
    back = ana_client.post(reverse("unsnooze", args=[pk]), follow=True)
    assert messages(back) == ["Brightwater Logistics is on the list again."]
    assert len(rows(back)) == 1


def test_a_snooze_ends_by_itself(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    customer_snooze(
        customer=scored_world["failing"], until=world.TODAY, author=ana, now=world.NOW
    )
    assert len(rows(ana_client.get("/"))) == 1


@pytest.mark.parametrize("name", ["snooze", "unsnooze"])
def test_only_those_who_may(
    name: str, ana_client: Client, viewer_client: Client, client: Client,
    scored_world: dict[str, Customer],
) -> None:  # fmt: skip
    theirs = reverse(name, args=[scored_world["charlie"].pk])
    own = reverse(name, args=[scored_world["failing"].pk])
    asked = {"period": "week"}
    assert ana_client.post(theirs, asked).status_code == 404
    assert viewer_client.post(own, asked).status_code == 403
    assert client.post(own, asked).status_code == 302
    assert ana_client.get(own).status_code == 405
    assert not Snooze.objects.exists()


def test_bad_input_changes_nothing(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    url = reverse("snooze", args=[scored_world["failing"].pk])
    assert ana_client.post(url, {"period": "forever"}).status_code == 400
    assert not Snooze.objects.exists()


def test_the_way_back_stays_in_the_house(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    url = reverse("snooze", args=[scored_world["failing"].pk])
    response = ana_client.post(url, {"period": "week", "next": "https://evil.example/"})
    assert response["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_both_survive_a_rebuild_that_began_before(ana: User) -> None:
    customer = world.failing_customer("Brightwater", owner=ana)
    world.score()
    now = timezone.now()
    run = world.run_at_its_end()
    built = board_build(run=run)
    until = world.TODAY + dt.timedelta(days=7)
    customer_snooze(customer=customer, until=until, author=ana, now=now)
    board_show(run=run, built=built)
    assert Board.objects.get().snoozed_until == until
    run = world.run_at_its_end()
    built = board_build(run=run)
    assert customer_unsnooze(customer=customer, author=ana, today=world.TODAY, now=now)
    assert not customer_unsnooze(
        customer=customer, author=ana, today=world.TODAY, now=now
    )
    # The swap takes what it finds: an ended snooze, which hides nobody any more.
    board_show(run=run, built=built)
    assert Board.objects.get().snoozed_until == world.TODAY
