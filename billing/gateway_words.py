"""What is said of accounts at gateways."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.enums import GatewayKind, ObjectKind
from billing.models import GatewayImport
from billing.selectors.gateways.accounts import Standing
from billing.services.gateways.applying.whole import READ_IN_ORDER
from common.templatetags import ui

# What a gateway has to tell us of, in its own words.
EVENTS: dict[str, Sequence[str]] = {
    GatewayKind.STRIPE: (
        "customer.*",
        "product.*",
        "price.*",
        "payment_method.*",
        "customer.subscription.*",
        "invoice.*",
        "payment_intent.*",
        "charge.*",
        "refund.*",
        "credit_note.*",
    ),
    GatewayKind.CHARGEBEE: (
        "customer_*",
        "subscription_*",
        "invoice_*",
        "payment_*",
        "credit_note_*",
    ),
    GatewayKind.RECURLY: ("account", "subscription", "charge_invoice", "payment"),
    GatewayKind.PADDLE: (
        "customer.*",
        "subscription.*",
        "transaction.*",
        "adjustment.*",
    ),
}
KINDS: dict[str, object] = {
    ObjectKind.CUSTOMER: gettext_lazy("Customers"),
    ObjectKind.PRODUCT: gettext_lazy("Products"),
    ObjectKind.PRICE: gettext_lazy("Prices"),
    ObjectKind.METHOD: gettext_lazy("Payment methods"),
    ObjectKind.SUBSCRIPTION: gettext_lazy("Subscriptions"),
    ObjectKind.INVOICE: gettext_lazy("Invoices"),
    ObjectKind.PAYMENT: gettext_lazy("Payments"),
    ObjectKind.REFUND: gettext_lazy("Refunds"),
}


def state_words(standing: Standing) -> str:
    """This will say in a sentence how an account stands, and what to do about it."""
    account = standing.account
    words = {
        "off": _("Off. Nothing is read, asked or charged there."),
        "refused": _("The gateway refuses us. It said: %(words)s")
        % {"words": account.trouble},
        "clock": _(
            "Webhooks are refused, because this machine's clock and the gateway's are apart. "
            "Set the clock of this machine right; nothing is lost meanwhile."
        ),
        "mode": _(
            "Webhooks of the gateway's other mode arrive here. Live and test mode each "
            "need an account and a webhook of their own."
        ),
        "unheard": _(
            "Webhooks do not arrive. Last night most of what the gateway had told was "
            "found by comparing. Check the webhook's address at the gateway."
        ),
        "silent": _("No webhook has come yet. Enter the address below at the gateway."),
        "well": _("All is well. The last webhook came %(moment)s.")
        % {"moment": ui.moment(account.heard_at)},
    }
    if standing.state == "failing":
        text = ngettext(
            "%(count)s object could not be read. It is listed below.",
            "%(count)s objects could not be read. They are listed below.",
            standing.failed,
        )
        return text % {"count": ui.number(standing.failed)}
    return words[standing.state]


def short_words(standing: Standing) -> str:
    """This will say the same in two or three words."""
    words = {
        "off": _("Off"),
        "refused": _("Refused"),
        "clock": _("Clocks apart"),
        "mode": _("Wrong mode"),
        "unheard": _("Webhooks do not arrive"),
        "failing": _("Some could not be read"),
        "silent": _("Not heard yet"),
        "well": _("All is well"),
    }
    return words[standing.state]


def masked(secret: str) -> str:
    """This will show that there is a secret, and by its last letters which one."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A kind of an import: done, being read, or still to come."""

    name: object
    state: str
    read: int
    changed: int
    failed: int


def import_lines(row: GatewayImport) -> list[ImportLine]:
    """This will say how far an import is, kind by kind."""
    order = list(READ_IN_ORDER)
    there = order.index(ObjectKind(row.kind)) if row.kind else len(order)
    lines = []
    for place, kind in enumerate(order):
        counts = row.counts.get(kind, {})
        state = "done" if place < there else "now" if place == there else "later"
        lines.append(
            ImportLine(
                KINDS[kind],
                state,
                counts.get("read", 0),
                counts.get("changed", 0),
                counts.get("failed", 0),
            )
        )
    return lines
