"""Accounts at gateways: connecting, changing, and what is said of them."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditDetail, AuditEntry, Company
from billing.gateways.base import Access
from billing.models import (
    GatewayAccount,
    GatewayEvent,
    GatewayImport,
    GatewayObject,
    Reconciliation,
)
from billing.services.gateways.access import access_of, access_sealed
from tests.gateway import Fake
from tests.gateway import fake as fake
from tests.gateway import fake_server as fake_server
from tests.pages import words
from tests.world import NOW, make_customer

KEY = "sk_test_not_to_be_seen"
HOOK = "whsec_not_to_be_seen"


@pytest.fixture(autouse=True)
def noon(company: Company, at_noon: None) -> None:
    """Every test looks at noon of the tests' day."""


def an_account(name: str = "Stripe", **fields: Any) -> GatewayAccount:
    values: dict[str, Any] = {
        "kind": "stripe",
        "hook_key": name.lower(),
        "created_at": NOW,
        "secrets": access_sealed(key=KEY, hooks=[HOOK]),
        **fields,
    }
    return GatewayAccount.objects.create(name=name, **values)


def an_object(account: GatewayAccount, number: str, **fields: Any) -> GatewayObject:
    values: dict[str, Any] = {"kind": "invoice", "wanted": 1, "read": 0, **fields}
    return GatewayObject.objects.create(account=account, external_id=number, **values)


def seen(response: Any) -> str:
    page = response.content.decode()
    assert KEY not in page
    assert HOOK not in page
    return words(page[page.index("<main") :])


def of(name: str, account: GatewayAccount, *more: int) -> str:
    return reverse(name, args=[account.pk, *more])


# -- the list and connecting


def test_empty_list_says_what_it_is_good_for(admin_client: Client) -> None:
    page = seen(admin_client.get(reverse("gateways")))
    assert "No gateway is connected" in page
    assert "Connect Stripe" in page
    assert "Chargebee" in page


@pytest.mark.parametrize("accounts", [1, 3])
def test_list_asks_as_much_for_three_as_for_one(
    admin_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    accounts: int,
) -> None:
    for number in range(accounts):
        account = an_account(f"Account {number}", heard_at=NOW)
        an_object(account, "in_1", trouble="It is odd.")
    admin_client.get(reverse("gateways"))
    with django_assert_num_queries(8):
        page = seen(admin_client.get(reverse("gateways")))
    assert page.count("1 object could not be read.") == accounts


def test_key_is_tried_and_secrets_are_sealed(fake: Fake, admin_client: Client) -> None:
    told = {
        "name": "Stripe Europe",
        "key": fake.key,
        "hook": HOOK,
        "collects": "on",
        "makes_customers": "on",
    }
    response = admin_client.post(reverse("gateway_new", args=["stripe"]), told)
    account = GatewayAccount.objects.get()
    assert response["Location"] == of("gateway", account)
    assert access_of(account) == Access(fake.key, (HOOK,))
    assert fake.key not in account.secrets
    assert (account.collects, account.is_live) == (True, False)
    assert len(account.hook_key) >= 32
    entry = AuditEntry.objects.get(action="billing.gateway_connected")
    logged = json.dumps([entry.before, entry.after])
    logged += json.dumps(list(AuditDetail.objects.values_list("data", flat=True)))
    assert fake.key not in logged
    assert HOOK not in logged


def test_key_that_is_refused_is_not_stored(fake: Fake, admin_client: Client) -> None:
    address = reverse("gateway_new", args=["stripe"])
    response = admin_client.post(address, {"name": "Stripe", "key": KEY})
    assert response.status_code == 422
    assert "The gateway does not take this key" in seen(response)
    assert not GatewayAccount.objects.exists()


def test_key_is_needed_and_a_name_is_given_once(
    fake: Fake, admin_client: Client
) -> None:
    address = reverse("gateway_new", args=["stripe"])
    assert admin_client.post(address, {"name": "Stripe"}).status_code == 422
    an_account()
    response = admin_client.post(address, {"name": "Stripe", "key": fake.key})
    assert "Another account has this name" in seen(response)
    assert GatewayAccount.objects.count() == 1


def test_read_only_gateway_has_neither_key_nor_retries(admin_client: Client) -> None:
    address = reverse("gateway_new", args=["paddle"])
    page = seen(admin_client.get(address))
    assert "Secret key" not in page
    assert "Keepwell retries" not in page
    admin_client.post(address, {"name": "Paddle", "hook": HOOK, "collects": "on"})
    account = GatewayAccount.objects.get()
    assert (account.collects, access_of(account).hooks) == (False, (HOOK,))
    page = seen(admin_client.get(of("gateway", account)))
    assert "read only" in page
    assert "Import" not in page
    assert admin_client.get(reverse("gateway_new", args=["nobody"])).status_code == 404


