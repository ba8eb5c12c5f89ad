"""credit_notes.csv: parts of invoices that are no longer owed."""

from collections.abc import Sequence
from typing import Any

from billing.importers.common import above_zero, invoice_known
from billing.importers.ledger import ledger_outdate
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.staging import repeated
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column

# Notes of the file one after the other, on top of older ones that it does not name.
RUNNING = """
(SELECT t.ctid AS row, i.total, sum(t.amount) OVER w + COALESCE((
    SELECT sum(n.amount) FROM billing_creditnote n
    WHERE n.invoice_id = i.id AND (n.external_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM import_stage o WHERE o.credit_note_id = n.external_id))), 0) AS sum
 FROM import_stage t JOIN billing_invoice i ON i.external_id = t.invoice_id
 WINDOW w AS (PARTITION BY i.id ORDER BY t.issued_on, t.line)) d
"""
# Invoices of the file that are credited in full: nobody waits for money any more.
SETTLED = """
WITH full_ones AS (
    SELECT i.id, GREATEST(max(n.issued_on), i.issued_on) AS settled_on,
           max(n.recorded_at) AS known_at
    FROM billing_invoice i JOIN billing_creditnote n ON n.invoice_id = i.id
    WHERE i.external_id IN (SELECT invoice_id FROM import_stage) AND i.total > 0
    GROUP BY i.id HAVING sum(n.amount) >= i.total),
settled AS (
    UPDATE billing_invoice i SET paid_on = f.settled_on, paid_recorded_at = f.known_at
    FROM full_ones f WHERE i.id = f.id AND i.paid_on IS NULL)
UPDATE billing_invoiceline l SET withdrawn = true
FROM full_ones f WHERE l.invoice_id = f.id AND NOT l.withdrawn
"""


class CreditNoteImporter(Importer):
    """Credit notes; together never more than their invoice."""

    table = "credit_notes"
    noun = "credit note"
    key = ("credit_note_id",)
    newest = "issued_on"
    columns = (
        Column("credit_note_id", required=True, size=100),
        Column("invoice_id", required=True, size=100),
        Column("issued_on", "date", required=True),
        Column("amount", "amount", required=True),
        Column("currency", "currency"),
        Column("reason", size=80),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown invoices, other currencies and more than the invoice."""
        del load
        return (
            repeated(self.key, self.noun, self.key[0]),
            invoice_known(),
            above_zero(),
            Check(
                "currency",
                "i.external_id = s.invoice_id AND s.currency <> i.currency",
                "format('invoice %%L is in %%s, not %%s', s.invoice_id, i.currency, "
                "s.currency)",
                using="billing_invoice i",
            ),
            Check(
                "issued_on",
                "i.external_id = s.invoice_id AND s.issued_on < i.issued_on",
                "format('impossible date: credited on %%s, before the invoice of %%s', "
                "s.issued_on, i.issued_on)",
                using="billing_invoice i",
            ),
            Check(
                "amount",
                "s.ctid = d.row AND d.sum > d.total",
                "format('the credit notes of invoice %%L sum to %%s, more than its %%s', "
                "s.invoice_id, d.sum, d.total)",
                using=RUNNING,
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of credit notes."""
        names = ("issued_on", "amount", "reason", "recorded_at")
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_creditnote",
                conflict="(external_id)",
                source="FROM import_stage s JOIN billing_invoice i "
                "ON i.external_id = s.invoice_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.credit_note_id",
                columns={
                    "invoice_id": "i.id",
                    "customer_id": "i.customer_id",
                    "external_id": "s.credit_note_id",
                    "issued_on": "s.issued_on",
                    "amount": "s.amount",
                    "currency": "i.currency",
                    "reason": "COALESCE(s.reason, '')",
                    "recorded_at": known_at("s.recorded_at", day_start("s.issued_on")),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, {name: name for name in names}),
            ),
        )

    def conclude(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will settle invoices that are credited in full, and free their days."""
        cursor.execute(SETTLED, load.parameters())
        return ()

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will have the ledger look at what is unpaid again."""
        del cursor, load
        ledger_outdate()
        return ()
