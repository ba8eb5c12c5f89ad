"""Hearing what gateways tell: only them, once, and never lost."""

import datetime as dt
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import AuditEntry, Company
from billing.models import GatewayAccount, GatewayEvent, GatewayObject
from billing.services.gateways import hearing
from billing.views import gateway_hook as views
from fakegateway.hooks import header
from tests.billing.gateways.hooks import (
    OLD_SECRET,
    SECRET,
    account_of,
    event,
    post,
    signed,
)

pytestmark = pytest.mark.django_db
HOUR = 3_600


@pytest.fixture
def account(company: Company) -> GatewayAccount:
    return account_of("stripe")


def stored() -> list[tuple[str, int]]:
    return list(
        GatewayEvent.objects.order_by("id").values_list("external_id", "copies")
    )


def wanted() -> list[tuple[str, str, int]]:
    rows = GatewayObject.objects.order_by("id")
    return list(rows.values_list("kind", "external_id", "wanted"))


def test_an_event_is_stored_once_and_its_object_wanted_once(
    account: GatewayAccount,
) -> None:
    before = time.time()
    assert [post(account, event()).status_code for _ in range(3)] == [200, 200, 200]
    assert stored() == [("evt_1", 2)]
    assert wanted() == [("customer", "cus_1", 1)]
    assert post(account, event("evt_2")).status_code == 200
    assert wanted() == [("customer", "cus_1", 2)]
    row = GatewayEvent.objects.latest("id")
    assert (row.type, row.about) == ("customer.updated", [["customer", "cus_1"]])
    account.refresh_from_db()
    assert account.heard_at is not None
    assert account.heard_at.timestamp() > before - 1
    assert account.skew_seconds in {-1, 0}
    assert AuditEntry.objects.count() == 0


def test_nothing_of_what_it_says_is_kept(account: GatewayAccount) -> None:
    told = {"id": "cus_1", "object": "customer", "email": "mara@secret.example"}
    assert post(account, event(data={"object": told})).status_code == 200
    rows = [*GatewayEvent.objects.values(), *GatewayObject.objects.values()]
    assert "mara@secret.example" not in str(rows)


def test_both_secrets_hold_while_one_is_spread(account: GatewayAccount) -> None:
    assert post(account, event(), secret=OLD_SECRET).status_code == 200


@pytest.mark.parametrize("path", ["stripe/key-of-stripe", "stripe/key-of-stripe/"])
def test_with_and_without_the_last_stroke(account: GatewayAccount, path: str) -> None:
    body = json.dumps(event()).encode()
    response = Client().post(
        f"/hooks/gateways/{path}", body, "application/json",
        headers=signed("stripe", body),
    )  # fmt: skip
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "stripe/key-of-paddle",
        "paddle/key-of-stripe",
        "nobody/key-of-stripe",
        "stripe/x",
    ],
)
def test_an_unknown_address_is_no_address(account: GatewayAccount, path: str) -> None:
    body = json.dumps(event()).encode()
    response = Client().post(
        f"/hooks/gateways/{path}/", body, "application/json",
        headers=signed("stripe", body),
    )  # fmt: skip
    assert response.status_code == 404
    assert stored() == []


def test_an_account_that_is_off_hears_nothing(account: GatewayAccount) -> None:
    GatewayAccount.objects.update(is_on=False)
    assert post(account, event()).status_code == 404


def test_get_is_no_way(
    account: GatewayAccount, caplog: pytest.LogCaptureFixture
) -> None:
    response = Client().get("/hooks/gateways/stripe/key-of-stripe/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert account.hook_key not in caplog.text


def refused(account: GatewayAccount, body: bytes, headers: dict[str, str]) -> None:
    response = post(account, body, headers)
    assert (response.status_code, response.content) == (400, b"")


def test_forgeries(account: GatewayAccount, caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps(event()).encode()
    now, right = int(time.time()), signed("stripe", body)
    for headers in (
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": f"t={now}"},
        {"Stripe-Signature": header(body, ["wrong"], now)},
        {"Stripe-Signature": header(body, [""], now)},
        {"Stripe-Signature": header(body, [SECRET], now).replace("v1=", "v0=")},
        {"Stripe-Signature": right["Stripe-Signature"][:-1]},
        {"Stripe-Signature": f"t={now + 1}," + right["Stripe-Signature"].split(",")[1]},
        {"Stripe-Signature": header(body, [SECRET], now - HOUR)},
        {"Stripe-Signature": header(body, [SECRET], now + HOUR)},
        {"Stripe-Signature": f"t={now}," + header(body, [SECRET], now - HOUR)},
        {"Stripe-Signature": header(body, [SECRET], now - HOUR) + f",t={now}"},
    ):
        refused(account, body, headers)
    refused(account, body + b" ", right)
    refused(account, body[:-1], right)
    assert stored() == []
    assert wanted() == []
    # Nobody learns from the log what stands in the address.
    assert account.hook_key not in caplog.text
    # The check can say yes.
    assert post(account, body, right).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"id": 1}', b"\xff\xfe", b"[" * 90_000]
)
def test_what_cannot_be_read(account: GatewayAccount, body: bytes) -> None:
    refused(account, body, signed("stripe", body))
    assert stored() == []


