"""The class that speaks with Stripe: every question goes through the official library."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import stripe
from django.conf import settings

from billing.enums import GatewayKind, ObjectKind
from billing.gateways.base import Answer, Gateway
from billing.gateways.objects import Hint, Hints, Page, Remote
from billing.gateways.stripe.charging import invoice_charge, outcome_asked
from billing.gateways.stripe.errors import asking, is_missing
from billing.gateways.stripe.fetching import Reader
from billing.gateways.stripe.hearing import hint_read
from billing.gateways.stripe.http import CarefulClient
from billing.gateways.stripe.listing import events_listed, rows_listed
from billing.gateways.stripe.reading import told
from billing.gateways.stripe.subscriptions import ENDED, NOT_PAID

# What our translations were written for; an account's own version changes nothing.
API_VERSION = "2026-10-28.endive"
# The library would write a number of this machine into its home folder and send it along.
stripe.enable_telemetry = False


class StripeGateway(Gateway):
    """An account at Stripe, at STRIPE_ADDRESS if one is set (a stand-in)."""

    kind = GatewayKind.STRIPE
    charges = True
    asks = True

    @cached_property
    def _client(self) -> stripe.StripeClient:
        address = settings.STRIPE_ADDRESS.rstrip("/")
        return stripe.StripeClient(
            self.access.key,
            stripe_version=API_VERSION,
            base_addresses={"api": address} if address else {},
            # What may be asked again is decided by rows and keys, never down here.
            max_network_retries=0,
            http_client=CarefulClient(settings.GATEWAY_SECONDS),
        )

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._client)

    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        """This will read a webhook. No call."""
        return hint_read(body, headers, secrets=self.access.hooks, now=now)

    def check(self) -> str:
        """This will return the account's name and number. One call."""
        with asking():
            row: Any = self._client.v1.accounts.retrieve_current()
        name = told(row, "settings", "dashboard", "display_name")
        name = name or told(row, "business_profile", "name") or told(row, "email")
        return f"{name} ({row.id})" if name else str(row.id)

    def charge(
        self, *, invoice: str, method: str, amount: Decimal, currency: str, key: str
    ) -> Answer:
        """This will collect what an invoice has open there, once per key.

        The amount is Stripe's own: what it knows to be left, so it can never be too much.
        """
        del amount, currency
        return invoice_charge(self._client, invoice=invoice, method=method, key=key)

    def outcome(
        self, *, invoice: str, key: str, amount: Decimal, asked_at: dt.datetime
    ) -> Answer:
        """This will read what became of a charge. Two calls, as a rule."""
        del key, amount
        return outcome_asked(self._client, invoice=invoice, asked_at=asked_at)

    def fetch(self, kind: ObjectKind, external_id: str) -> Remote | None:
        """This will read one object. One to four calls."""
        return self._reader.fetch(kind, external_id)

    def listed(self, kind: ObjectKind, *, after: str = "") -> Page:
        """This will read up to a hundred. One call, more for what is not told at once."""
        return rows_listed(self._reader, kind, after=after)

    def events(self, *, since: dt.datetime, after: str = "") -> Hints:
        """This will list events; Stripe keeps them for thirty days. One call."""
        return events_listed(self._reader, since=since, after=after)

    def invoice_page(self, *, invoice: str) -> str:
        """This will return Stripe's page of an invoice; "" for a draft. One call."""
        with asking():
            row = self._client.v1.invoices.retrieve(invoice)
        return told(row, "hosted_invoice_url") or ""

    def methods_page(self, *, customer: str, back: str, key: str) -> str:
        """This will open Stripe's own pages for a customer, at the payment method.

        Raises UnableToDoThere where the account has not set up its customer portal.
        """
        with asking():
            session = self._client.v1.billing_portal.sessions.create(
                {
                    "customer": customer,
                    "return_url": back,
                    "flow_data": {"type": "payment_method_update"},
                },
                {"idempotency_key": key},
            )
        return session.url

    def subscription_pause(self, *, subscription: str, key: str) -> None:
        """This will have Stripe void the invoices to come. Two calls."""
        row = self._subscription(subscription)
        done = row is None or row.status in ENDED
        if done or told(row, "pause_collection") is not None:
            return
        with asking():
            self._client.v1.subscriptions.update(
                subscription,
                {"pause_collection": {"behavior": "void"}},
                {"idempotency_key": key},
            )

    def subscription_end(self, *, subscription: str, key: str) -> None:
        """This will end a subscription at once, without a last invoice. Two calls."""
        row = self._subscription(subscription)
        if row is None or row.status in ENDED:
            return
        with asking():
            self._client.v1.subscriptions.cancel(
                subscription,
                {
                    "invoice_now": False,
                    "prorate": False,
                    "cancellation_details": {"comment": NOT_PAID},
                },
                {"idempotency_key": key},
            )

    def _subscription(self, subscription: str) -> Any:
        with asking():
            try:
                return self._client.v1.subscriptions.retrieve(subscription)
            except stripe.InvalidRequestError as error:
                if is_missing(error):
                    return None
                raise
