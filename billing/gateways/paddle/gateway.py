"""Trusting Paddle's webhooks, and handing their parts to those who translate them.

Signature: developer.paddle.com/webhooks/about/signature-verification. The header is
"ts=1671552777;h1=…", h1 the HMAC-SHA256 of "ts:body"; there may be several h1 while a
secret is changed.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from billing.enums import GatewayKind
from billing.gateways import fields
from billing.gateways.base import Gateway, UnableToTrust
from billing.gateways.fields import Fields
from billing.gateways.objects import Carried, Hint
from billing.gateways.paddle.catalogue import (
    customer_read,
    price_read,
    product_read,
)
from billing.gateways.paddle.documents import adjustment_read, transaction_read
from billing.gateways.paddle.subscriptions import subscription_read
from billing.gateways.signing import moment_check, moment_read, signature_check

Reader = Callable[[Fields, int], tuple[Carried, ...]]
# By the part of "subscription.updated" before the point. The others (addresses, payouts,
# reports …) tell nothing that is kept here.
READERS: Mapping[str, Reader] = {
    "customer": customer_read,
    "product": product_read,
    "price": price_read,
    "subscription": subscription_read,
    "transaction": transaction_read,
    "adjustment": adjustment_read,
}


class PaddleGateway(Gateway):
    """Reads what Paddle tells. The state comes with the event and is ordered by when it
    happened."""

    kind = GatewayKind.PADDLE
    carries = True

    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        """This will read a webhook; see Gateway.hint."""
        sent_at = self._proved(body, headers.get("Paddle-Signature", ""), now)
        event = fields.body_read(body)
        happened_at = fields.known(fields.moment(event, "occurred_at"), "occurred_at")
        kind = fields.identity(event, "event_type")
        reader = READERS.get(kind.partition(".")[0])
        version = int(happened_at.timestamp() * 1_000_000)
        carried = reader(fields.part(event, "data"), version) if reader else ()
        return Hint(
            event_id=fields.identity(event, "event_id"),
            type=kind,
            about=tuple((one.remote.kind, one.remote.external_id) for one in carried),
            happened_at=happened_at,
            carried=carried,
            sent_at=sent_at,
        )

    def _proved(self, body: bytes, header: str, now: dt.datetime) -> dt.datetime:
        parts = [one.strip().partition("=") for one in header.split(";")]
        moments = [value for name, _, value in parts if name == "ts"]
        given = [value for name, _, value in parts if name == "h1"]
        if len(moments) != 1:
            msg = "The signature has no moment, or several."
            raise UnableToTrust(msg)
        sent_at = moment_read(moments[0])
        message = moments[0].encode() + b":" + body
        signature_check(message, given=given, secrets=self.access.hooks)
        moment_check(sent_at, now=now)
        return sent_at
