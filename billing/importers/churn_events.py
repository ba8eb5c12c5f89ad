"""churn_events.csv: who left, when and why."""

from collections.abc import Sequence
from typing import Any

from billing.enums import ChurnKind
from billing.importers.ledger import ledger_outdate
from customers.extension import Importer
from customers.importing.load import Check, Load, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column

TEXTS = ("reason", "secondary_reason", "competitor", "comment")
# The file knows more of a day we had only concluded from subscriptions.
ADOPT = """
UPDATE billing_churnevent t SET external_id = s.churn_id
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
WHERE t.customer_id = c.id AND t.left_on = s.left_on AND t.external_id IS NULL
"""


class ChurnEventImporter(Importer):
    """Churn events; one per customer and day."""

    table = "churn_events"
    noun = "churn event"
    key = ("churn_id",)
    newest = "left_on"
    columns = (
        Column("churn_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("left_on", "date", required=True),
        Column("kind", "choice", choices=tuple(ChurnKind.values)),
        Column("reason", size=80),
        Column("secondary_reason", size=80),
        Column("preventable", "boolean"),
        Column("competitor", size=80),
        Column("comment"),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers and a second leave on the same day."""
        del load
        return (
            customer_known(),
            Check(
                "left_on",
                "d.place > 1 AND s.ctid = d.row",
                "format('customer %%L left on %%s already in line %%s', s.customer_id, "
                "s.left_on, d.first)",
                using="(SELECT ctid AS row, first_value(line) OVER w AS first, "
                "row_number() OVER w AS place FROM import_stage WINDOW w AS "
                "(PARTITION BY customer_id, left_on ORDER BY line, ctid)) d",
            ),
            Check(
                "left_on",
                "c.external_id = s.customer_id AND x.customer_id = c.id "
                "AND x.left_on = s.left_on AND x.external_id <> s.churn_id",
                "format('customer %%L left on %%s already (churn event %%L)', "
                "s.customer_id, s.left_on, x.external_id)",
                using="customers_customer c, billing_churnevent x",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will let the file take over days that were concluded."""
        cursor.execute(ADOPT, load.parameters())

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of churn events."""
        names = ("left_on", "kind", *TEXTS, "preventable", "recorded_at")
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_churnevent",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.churn_id",
                columns={
                    "customer_id": "c.id",
                    "external_id": "s.churn_id",
                    "left_on": "s.left_on",
                    "kind": f"COALESCE(s.kind, '{ChurnKind.VOLUNTARY.value}')",
                    **{name: f"COALESCE(s.{name}, '')" for name in TEXTS},
                    "preventable": "s.preventable",
                    "recorded_at": known_at("s.recorded_at", day_start("s.left_on")),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, {name: name for name in names}),
            ),
        )

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will have the sums by kind and reason made anew."""
        del cursor, load
        ledger_outdate()
        return ()
