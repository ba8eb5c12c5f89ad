"""The suppression list's page."""

import re

import pytest
from django.test import Client

from accounts.actor import MACHINE, Actor
from accounts.models import Company, User
from mail.enums import SuppressionScope
from mail.models import Suppression
from mail.selectors.suppressions import SHOWN, suppression_wishes
from mail.services.suppressions import suppression_add
from tests.mail.rows import make_message
from tests.pages import main_of, messages, queries, rows, words
from tests.world import NOW

PAGE = "/mail/suppressions/"
EMAIL = "mara@brightwater.example"
TYPED = {"email": EMAIL, "scope": "all", "source": "Asked on the phone"}


@pytest.fixture(autouse=True)
def our_company(company: Company) -> Company:
    return company


def add(email: str = EMAIL, source: str = "", by: Actor = MACHINE) -> Suppression:
    return suppression_add(
        email=email, scope="all", reason="complaint", source=source, by=by, now=NOW
    )


def test_an_empty_list_says_so(admin_client: Client) -> None:
    page = words(main_of(admin_client.get(PAGE)))
    assert "Everybody may get mail" in page
    taken_off = words(main_of(admin_client.get(PAGE + "?lifted=1")))
    assert "Nobody was taken off the list" in taken_off


def test_an_address_is_added_by_hand(admin_client: Client, admin: User) -> None:
    page = admin_client.post(PAGE, TYPED, follow=True)
    assert messages(page) == [f"{EMAIL} is on the list. Undo"]
    (row,) = rows(page)
    assert row.startswith(
        f"{EMAIL} Everything but service mail Added by a person Asked on the phone"
    )
    assert "Ada Admin" in row
    again = admin_client.post(PAGE, TYPED, follow=True)
    assert messages(again) == [f"{EMAIL} is on the list already."]
    entry = Suppression.objects.get()
    assert (entry.created_by, entry.reason) == (admin, "by_hand")


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"scope": "x"}, {"email": ""}])
def test_what_is_wrong_is_said(admin_client: Client, wrong: dict[str, str]) -> None:
    page = admin_client.post(PAGE, {**TYPED, **wrong})
    assert page.status_code == 422
    assert re.search(r'<details class="card adding" open\s*>', main_of(page))
    assert Suppression.objects.count() == 0


def test_who_said_so_and_where_it_came_from(admin_client: Client, admin: User) -> None:
    message = make_message(EMAIL)
    add(source=f"message:{message.pk}")
    add("old@x.example", source="550 5.1.1 User unknown", by=Actor(admin))
    page = admin_client.get(PAGE)
    newest, oldest = rows(page)
    assert "550 5.1.1 User unknown" in newest
    assert "Ada Admin" in newest
    assert f"By the link in mail {message.pk}" in oldest
    assert f'href="/mail/outbox/{message.pk}/"' in main_of(page)


def test_taking_off_can_be_undone(admin_client: Client) -> None:
    entry = add()
    page = admin_client.post(f"{PAGE}{entry.pk}/lift/", follow=True)
    assert messages(page) == [f"{EMAIL} may get mail again. Undo"]
    assert suppression_wishes(EMAIL) == frozenset()
    assert len(rows(admin_client.get(PAGE + "?lifted=1"))) == 1
    page = admin_client.post(f"{PAGE}{entry.pk}/restore/", follow=True)
    assert messages(page) == [f"{EMAIL} is on the list again."]
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}
    assert admin_client.post(f"{PAGE}999999/lift/").status_code == 404


def test_addresses_are_found(admin_client: Client) -> None:
    add()
    add("jon@kestrel.example")
    (row,) = rows(admin_client.get(PAGE + "?q=KESTREL"))
    assert row.startswith("jon@kestrel.example")
    nothing = words(main_of(admin_client.get(PAGE + "?q=zzz")))
    assert "This address is not on the list" in nothing


def test_a_long_list_goes_on(admin_client: Client) -> None:
    for number in range(SHOWN + 2):
        add(f"p{number}@x.example")
    first = admin_client.get(PAGE)
    assert len(rows(first)) == SHOWN
    found = re.search(r'rel="next" href="([^"]+)"', main_of(first))
    assert found is not None
    second = admin_client.get(found[1])
    assert [row.split()[0] for row in rows(second)] == ["p1@x.example", "p0@x.example"]
    assert 'rel="next"' not in main_of(second)
    assert 'rel="prev"' in main_of(second)


def test_it_is_for_administrators(
    ana_client: Client, mara_client: Client, viewer_client: Client, client: Client
) -> None:
    entry = add()
    for one in (ana_client, mara_client, viewer_client):
        assert one.get(PAGE).status_code == 403
        assert one.post(PAGE, TYPED).status_code == 403
        assert one.post(f"{PAGE}{entry.pk}/lift/").status_code == 403
        assert one.post(f"{PAGE}{entry.pk}/restore/").status_code == 403
    assert client.get(PAGE).status_code == 302
    assert Suppression.objects.active().count() == 1


def test_more_rows_cost_no_more_queries(admin_client: Client, admin: User) -> None:
    add("p1@x.example", by=Actor(admin))
    one = queries(admin_client, PAGE)
    for number in (2, 3):
        add(f"p{number}@x.example", by=Actor(admin))
    assert queries(admin_client, PAGE) == one
