"""Recurly: signed hints, and the state by its API, which a small server plays here."""

import base64
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company
from billing.enums import Collection, MethodKind, ObjectKind
from billing.gateways.base import (
    Access,
    UnableToReachGateway,
    UnableToRead,
    UnableToTrust,
    UnableToTrustTime,
    UnableToUseGateway,
)
from billing.gateways.objects import (
    RemoteCustomer,
    RemoteInvoice,
    RemoteMethod,
    RemotePayment,
    RemotePrice,
    RemoteProduct,
    RemoteRefund,
    RemoteSubscription,
)
from billing.gateways.recurly import RecurlyGateway
from billing.models import GatewayObject
from billing.models.invoice import Invoice, Payment
from billing.services.gateways.reading import objects_read
from customers.models import Customer
from tests.billing.gateways.hooks import SECRET, account_of, made, post, signed

GATEWAY = RecurlyGateway(Access(key="private", hooks=("old", SECRET)))
Obj = dict[str, Any]
MADE = "2026-06-01T10:00:00Z"
ACCOUNT: Obj = {
    "id": "acc1", "object": "account", "code": "nord/wind", "company": "Nordwind GmbH",
    "first_name": "Mara", "last_name": "Ionescu", "email": "billing@nordwind.example",
    "address": {"country": "DE"}, "created_at": MADE, "state": "active",
    "custom_fields": [{"name": "keepwell_id", "value": "C-7"}], "billing_info": {"id": "b1"},
}  # fmt: skip
BILLING: Obj = {
    "id": "b1", "created_at": MADE,
    "payment_method": {
        "object": "credit_card", "card_type": "Visa", "first_six": "411111",
        "last_four": "1111", "exp_month": 12, "exp_year": 2027,
    },
}  # fmt: skip
PLAN: Obj = {
    "id": "p1", "code": "gold", "name": "Gold", "state": "active", "created_at": MADE,
    "interval_unit": "months", "interval_length": 12,
    "currencies": [{"currency": "EUR", "unit_amount": 1200.0}],
}  # fmt: skip
SUBSCRIPTION: Obj = {
    "id": "sub1", "uuid": "u-sub1", "account": {"id": "acc1", "code": "nord/wind"},
    "plan": {"id": "p1", "code": "gold"}, "state": "active", "currency": "EUR",
    "unit_amount": 1200.0, "quantity": 2, "add_ons_total": 600.0, "created_at": MADE,
    "activated_at": MADE, "current_period_ends_at": "2027-06-01T10:00:00Z",
    "trial_ends_at": None, "collection_method": "automatic",
    "coupon_redemptions": [
        {"coupon": {"discount": {"type": "percent", "percent": 10}}},
        {"coupon": {"discount": {"type": "fixed"}}},
    ],
}  # fmt: skip
TRY: Obj = {
    "id": "t1", "uuid": "u-t1", "type": "purchase", "status": "declined",
    "status_code": "insufficient_funds", "status_message": "The card has too little.",
    "amount": 3213.0, "currency": "EUR", "created_at": MADE, "collected_at": None,
    "account": {"code": "nord/wind"}, "invoice": {"id": "i1", "number": "1043"},
    "payment_method": BILLING["payment_method"],
}  # fmt: skip
PAID: Obj = {
    **TRY, "id": "t2", "uuid": "u-t2", "status": "success", "status_code": None,
    "collected_at": "2026-06-03T10:00:00Z",
}  # fmt: skip
BACK: Obj = {
    **PAID, "id": "t3", "type": "refund", "amount": 119.0, "original_transaction_id": "t2",
    "status_message": None,
}  # fmt: skip
INVOICE: Obj = {
    "id": "i1", "number": "1043", "type": "charge", "state": "past_due",
    "account": {"code": "nord/wind"}, "subscription_ids": ["sub1"], "currency": "EUR",
    "collection_method": "automatic", "subtotal": 3000.0, "discount": 300.0, "tax": 513.0,
    "total": 3213.0, "paid": 0.0, "balance": 3213.0, "created_at": MADE, "due_at": MADE,
    "line_items": {"data": []}, "transactions": [TRY],
}  # fmt: skip
LINE: Obj = {
    "id": "l1", "type": "charge", "description": "Gold", "plan_code": "gold",
    "subscription_id": "sub1", "quantity": 2, "subtotal": 3000.0, "discount": 300.0,
    "tax": 513.0, "currency": "EUR", "start_date": MADE, "end_date": "2027-06-01T10:00:00Z",
}  # fmt: skip
INVOICE["line_items"] = [LINE]


