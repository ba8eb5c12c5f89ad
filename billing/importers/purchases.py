"""purchases.csv: one-off products that customers bought beside their subscriptions."""

from collections.abc import Sequence
from typing import Any

from billing.enums import PlanKind
from billing.importers.common import invoice_known
from billing.importers.plans import plans_of
from billing.models import Plan
from customers.extension import Importer
from customers.importing.load import Check, Load, currency_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column


class PurchaseImporter(Importer):
    """Purchases; products that nobody knows are made as one-off products."""

    table = "purchases"
    noun = "purchase"
    key = ("purchase_id",)
    newest = "bought_on"
    columns = (
        Column("purchase_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("plan", required=True, size=50),
        Column("bought_on", "date", required=True),
        Column("amount", "amount", required=True),
        Column("quantity", "integer", low=1),
        Column("currency", "currency"),
        Column("invoice_id", size=100),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers and what is sold by subscription."""
        del load
        return (
            customer_known(),
            invoice_known(),
            currency_known("s.bought_on"),
            Check(
                "plan",
                f"lower(p.name) = lower(s.plan) AND p.kind <> '{PlanKind.ONE_OFF.value}'",
                "format('%%s is sold by subscription, not once', s.plan)",
                using="billing_plan p",
            ),
            Check(
                "invoice_id",
                "i.external_id = s.invoice_id AND c.external_id = s.customer_id "
                "AND i.customer_id <> c.id",
                "format('invoice %%L is another customer''s', s.invoice_id)",
                using="billing_invoice i, customers_customer c",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing products."""
        del load
        known = set(Plan.objects.values_list("pk", flat=True))
        self.plans = plans_of(cursor)
        Plan.objects.exclude(pk__in=known).update(kind=PlanKind.ONE_OFF)

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of purchases."""
        names = {
            "plan": "plan_id",
            "bought_on": "bought_on",
            "amount": "amount",
            "quantity": "quantity",
            "currency": "currency",
            "invoice_id": "invoice_id",
            "recorded_at": "recorded_at",
        }
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_purchase",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN billing_invoice i "
                "ON i.external_id = s.invoice_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.purchase_id",
                columns={
                    "customer_id": "c.id",
                    "plan_id": "(%(plans)s::jsonb ->> s.plan)::bigint",
                    "invoice_id": "i.id",
                    "external_id": "s.purchase_id",
                    "quantity": "COALESCE(s.quantity, 1)",
                    "amount": "s.amount",
                    "currency": "COALESCE(s.currency, i.currency, %(currency)s)",
                    "bought_on": "s.bought_on",
                    "recorded_at": known_at("s.recorded_at", day_start("s.bought_on")),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, names),
            ),
            plans=self.plans,
        )