# -- changing


def test_secrets_are_shown_masked_kept_and_replaced(
    fake: Fake, admin_client: Client
) -> None:
    account = an_account()
    page = seen(admin_client.get(of("gateway_change", account)))
    assert "…seen" in page
    told = {"name": "Stripe", "makes_customers": "on", "hook": "whsec_the_next_one"}
    admin_client.post(of("gateway_change", account), told)
    account.refresh_from_db()
    assert access_of(account) == Access(KEY, ("whsec_the_next_one", HOOK))
    page = seen(admin_client.get(of("gateway_change", account)))
    assert "Signing secrets" in page
    admin_client.post(of("gateway_secret_forget", account, 1))
    account.refresh_from_db()
    assert access_of(account) == Access(KEY, ("whsec_the_next_one",))
    # The newest stays, whoever asks.
    admin_client.post(of("gateway_secret_forget", account, 0))
    account.refresh_from_db()
    assert access_of(account).hooks == ("whsec_the_next_one",)


def test_new_key_is_tried_first_and_takes_trouble_back(
    fake: Fake, admin_client: Client
) -> None:
    account = an_account(trouble="Expired key", trouble_at=NOW, resumes_at=NOW)
    told = {"name": "Stripe", "key": "sk_test_wrong"}
    assert admin_client.post(of("gateway_change", account), told).status_code == 422
    admin_client.post(of("gateway_change", account), told | {"key": fake.key})
    account.refresh_from_db()
    assert access_of(account) == Access(fake.key, (HOOK,))
    assert (account.trouble, account.resumes_at) == ("", None)
    entry = AuditEntry.objects.get(action="billing.gateway_changed")
    assert entry.after == {"makes_customers": False, "replaced": ["key"]}


def test_nothing_changed_is_said_and_not_logged(admin_client: Client) -> None:
    account = an_account()
    told = {"name": "Stripe", "makes_customers": "on"}
    page = admin_client.post(of("gateway_change", account), told, follow=True)
    assert "Nothing was changed." in words(page.content.decode())
    assert not AuditEntry.objects.filter(action="billing.gateway_changed").exists()


def test_off_and_on(admin_client: Client) -> None:
    account = an_account()
    admin_client.post(of("gateway_switch", account), {"on": "0"})
    account.refresh_from_db()
    assert not account.is_on
    assert "Off. Nothing is read" in seen(admin_client.get(of("gateway", account)))
    admin_client.post(of("gateway_switch", account), {"on": "1"})
    account.refresh_from_db()
    assert account.is_on


def test_unreadable_secrets_are_said(admin_client: Client) -> None:
    account = an_account(secrets="sealed elsewhere")
    page = seen(admin_client.get(of("gateway", account)))
    assert "The stored secrets cannot be read" in page


# -- the page of one


def test_page_tells_address_events_and_state(admin_client: Client) -> None:
    account = an_account(heard_at=NOW, skew_seconds=-120, collects=True)
    response = admin_client.get(of("gateway", account))
    page = seen(response)
    assert reverse("gateway_hook", args=["stripe", "stripe"]) in (
        response.content.decode()
    )
    assert "All is well" in page
    assert "invoice.*" in page
    assert "s from ours" in page
    assert "Turn off the retries" in page
    assert "Not compared yet" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "No webhook has come yet"),
        ({"trouble": "Invalid API key"}, "It said: Invalid API key"),
        ({"trouble": "clock"}, "this machine's clock"),
        ({"trouble": "mode"}, "other mode"),
    ],
)
def test_state_is_a_sentence(
    admin_client: Client, fields: dict[str, str], says: str
) -> None:
    account = an_account(**fields)
    assert says in seen(admin_client.get(of("gateway", account)))


def test_nights_and_the_alarm(admin_client: Client) -> None:
    account = an_account(heard_at=NOW)
    for days, missed in ((0, 30), (1, 1), (2, 0)):
        Reconciliation.objects.create(
            account=account,
            day=NOW.date() - dt.timedelta(days=days),
            started_at=NOW,
            finished_at=NOW,
            events=40,
            missed=missed,
        )
    page = seen(admin_client.get(of("gateway", account)))
    for told in ("Webhooks do not arrive.", "made up for", "in step"):
        assert told in page