class Api:
    """What it answers, by path, and what it was asked."""

    def __init__(self) -> None:
        self.rows: dict[str, Obj] = {
            "/accounts/code-nord%2Fwind": ACCOUNT,
            "/accounts/code-nord%2Fwind/billing_info": BILLING,
            "/plans/code-gold": PLAN,
            "/subscriptions/uuid-u-sub1": SUBSCRIPTION,
            "/subscriptions/sub1": SUBSCRIPTION,
            "/invoices/number-1043": INVOICE,
            "/transactions/uuid-u-t1": TRY,
            "/transactions/t3": BACK,
            "/sites": {"data": [{"subdomain": "nordwind"}]},
        }
        self.asked: list[tuple[str, str, str]] = []
        self.status, self.headers = 200, dict[str, str]()


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    played = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            how = self.headers["Authorization"], self.headers["Accept"]
            played.asked.append((self.path, *how))
            row = played.rows.get(self.path)
            status = played.status if row or played.status != 200 else 404
            body = json.dumps(row or {"error": {}}).encode()
            self.send_response(status)
            for name, value in played.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.RECURLY_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    yield played
    server.shutdown()
    server.server_close()
    thread.join(5)


def event(kind: str, what: str, number: str = "ev1", **names: str) -> Obj:
    return {
        "id": number, "object_type": kind, "site_id": "site1", "event_type": what,
        "event_time": "2026-06-01T10:00:12Z", **names,
    }  # fmt: skip


def heard(told: Obj | bytes, headers: dict[str, str] | None = None, **how: Any) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    given = signed("recurly", body, **how) if headers is None else headers
    return GATEWAY.hint(body, given, now=dt.datetime.now(dt.UTC))


@pytest.mark.parametrize(
    ("told", "about"),
    [
        (
            event("account", "updated", account_code="nord/wind"),
            [("customer", "nord/wind")],
        ),
        (event("billing_info", "updated", account_code="c"), [("method", "c")]),
        (event("subscription", "renewed", uuid="u1"), [("subscription", "uuid-u1")]),
        (
            event("charge_invoice", "paid", invoice_number="7", uuid="x"),
            [("invoice", "7")],
        ),
        (event("charge_invoice", "paid", uuid="x"), [("invoice", "uuid-x")]),
        (event("payment", "failed", uuid="u2"), [("payment", "uuid-u2")]),
        (event("gift_card", "created", uuid="u3"), []),
        (event("payment", "failed"), []),
    ],
)
def test_a_hint_only_names(told: Obj, about: list[tuple[str, str]]) -> None:
    hint = heard(told)
    assert [(str(kind), number) for kind, number in hint.about] == about
    assert hint.carried == ()
    assert hint.type == f"{told['object_type']}.{told['event_type']}"
    assert hint.happened_at == dt.datetime(2026, 6, 1, 10, 0, 12, tzinfo=dt.UTC)


def test_what_happens_to_one_object_twice_is_two_events() -> None:
    first = event("account", "updated", account_code="c")
    later = {**first, "event_time": "2026-06-01T10:00:13Z"}
    ids = {heard(one).event_id for one in (first, first, later)}
    assert len(ids) == 2


# What its API tells


def test_asking_with_the_key_and_the_version(api: Api) -> None:
    GATEWAY.fetch(ObjectKind.CUSTOMER, "nord/wind")
    word = base64.b64encode(b"private:").decode()
    assert api.asked == [
        (
            "/accounts/code-nord%2Fwind",
            f"Basic {word}",
            "application/vnd.recurly.v2021-02-25+json",
        )
    ]
    assert GATEWAY.check() == "nordwind"


