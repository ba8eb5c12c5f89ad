"""invoices.csv and payments.csv: what customers owed and paid."""

from collections.abc import Sequence
from typing import Any

from billing.enums import PaymentState
from billing.importers.common import invoice_known, subscription_known
from billing.importers.derived import mrr_from_invoices
from billing.importers.ledger import ledger_outdate
from customers.extension import Importer
from customers.importing.load import Check, Load, currency_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import (
    day_start,
    known_at,
    milestone,
    milestone_known_at,
    taken_over,
    upsert,
)
from customers.importing.values import Column

BATCH = "WHERE s.line > %(first)s AND s.line <= %(last)s"


class InvoiceImporter(Importer):
    """Invoices; they also tell the amount of subscriptions that came without one."""

    table = "invoices"
    noun = "invoice"
    key = ("invoice_id",)
    newest = "issued_on"
    columns = (
        Column("invoice_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("issued_on", "date", required=True),
        Column("total", "amount", required=True),
        Column("subscription_id", size=100),
        Column("due_on", "date"),
        Column("paid_on", "date"),
        Column("paid_recorded_at", "moment", past=True),
        Column("mrr", "amount"),
        Column("tax", "amount"),
        Column("currency", "currency"),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers, subscriptions, currencies, bad days."""
        del load
        return (
            customer_known(),
            subscription_known(),
            Check(
                "due_on",
                "s.due_on < s.issued_on",
                "format('impossible date: due on %%s, before it was issued on %%s', "
                "s.due_on, s.issued_on)",
            ),
            currency_known("s.issued_on"),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of invoices."""
        names = (
            "issued_on", "due_on", "total", "mrr", "tax", "currency", "recorded_at"
        )  # fmt: skip
        direct = {
            "subscription_id": "subscription_id",
            **{name: name for name in names},
        }
        own = "paid_recorded_at" in load.present
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_invoice",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN billing_subscription b "
                f"ON b.external_id = s.subscription_id {BATCH}",
                order="s.invoice_id",
                columns={
                    "customer_id": "c.id",
                    "subscription_id": "b.id",
                    "external_id": "s.invoice_id",
                    "issued_on": "s.issued_on",
                    "due_on": "COALESCE(s.due_on, s.issued_on)",
                    "total": "s.total",
                    "mrr": "s.mrr",
                    "tax": "COALESCE(s.tax, 0)",
                    "currency": "COALESCE(s.currency, b.currency, %(currency)s)",
                    "recorded_at": known_at("s.recorded_at", day_start("s.issued_on")),
                    "recorded_assumed": "s.recorded_at IS NULL",
                    "paid_on": "s.paid_on",
                    "paid_recorded_at": milestone_known_at(
                        "s.recorded_at", "s.paid_recorded_at", day_start("s.paid_on")
                    ),
                },
                update={
                    **taken_over(load.present, direct),
                    **milestone("paid_on", "paid_recorded_at", own=own),
                },
                quiet=("paid_recorded_at",),
            ),
        )

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will give subscriptions without an amount that of their invoices."""
        ledger_outdate()
        if "subscriptions" not in load.tables or "mrr" not in load.present:
            return ()
        return mrr_from_invoices(cursor, load)


class PaymentImporter(Importer):
    """Tries to collect an invoice."""

    table = "payments"
    noun = "payment"
    key = ("payment_id",)
    newest = "happened_at"
    columns = (
        Column("payment_id", required=True, size=100),
        Column("invoice_id", required=True, size=100),
        Column("happened_at", "moment", required=True, past=True),
        Column("state", "choice", required=True, choices=tuple(PaymentState.values)),
        Column("amount", "amount", required=True),
        Column("currency", "currency"),
        Column("reason", size=80),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject payments of unknown invoices and in unknown currencies."""
        del load
        return (
            invoice_known(),
            currency_known("(s.happened_at AT TIME ZONE %(zone)s)::date"),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of payments."""
        names = ("state", "amount", "currency", "happened_at", "reason", "recorded_at")
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_payment",
                conflict="(external_id)",
                source="FROM import_stage s JOIN billing_invoice i "
                f"ON i.external_id = s.invoice_id {BATCH}",
                order="s.payment_id",
                columns={
                    "invoice_id": "i.id",
                    "customer_id": "i.customer_id",
                    "external_id": "s.payment_id",
                    "state": "s.state",
                    "amount": "s.amount",
                    "currency": "COALESCE(s.currency, i.currency)",
                    "happened_at": "s.happened_at",
                    "recorded_at": known_at("s.recorded_at", "s.happened_at"),
                    "recorded_assumed": "s.recorded_at IS NULL",
                    "reason": "COALESCE(s.reason, '')",
                },
                update=taken_over(load.present, {name: name for name in names}),
            ),
        )
