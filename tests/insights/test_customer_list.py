"""The whole portfolio."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Company, User
from customers.models import Customer
from health.models import Board
from health.selectors import board as board_selectors
from tests import world
from tests.pages import part, queries, rows, words

URL = "/customers/"


def names(response: object) -> list[str]:
    return [row.board.name for row in response.context["list"].rows]  # type: ignore[attr-defined]


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == "/sign-in/?next=/customers/"


def test_the_own_portfolio_most_urgent_first(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    Board.objects.filter(name="Kestrel Foods").update(queue_value=10**9)
    response = ana_client.get(URL)
    assert names(response) == ["Kestrel Foods", "Brightwater Logistics"]
    assert "2 customers, most urgent first." in words(response.content.decode())
    assert "Secret Ltd" not in response.content.decode()


def test_chips_by_band(ana_client: Client, scored_world: dict[str, Customer]) -> None:
    response = ana_client.get(f"{URL}?f=healthy")
    chips = {chip.name: chip.count for chip in response.context["list"].chips}
    assert chips == {"all": 2, "at-risk": 1, "watch": 0, "healthy": 1}
    assert names(response) == ["Kestrel Foods"]


def test_a_search_keeps_its_filter_and_finds_those_without_a_score(
    ana_client: Client, ana: User, charlie: User, scored_world: dict[str, Customer]
) -> None:
    world.make_customer("Kestrel Newborn", owner=ana)
    world.make_customer("Kestrel Secret", owner=charlie)
    response = ana_client.get(f"{URL}?q=kestrel&f=healthy")
    assert names(response) == ["Kestrel Foods"]
    assert part(response, "h-unscored") == (
        "Without a score: new, or no longer with us Kestrel Newborn"
    )
    assert 'name="f" value="healthy"' in response.content.decode()


def test_nothing_found(ana_client: Client, scored_world: dict[str, Customer]) -> None:
    response = ana_client.get(f"{URL}?q=zebra")
    assert rows(response) == []
    assert "No customer fits." in part(response, "h-list")


def test_pages_meet_without_gap_or_repeat(
    mara_client: Client,
    scored_world: dict[str, Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_selectors, "PAGE_SIZE", 2)
    Board.objects.update(queue_value=7)  # equal values: the customer's number decides
    first = mara_client.get(URL)
    listing = first.context["list"]
    assert (listing.position, listing.previous_url) == ("1 to 2 of 3", "")
    second = mara_client.get(URL + listing.next_url)
    listing = second.context["list"]
    assert (listing.position, listing.next_url) == ("3 to 3 of 3", "")
    assert rows(second)[0].startswith("3 ")
    order = [*Board.objects.order_by("customer_id").values_list("name", flat=True)]
    assert names(first) + names(second) == order
    assert names(mara_client.get(URL + listing.previous_url)) == names(first)


def test_a_list_that_moved_begins_again(
    mara_client: Client,
    scored_world: dict[str, Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_selectors, "PAGE_SIZE", 2)
    first = mara_client.get(URL).context["list"]
    second = mara_client.get(URL + first.next_url).context["list"]
    Board.objects.update(queue_value=10**9)
    back = mara_client.get(URL + second.previous_url).context["list"]
    assert back.position == "1 to 2 of 3"
    Board.objects.update(queue_value=0)
    Board.objects.filter(name="Secret Ltd").delete()
    assert (
        mara_client.get(URL + first.next_url).context["list"].position == "1 to 2 of 2"
    )


def test_the_queries_do_not_grow_with_the_rows(
    ana_client: Client, ana: User, company: Company, at_noon: None
) -> None:
    world.failing_customer("One", owner=ana)
    world.score()
    one = queries(ana_client, URL)
    for name in ("Two", "Three"):
        world.healthy_customer(name, owner=ana)
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    assert len(rows(ana_client.get(URL))) == 3
    assert queries(ana_client, URL) == one