def test_accounts_and_what_they_pay_with(api: Api) -> None:
    at = dt.datetime.fromisoformat(MADE)
    assert GATEWAY.fetch(ObjectKind.CUSTOMER, "nord/wind") == RemoteCustomer(
        "nord/wind", "Nordwind GmbH", "billing@nordwind.example", "DE", at,
        our_id="C-7", default_method="nord/wind",
    )  # fmt: skip
    method = GATEWAY.fetch(ObjectKind.METHOD, "nord/wind")
    assert method == RemoteMethod(
        "nord/wind", "nord/wind", MethodKind.CARD, "Visa", "1111",
        dt.date(2027, 12, 31), at, is_default=True,
    )  # fmt: skip
    assert "411111" not in str(method)
    assert GATEWAY.fetch(ObjectKind.CUSTOMER, "nobody") is None


def test_plans_and_subscriptions(api: Api) -> None:
    at = dt.datetime.fromisoformat(MADE)
    assert GATEWAY.fetch(ObjectKind.PRODUCT, "gold") == RemoteProduct(
        "gold", "Gold", active=True, created_at=at
    )
    assert GATEWAY.fetch(ObjectKind.PRICE, "gold:EUR") == RemotePrice(
        "gold:EUR", "gold", "EUR", Decimal(1200), 12, active=True, created_at=at,
        nickname="Gold",
    )  # fmt: skip
    with pytest.raises(UnableToRead):
        GATEWAY.fetch(ObjectKind.PRICE, "gold:USD")
    row = GATEWAY.fetch(ObjectKind.SUBSCRIPTION, "uuid-u-sub1")
    assert isinstance(row, RemoteSubscription)
    assert (row.external_id, row.customer, row.state) == ("sub1", "nord/wind", "active")
    # Twice 1,200 and 600 of add-ons a year, less ten percent.
    assert (row.list_mrr, row.mrr) == (Decimal(250), Decimal(225))
    assert [(one.price, one.quantity) for one in row.items] == [("gold:EUR", 2)]


@pytest.mark.parametrize(
    ("fields", "state", "ends", "failed"),
    [
        ({"trial_ends_at": SUBSCRIPTION["current_period_ends_at"]}, "trial", False, False),
        ({"state": "paused"}, "paused", False, False),
        ({"state": "canceled", "canceled_at": MADE, "expires_at": MADE}, "active", True, False),
        ({"state": "expired", "expires_at": MADE}, "ended", True, False),
        (
            {"state": "expired", "expires_at": MADE, "expiration_reason": "nonpayment"},
            "ended", True, True,
        ),
    ],
)  # fmt: skip
def test_how_a_subscription_stands(
    api: Api, fields: Obj, state: str, ends: bool, failed: bool
) -> None:
    api.rows["/subscriptions/sub1"] = {**SUBSCRIPTION, **fields}
    row = GATEWAY.fetch(ObjectKind.SUBSCRIPTION, "sub1")
    assert isinstance(row, RemoteSubscription)
    assert (row.state, row.ends_at is not None, row.failed) == (state, ends, failed)
    assert (row.cancelled_at is not None) == ends


def test_invoices_and_tries(api: Api) -> None:
    row = GATEWAY.fetch(ObjectKind.INVOICE, "1043")
    assert isinstance(row, RemoteInvoice)
    assert (row.state, row.collection, row.subscription) == (
        "open",
        Collection.CHARGE,
        "sub1",
    )
    assert (row.total, row.tax, row.owing) == (
        Decimal(2700),
        Decimal(513),
        Decimal(3213),
    )
    assert (row.lines[0].amount, row.lines[0].price) == (Decimal(2700), "gold:EUR")
    [failed] = row.payments
    assert (failed.state, failed.decline_code) == ("failed", "insufficient_funds")
    paid = {"state": "paid", "balance": 0.0, "transactions": [BACK, PAID, TRY]}
    api.rows["/invoices/number-1043"] = {**INVOICE, **paid}
    row = GATEWAY.fetch(ObjectKind.INVOICE, "1043")
    assert isinstance(row, RemoteInvoice)
    assert [(one.external_id, one.state, len(one.refunds)) for one in row.payments] == [
        ("t2", "succeeded", 1), ("t1", "failed", 0),
    ]  # fmt: skip
    one = GATEWAY.fetch(ObjectKind.PAYMENT, "uuid-u-t1")
    assert isinstance(one, RemotePayment)
    assert (one.external_id, one.invoice) == ("t1", "1043")
    back = GATEWAY.fetch(ObjectKind.REFUND, "t3")
    assert isinstance(back, RemoteRefund)
    assert (back.payment, back.amount) == ("t2", Decimal(119))
    api.rows["/transactions/t3"] = {**BACK, "type": "verify"}
    assert GATEWAY.fetch(ObjectKind.PAYMENT, "t3") is None
    api.rows["/invoices/number-1043"] = {**INVOICE, "type": "credit"}
    with pytest.raises(UnableToRead):
        GATEWAY.fetch(ObjectKind.INVOICE, "1043")


