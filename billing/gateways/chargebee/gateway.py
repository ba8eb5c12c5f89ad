"""Trusting Chargebee's webhooks, and handing their parts to those who translate them.

Chargebee signs nothing: it sends the user name and the password that were typed with the
webhook's address (HTTP basic access; apidocs.chargebee.com/docs/api/events). So a webhook
has no moment either, and an old one may be sent again by whoever has seen it; it does no
harm, as every part carries its `resource_version`, and the newest counts.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from billing.enums import GatewayKind
from billing.gateways import fields
from billing.gateways.base import Gateway
from billing.gateways.chargebee.catalogue import (
    addon_read,
    item_price_read,
    item_read,
    plan_read,
)
from billing.gateways.chargebee.customers import (
    card_read,
    customer_read,
    payment_source_read,
)
from billing.gateways.chargebee.invoices import invoice_read
from billing.gateways.chargebee.subscriptions import subscription_read
from billing.gateways.chargebee.transactions import transaction_read
from billing.gateways.fields import Fields
from billing.gateways.objects import Carried, Hint, Remote
from billing.gateways.signing import password_check

# A reader gets its own part and all parts, because some are told by their neighbours.
Reader = Callable[[Fields, Fields], tuple[Remote, ...]]
READERS: Mapping[str, Reader] = {
    "customer": customer_read,
    "payment_source": payment_source_read,
    "card": card_read,
    "item": item_read,
    "item_price": item_price_read,
    "plan": plan_read,
    "addon": addon_read,
    "subscription": subscription_read,
    "invoice": invoice_read,
    "transaction": transaction_read,
}
# Of what is told by its neighbours only.
GUESSED = 1


class ChargebeeGateway(Gateway):
    """Reads what Chargebee tells. The state comes with the event."""

    kind = GatewayKind.CHARGEBEE
    carries = True

    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        """This will read a webhook; see Gateway.hint."""
        password_check(headers.get("Authorization", ""), secrets=self.access.hooks)
        event = fields.body_read(body)
        carried = tuple(_carried(fields.part(event, "content"), event))
        return Hint(
            event_id=fields.identity(event),
            type=fields.identity(event, "event_type"),
            about=tuple((one.remote.kind, one.remote.external_id) for one in carried),
            happened_at=fields.seconds(event, "occurred_at"),
            carried=carried,
        )


def _carried(content: Fields, event: Fields) -> Iterator[Carried]:
    told_at = fields.number(event, "occurred_at") * 1_000
    for name, reader in READERS.items():
        told = fields.part(content, name)
        if not told:
            continue
        version = fields.number(told, "resource_version", told_at)
        own = fields.text(told, "id") or fields.text(told, "payment_source_id")
        for remote in reader(told, content):
            mine = f"{remote.external_id}:".startswith(f"{own}:")
            yield Carried(remote, version if mine else GUESSED)