def test_import_is_started_stopped_and_continued(admin_client: Client) -> None:
    account = an_account()
    admin_client.post(of("gateway_import", account), {"do": "start"})
    row = GatewayImport.objects.get()
    row.counts = {"customer": {"read": 1200, "changed": 7, "failed": 1}}
    row.kind = "product"
    row.save()
    response = admin_client.get(of("gateway", account))
    page = seen(response)
    assert "1,200" in page
    assert "being read" in page
    assert 'hx-trigger="every 3s"' in response.content.decode()
    admin_client.post(of("gateway_import", account), {"do": "stop"})
    response = admin_client.get(of("gateway", account))
    assert "Go on" in seen(response)
    assert 'hx-trigger="every 3s"' not in response.content.decode()
    admin_client.post(of("gateway_import", account), {"do": "go"})
    row.refresh_from_db()
    assert not row.stopped


def test_what_could_not_be_read_is_read_again(admin_client: Client) -> None:
    account = an_account()
    odd = an_object(account, "in_odd", trouble="Its customer is nobody's.", tries=3)
    other = an_object(account, "in_other", trouble="No rate.", tries=2)
    theirs = an_object(an_account("Other"), "in_theirs", trouble="No.", tries=2)
    page = seen(admin_client.get(of("gateway", account)))
    assert "in_odd" in page
    assert "in_theirs" not in page
    admin_client.post(of("gateway_read_again", account), {"object": odd.pk})
    odd.refresh_from_db()
    other.refresh_from_db()
    assert (odd.wanted, odd.tries, other.tries) == (2, 0, 2)
    admin_client.post(of("gateway_read_again", account))
    other.refresh_from_db()
    theirs.refresh_from_db()
    assert (other.tries, theirs.tries) == (0, 2)
    wrong = {"object": theirs.pk}
    address = of("gateway_read_again", account)
    assert admin_client.post(address, wrong).status_code == 404


def test_events_page_by_page(admin_client: Client) -> None:
    account = an_account()
    GatewayEvent.objects.bulk_create(
        GatewayEvent(
            account=account,
            external_id=f"evt_{number}",
            type=f"type.{number}",
            about=[["invoice", f"in_{number}"]],
            received_at=NOW,
            copies=number % 3,
            missed=number == 1,
        )
        for number in range(60)
    )
    page = seen(admin_client.get(of("gateway_events", account)))
    assert "type.59" in page
    assert "type.9 " not in page
    older = GatewayEvent.objects.order_by("-id")[49].pk
    page = seen(admin_client.get(of("gateway_events", account), {"before": older}))
    assert "type.9" in page
    assert "never came, found at night" in page
    assert "type.59" not in page


# -- customers that are nobody's here


def test_customer_is_tied_by_hand(admin_client: Client) -> None:
    account = an_account()
    ours = make_customer("Nordwind GmbH", external_id="C-17")
    make_customer("Sudwind")
    theirs = an_object(
        account,
        "cus_1",
        kind="customer",
        read=1,
        read_at=NOW,
        called="Nordwind, pay@nordwind.example",
    )
    waits = an_object(account, "in_1", trouble="Nobody's.", tries=4)
    page = seen(admin_client.get(of("gateway_customers", account)))
    assert "Nordwind, pay@nordwind.example" in page
    address = of("gateway_customer", account, theirs.pk)
    found = seen(admin_client.get(address, {"q": "nordw"}))
    assert "Nordwind GmbH" in found
    assert "Sudwind" not in found
    assert "C-17" in seen(admin_client.get(address, {"q": "C-17"}))
    admin_client.post(address, {"customer": ours.pk})
    theirs.refresh_from_db()
    waits.refresh_from_db()
    assert (theirs.customer, theirs.called, theirs.wanted) == (ours, "", 2)
    assert waits.tries == 0
    assert "Nobody is left over" in seen(
        admin_client.get(of("gateway_customers", account))
    )
    page = admin_client.post(address, {"customer": ours.pk}, follow=True)
    assert "Somebody has said already" in words(page.content.decode())


def test_operations_page_tells_leaders(mara_client: Client) -> None:
    address = reverse("operations")
    assert "Gateways" not in seen(mara_client.get(address))
    account = an_account(heard_at=NOW)
    an_object(account, "in_1", trouble="No rate.")
    page = seen(mara_client.get(address))
    assert "Some could not be read" in page
    assert f'href="{of("gateway", account)}"' not in page
