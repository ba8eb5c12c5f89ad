"""invoice_lines.csv: what an invoice charges for, line by line."""

from collections.abc import Sequence
from typing import Any

from billing.enums import LineKind
from billing.importers.common import invoice_known, subscription_known
from billing.importers.plans import plans_of
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.staging import repeated
from customers.importing.tally import Counts
from customers.importing.upsert import upsert
from customers.importing.values import Column

RECURRING, ONE_OFF = LineKind.RECURRING.value, LineKind.ONE_OFF.value
# The lines that an invoice will have: those of the file, and older ones it does not name.
TOGETHER = """
(SELECT x.invoice_id, sum(x.amount) AS amount, sum(x.tax) AS tax FROM (
    SELECT invoice_id, amount, COALESCE(tax, 0) AS tax FROM import_stage
    UNION ALL
    SELECT i.external_id, l.amount, l.tax
    FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
    WHERE i.external_id IN (SELECT invoice_id FROM import_stage) AND NOT EXISTS (
        SELECT 1 FROM import_stage o
        WHERE o.invoice_id = i.external_id AND o.number = l.number)) x
 GROUP BY x.invoice_id) g, billing_invoice i
"""
TWICE = (
    "invoice %%L has charged subscription %%L for days from %%s to before %%s already"
)
# Credited in full, an invoice has charged nothing.
WITHDRAWN = """
(i.total > 0 AND i.total <= (SELECT COALESCE(sum(n.amount), 0)
                             FROM billing_creditnote n WHERE n.invoice_id = i.id))
"""

CREDITED = (
    "EXISTS (SELECT 1 FROM billing_invoice i "
    f"WHERE i.external_id = s.invoice_id AND {WITHDRAWN})"
)
# How far the earlier lines of the file reach for a subscription, and the last one's invoice.
BEFORE = f"""
(SELECT t.ctid AS row, max(t.ends_on) OVER w AS reach, lag(t.invoice_id) OVER v AS other
 FROM import_stage t JOIN billing_invoice i ON i.external_id = t.invoice_id
 WHERE t.kind = '{RECURRING}' AND t.subscription_id IS NOT NULL AND NOT {WITHDRAWN}
 WINDOW v AS (PARTITION BY t.subscription_id ORDER BY t.begins_on, t.line),
        w AS (v ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) d
"""


class InvoiceLineImporter(Importer):
    """Lines of invoices; they sum to the invoice, and no day is charged twice."""

    table = "invoice_lines"
    noun = "line"
    key = ("invoice_id", "number")
    columns = (
        Column("invoice_id", required=True, size=100),
        Column("number", "integer", required=True, low=1, high=32_000),
        Column("kind", "choice", required=True, choices=tuple(LineKind.values)),
        Column("amount", "amount", required=True),
        Column("tax", "amount"),
        Column("subscription_id", size=100),
        Column("plan", size=50),
        Column("begins_on", "date"),
        Column("ends_on", "date"),
        Column("quantity", "amount"),
        Column("description", size=200),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject lines that make no sense, then invoices that do not add up."""
        del load
        return (
            repeated(self.key, self.noun, self.key[0]),
            invoice_known(),
            subscription_known(),
            *_periods(),
            _subscription_of_customer(),
            _days_once_in_file(),
            _days_once(),
            _sum("amount", "total"),
            _sum("tax", "tax"),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing plans."""
        self.plans = plans_of(cursor) if "plan" in load.present else "{}"

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of lines; a line that is there takes the file's words."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_invoiceline",
                conflict="(invoice_id, number)",
                source="FROM import_stage s JOIN billing_invoice i "
                "ON i.external_id = s.invoice_id LEFT JOIN billing_subscription b "
                "ON b.external_id = s.subscription_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.invoice_id, s.number",
                columns=_columns(),
                update={
                    name: f"EXCLUDED.{name}"
                    for name in _columns()
                    if name not in ("invoice_id", "customer_id", "number")
                },
            ),
            plans=self.plans,
        )


def _columns() -> dict[str, str]:
    return {
        "invoice_id": "i.id",
        "customer_id": "i.customer_id",
        "subscription_id": "b.id",
        "plan_id": "(%(plans)s::jsonb ->> s.plan)::bigint",
        "number": "s.number",
        "kind": "s.kind",
        "description": "COALESCE(s.description, '')",
        "quantity": "COALESCE(s.quantity, 1)",
        "amount": "s.amount",
        "tax": "COALESCE(s.tax, 0)",
        "begins_on": "s.begins_on",
        "ends_on": "s.ends_on",
        "withdrawn": WITHDRAWN,
    }


def _periods() -> tuple[Check, ...]:
    return (
        Check(
            "ends_on",
            "s.ends_on <= s.begins_on",
            "format('impossible date: it ends on %%s, not after it begins on %%s; the end "
            "is the first day that is not paid', s.ends_on, s.begins_on)",
        ),
        Check(
            "begins_on",
            f"(s.begins_on IS NULL) <> (s.ends_on IS NULL) OR s.kind = '{RECURRING}' "
            "AND s.begins_on IS NULL",
            "'a recurring line needs both days of its period, others both or none'",
        ),
    )


def _subscription_of_customer() -> Check:
    return Check(
        "subscription_id",
        "i.external_id = s.invoice_id AND b.external_id = s.subscription_id "
        "AND b.customer_id <> i.customer_id",
        "format('subscription %%L is another customer''s than invoice %%L', "
        "s.subscription_id, s.invoice_id)",
        using="billing_invoice i, billing_subscription b",
    )


def _days_once_in_file() -> Check:
    """This will reject days that an earlier line of the file charges."""
    return Check(
        "begins_on",
        "s.ctid = d.row AND s.begins_on < d.reach",
        f"format('{TWICE}', d.other, s.subscription_id, s.begins_on, "
        "LEAST(s.ends_on, d.reach))",
        using=BEFORE,
    )


def _days_once() -> Check:
    """This will reject days that a line charges that is there and not in the file."""
    return Check(
        "begins_on",
        f"s.kind = '{RECURRING}' AND b.external_id = s.subscription_id "
        f"AND l.subscription_id = b.id AND l.kind = '{RECURRING}' AND NOT l.withdrawn "
        "AND daterange(l.begins_on, l.ends_on) && daterange(s.begins_on, s.ends_on) "
        "AND i.id = l.invoice_id AND NOT EXISTS (SELECT 1 FROM import_stage o "
        f"WHERE o.invoice_id = i.external_id AND o.number = l.number) "
        f"AND NOT {CREDITED}",
        f"format('{TWICE}', i.external_id, s.subscription_id, "
        "GREATEST(s.begins_on, l.begins_on), LEAST(s.ends_on, l.ends_on))",
        using="billing_subscription b, billing_invoiceline l, billing_invoice i",
    )


def _sum(column: str, said: str) -> Check:
    return Check(
        column,
        f"g.invoice_id = s.invoice_id AND i.external_id = s.invoice_id "
        f"AND g.{column} <> i.{said}",
        f"format('the lines of invoice %%L sum to %%s, the invoice says %%s: %%s %%s', "
        f"s.invoice_id, g.{column}, i.{said}, abs(g.{column} - i.{said}), "
        f"CASE WHEN g.{column} > i.{said} THEN 'too much' ELSE 'is missing' END)",
        using=TOGETHER,
    )
