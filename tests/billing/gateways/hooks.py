"""Webhooks as the providers send them, and accounts that take them."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from billing.models import GatewayAccount
from billing.services.gateways.access import access_sealed
from fakegateway.hooks import header

SECRET, OLD_SECRET = "of-today", "of-yesterday"
PASSWORD = "keepwell:correct horse"
Obj = dict[str, Any]


def account_of(kind: str, **fields: Any) -> GatewayAccount:
    """An account whose webhooks are signed with SECRET, and for a while with OLD_SECRET."""
    hooks = [PASSWORD] if kind == "chargebee" else [SECRET, OLD_SECRET]
    fields = {"name": kind, "hook_key": f"key-of-{kind}"} | fields
    return GatewayAccount.objects.create(
        kind=kind,
        secrets=access_sealed(key="key", hooks=hooks),
        created_at=timezone.now(),
        **fields,
    )


def made(secret: str, message: bytes) -> str:
    """The plain HMAC that all of them use, made without our own code."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed(
    kind: str, body: bytes, *, secret: str = SECRET, ahead: float = 0
) -> dict[str, str]:
    """The headers of a webhook that was sent so many seconds from now."""
    moment = int(time.time() + ahead)
    match kind:
        case "stripe":
            return {"Stripe-Signature": header(body, [secret], moment)}
        case "paddle":
            h1 = made(secret, f"{moment}:".encode() + body)
            return {"Paddle-Signature": f"ts={moment};h1={h1}"}
        case "recurly":
            told = f"{moment}123"
            return {
                "recurly-signature": f"{told},{made(secret, f'{told}.'.encode() + body)}"
            }
        case _:
            word = PASSWORD if secret == SECRET else secret
            return {
                "Authorization": f"Basic {base64.b64encode(word.encode()).decode()}"
            }


def post(
    account: GatewayAccount, told: Obj | bytes, headers: dict[str, str] | None = None,
    *, client: Client | None = None, **how: Any,
) -> HttpResponse:  # fmt: skip
    """Sends it to us; signed now and rightly unless told otherwise."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    given = signed(account.kind, body, **how) if headers is None else headers
    response: Any = (client or Client(enforce_csrf_checks=True)).post(
        f"/hooks/gateways/{account.kind}/{account.hook_key}/",
        body,
        content_type="application/json",
        headers=given,
    )
    return response


def event(number: str = "evt_1", **fields: Any) -> Obj:
    """What Stripe sends when a customer changed."""
    return {
        "id": number,
        "object": "event",
        "type": "customer.updated",
        "created": int(time.time()),
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": {"id": "cus_1", "object": "customer"}},
        **fields,
    }
