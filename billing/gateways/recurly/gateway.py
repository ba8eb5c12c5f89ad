"""Trusting Recurly's webhooks, and fetching what they name.

Signature: docs.recurly.com/recurly-subscriptions/docs/signature-verification. The header
is the moment and one or more HMAC-SHA256 of "moment.body", with commas between.
Numbers here: an account by its code, an invoice by its number, subscriptions and
transactions by their id; webhooks name those two by "uuid-…", which the API takes too.
"""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import quote

from billing.enums import GatewayKind, ObjectKind
from billing.gateways import fields
from billing.gateways.base import Gateway, UnableToUseGateway
from billing.gateways.fields import Fields
from billing.gateways.objects import Hint, Remote
from billing.gateways.recurly import reading
from billing.gateways.recurly.asking import asked
from billing.gateways.signing import moment_check, moment_read, signature_check

# Fields by which an event names its object, the first that is there counts, and what
# the API wants before it.
NAMES: Mapping[str, tuple[ObjectKind, tuple[tuple[str, str], ...]]] = {
    "account": (ObjectKind.CUSTOMER, (("account_code", ""),)),
    "billing_info": (ObjectKind.METHOD, (("account_code", ""),)),
    "subscription": (ObjectKind.SUBSCRIPTION, (("uuid", "uuid-"),)),
    "charge_invoice": (
        ObjectKind.INVOICE,
        (("invoice_number", ""), ("number", ""), ("uuid", "uuid-")),
    ),
    "invoice": (
        ObjectKind.INVOICE,
        (("invoice_number", ""), ("number", ""), ("uuid", "uuid-")),
    ),
    "payment": (ObjectKind.PAYMENT, (("uuid", "uuid-"),)),
    "transaction": (ObjectKind.PAYMENT, (("uuid", "uuid-"),)),
}


class RecurlyGateway(Gateway):
    """Hears what has changed at Recurly, and reads it there."""

    kind = GatewayKind.RECURLY

    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        """This will read a webhook; see Gateway.hint."""
        told_at, *given = headers.get("recurly-signature", "").split(",")
        sent_at = moment_read(told_at)
        message = told_at.encode() + b"." + body
        signature_check(message, given=given, secrets=self.access.hooks)
        moment_check(sent_at, now=now)
        event = fields.body_read(body)
        kind, what = fields.identity(event, "object_type"), _type(event)
        happened = fields.text(event, "event_time")
        # Whether the id is the event's own is not said; with the rest it is one for sure.
        number = f"{what}:{fields.identity(event)}:{happened}"
        return Hint(
            event_id=number[: fields.ID_LENGTH],
            type=what,
            about=_about(kind, event),
            happened_at=fields.moment(event, "event_time"),
            sent_at=sent_at,
        )

    def check(self) -> str:
        """This will return the names of the sites that the key opens."""
        told = asked(self.access.key, "/sites") or {}
        names = [fields.text(one, "subdomain") for one in fields.rows(told, "data")]
        if not names:
            msg = "The key opens no site."
            raise UnableToUseGateway(msg)
        return ", ".join(names)

    def fetch(self, kind: ObjectKind, external_id: str) -> Remote | None:
        """This will return an object's present state; None where it is not there."""
        match kind:
            case ObjectKind.CUSTOMER:
                told = self._asked("/accounts/{}", f"code-{external_id}")
                return reading.customer_read(told) if told else None
            case ObjectKind.METHOD:
                told = self._asked("/accounts/{}/billing_info", f"code-{external_id}")
                return reading.method_read(told, external_id) if told else None
            case ObjectKind.SUBSCRIPTION:
                return self._subscription(external_id)
            case ObjectKind.INVOICE:
                named = external_id.startswith("uuid-")
                name = external_id if named else f"number-{external_id}"
                told = self._asked("/invoices/{}", name)
                return reading.invoice_read(told) if told else None
            case ObjectKind.PAYMENT | ObjectKind.REFUND:
                told = self._asked("/transactions/{}", external_id)
                return reading.transaction_read(told) if told else None
            case ObjectKind.PRODUCT | ObjectKind.PRICE:
                plan, _, currency = external_id.partition(":")
                told = self._asked("/plans/{}", f"code-{plan}")
                return reading.plan_read(told, currency) if told else None

    def _subscription(self, external_id: str) -> Remote | None:
        told = self._asked("/subscriptions/{}", external_id)
        if told is None:
            return None
        code = fields.identity(fields.part(told, "plan"), "code")
        plan = self._asked("/plans/{}", f"code-{code}")
        return reading.subscription_read(told, plan or {})

    def _asked(self, path: str, number: str) -> Fields | None:
        return asked(self.access.key, path.format(quote(number, safe="")))


def _type(event: Fields) -> str:
    return (
        f"{fields.identity(event, 'object_type')}."
        f"{fields.identity(event, 'event_type')}"
    )


def _about(kind: str, event: Fields) -> tuple[tuple[ObjectKind, str], ...]:
    if kind not in NAMES:
        return ()
    wanted, names = NAMES[kind]
    found = ((before, fields.text(event, name)) for name, before in names)
    numbers = [f"{before}{number}" for before, number in found if number]
    return ((wanted, numbers[0]),) if numbers else ()