def test_a_quarter_of_a_megabyte_is_enough(account: GatewayAccount) -> None:
    body = json.dumps(event(padding="x" * (views.MOST_BYTES - 500))).encode()
    assert len(body) < views.MOST_BYTES
    assert post(account, body).status_code == 200
    large = json.dumps(event("evt_2", padding="x" * views.MOST_BYTES)).encode()
    refused(account, large, signed("stripe", large))
    assert stored() == [("evt_1", 0)]


def test_while_nothing_can_be_stored_it_is_to_come_again(
    account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> bool:
        msg = "server closed the connection unexpectedly"
        raise OperationalError(msg)

    with monkeypatch.context() as patch:
        patch.setattr(views, "hint_take", away)
        response = post(account, event())
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert post(account, event()).status_code == 200
    assert stored() == [("evt_1", 0)]


def test_the_other_mode_is_noted_and_ignored(account: GatewayAccount) -> None:
    assert post(account, event(livemode=True)).status_code == 200
    assert (stored(), wanted()) == ([], [])
    account.refresh_from_db()
    assert account.trouble == "mode"
    assert post(account, event()).status_code == 200
    account.refresh_from_db()
    assert account.trouble == ""


@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
def test_a_wrong_clock_is_told_and_forgotten(
    account: GatewayAccount, ahead: int
) -> None:
    assert post(account, event(), ahead=ahead).status_code == 400
    account.refresh_from_db()
    assert (account.trouble, stored()) == ("clock", [])
    assert account.skew_seconds is not None
    assert abs(account.skew_seconds - ahead) <= 2
    assert post(account, event(), ahead=290 if ahead > 0 else -290).status_code == 200
    account.refresh_from_db()
    assert account.trouble == ""
    assert abs(account.skew_seconds) in {289, 290, 291}


def test_an_old_event_among_good_ones_is_no_wrong_clock(
    account: GatewayAccount,
) -> None:
    assert post(account, event()).status_code == 200
    assert post(account, event(), ahead=-HOUR).status_code == 400
    account.refresh_from_db()
    assert (account.trouble, account.skew_seconds in {-1, 0}) == ("", True)


def test_a_forger_cannot_make_it_look_like_a_wrong_clock(
    account: GatewayAccount,
) -> None:
    assert post(account, event(), secret="wrong", ahead=-HOUR).status_code == 400
    account.refresh_from_db()
    assert (account.trouble, account.skew_seconds) == ("", None)


def test_a_refusal_of_ours_is_not_hidden_by_a_clock(account: GatewayAccount) -> None:
    GatewayAccount.objects.update(trouble="Your key has expired.")
    assert post(account, event(), ahead=-HOUR).status_code == 400
    assert post(account, event()).status_code == 200
    account.refresh_from_db()
    assert account.trouble == "Your key has expired."


def test_what_is_heard_is_noted_once_a_minute(
    account: GatewayAccount, django_assert_num_queries: Any
) -> None:
    post(account, event())
    heard = GatewayAccount.objects.get().heard_at
    post(account, event("evt_2"))
    assert GatewayAccount.objects.get().heard_at == heard
    assert heard is not None
    GatewayAccount.objects.update(heard_at=heard - dt.timedelta(minutes=2))
    post(account, event("evt_3"))
    assert GatewayAccount.objects.get().heard_at != heard - dt.timedelta(minutes=2)


def test_types_that_say_nothing_to_us_are_stored_and_want_nothing(
    account: GatewayAccount,
) -> None:
    told = event(type="balance.available", data={"object": {"object": "balance"}})
    assert post(account, told).status_code == 200
    assert (stored(), wanted()) == ([("evt_1", 0)], [])


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_count_once() -> None:
    """Real transactions, in any order, four at a time."""
    Company.objects.create(id=1, name="Fleetlane", currency="EUR")
    account = account_of("stripe")
    told = [event(f"evt_{n % 5}") for n in range(40)]
    random.Random(1).shuffle(told)

    def one(body: dict[str, Any]) -> int:
        status = post(account, body).status_code
        connection.close()
        return int(status)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, told)) == {200}
    assert sorted(stored()) == [(f"evt_{n}", 7) for n in range(5)]
    assert wanted() == [("customer", "cus_1", 5)]


def test_wanting_many_costs_as_much_as_wanting_one(
    account: GatewayAccount, django_assert_num_queries: Any
) -> None:
    from billing.enums import ObjectKind
    from tests import world

    for number in (1, 3):
        about = [(ObjectKind.INVOICE, f"in_{number}_{n}") for n in range(number)]
        with django_assert_num_queries(5):  # Two of them a savepoint's.
            hearing.objects_want(account=account, about=about, now=world.NOW)