def test_answers_that_are_none(api: Api, settings: Settings) -> None:
    def ask() -> Any:
        return GATEWAY.fetch(ObjectKind.CUSTOMER, "nord/wind")

    for status in (401, 403):
        api.status = status
        with pytest.raises(UnableToUseGateway):
            ask()
    for status in (301, 422, 500, 503):
        api.status = status
        with pytest.raises(UnableToReachGateway) as caught:
            ask()
        assert caught.value.after is None
    api.status, api.headers = 429, {"X-RateLimit-Reset": str(int(time.time()) + 60)}
    with pytest.raises(UnableToReachGateway) as caught:
        ask()
    assert caught.value.after is not None
    assert 50 < caught.value.after < 70
    settings.RECURLY_ADDRESS = "http://127.0.0.1:9"
    with pytest.raises(UnableToReachGateway):
        ask()


# Forged, skewed, disordered


def test_forgeries() -> None:
    body = json.dumps(event("account", "updated", account_code="c")).encode()
    now = int(time.time() * 1_000)
    right = made(SECRET, f"{now}.".encode() + body)
    for header in (
        "", ",", f"{now}", f"{now},", right, f",{right}", f"{now + 1},{right}",
        f"{now},{right[:-1]}", f"{now},{right.upper()}", f"{now} {right}", f"-{now},{right}",
        f"{now},{made('wrong', f'{now}.'.encode() + body)}", f"{now},{made(SECRET, body)}",
        f"{now},{made('', f'{now}.'.encode() + body)}", f"{'9' * 30},{right}",
    ):  # fmt: skip
        with pytest.raises(UnableToTrust):
            heard(body, {"recurly-signature": header})
    with pytest.raises(UnableToTrust):
        heard(body + b" ", {"recurly-signature": f"{now},{right}"})
    # While a key is changed there are two; seconds are understood too.
    assert heard(body, {"recurly-signature": f"{now},ab,{right}"}).event_id
    told = f"{now // 1_000}"
    old = made("old", f"{told}.".encode() + body)
    assert heard(body, {"recurly-signature": f"{told},{old}"}).event_id


@pytest.mark.parametrize("ahead", [-302, 302])
def test_what_was_signed_too_far_away(ahead: int) -> None:
    told = event("account", "updated", account_code="c")
    with pytest.raises(UnableToTrustTime):
        heard(told, ahead=ahead)
    assert heard(told, ahead=ahead * 0.9).event_id


@pytest.mark.django_db
def test_from_a_failed_payment_to_everything_that_stands_behind_it(
    api: Api, company: Company
) -> None:
    account = account_of("recurly")
    told = event("charge_invoice", "past_due", invoice_number="1043")
    for _copy in range(2):
        assert post(account, told).status_code == 200
    for _turn in range(5):
        objects_read(now=timezone.now())
        GatewayObject.objects.update(due_at=None)
    troubles = GatewayObject.objects.exclude(trouble="")
    assert list(troubles.values_list("kind", "trouble")) == []
    assert Customer.objects.get().name == "Nordwind GmbH"
    assert Invoice.objects.get().external_id == "1043"
    assert not Payment.objects.filter(state="succeeded").exists()
    paid = {"state": "paid", "balance": 0.0, "transactions": [PAID, TRY]}
    api.rows["/invoices/number-1043"] = {**INVOICE, **paid}
    assert post(account, {**told, "event_type": "paid"}).status_code == 200
    objects_read(now=timezone.now())
    good = Payment.objects.filter(state="succeeded")
    assert [one.amount for one in good] == [Decimal(3213)]
