"""refunds.csv: money that went back, by us or by the customer's bank."""

from collections.abc import Sequence
from typing import Any

from billing.enums import PaymentState, RefundKind
from billing.importers.common import above_zero
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.staging import repeated
from customers.importing.tally import Counts
from customers.importing.upsert import known_at, taken_over, upsert
from customers.importing.values import Column

PAYMENT = "p.external_id = s.payment_id"
# Refunds of the file one after the other, on top of older ones that it does not name.
RUNNING = """
(SELECT t.ctid AS row, p.amount AS paid, sum(t.amount) OVER w + COALESCE((
    SELECT sum(r.amount) FROM billing_refund r
    WHERE r.payment_id = p.id AND (r.external_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM import_stage o WHERE o.refund_id = r.external_id))), 0) AS sum
 FROM import_stage t JOIN billing_payment p ON p.external_id = t.payment_id
 WINDOW w AS (PARTITION BY p.id ORDER BY t.happened_at, t.line)) d
"""


class RefundImporter(Importer):
    """Refunds and chargebacks; together never more than the payment."""

    table = "refunds"
    noun = "refund"
    key = ("refund_id",)
    newest = "happened_at"
    columns = (
        Column("refund_id", required=True, size=100),
        Column("payment_id", required=True, size=100),
        Column("kind", "choice", required=True, choices=tuple(RefundKind.values)),
        Column("happened_at", "moment", required=True, past=True),
        Column("amount", "amount", required=True),
        Column("currency", "currency"),
        Column("reason", size=80),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject refunds of nothing, before the payment, or of more than it."""
        del load
        return (
            repeated(self.key, self.noun, self.key[0]),
            Check(
                "payment_id",
                f"NOT EXISTS (SELECT 1 FROM billing_payment p WHERE {PAYMENT})",
                "format('payment %%L is not known', s.payment_id)",
            ),
            above_zero(),
            Check(
                "payment_id",
                f"{PAYMENT} AND p.state <> '{PaymentState.SUCCEEDED.value}'",
                "format('payment %%L failed: nothing came in that could go back', "
                "s.payment_id)",
                using="billing_payment p",
            ),
            Check(
                "currency",
                f"{PAYMENT} AND s.currency <> p.currency",
                "format('payment %%L is in %%s, not %%s', s.payment_id, p.currency, "
                "s.currency)",
                using="billing_payment p",
            ),
            Check(
                "happened_at",
                f"{PAYMENT} AND s.happened_at < p.happened_at",
                "format('impossible date: money went back before payment %%L came', "
                "s.payment_id)",
                using="billing_payment p",
            ),
            Check(
                "amount",
                "s.ctid = d.row AND d.sum > d.paid",
                "format('what went back of payment %%L sums to %%s, more than its %%s', "
                "s.payment_id, d.sum, d.paid)",
                using=RUNNING,
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of refunds."""
        names = ("kind", "happened_at", "amount", "reason", "recorded_at")
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_refund",
                conflict="(external_id)",
                source=f"FROM import_stage s JOIN billing_payment p ON {PAYMENT} "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.refund_id",
                columns={
                    "payment_id": "p.id",
                    "customer_id": "p.customer_id",
                    "external_id": "s.refund_id",
                    "kind": "s.kind",
                    "amount": "s.amount",
                    "currency": "p.currency",
                    "reason": "COALESCE(s.reason, '')",
                    "happened_at": "s.happened_at",
                    "recorded_at": known_at("s.recorded_at", "s.happened_at"),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, {name: name for name in names}),
            ),
        )
