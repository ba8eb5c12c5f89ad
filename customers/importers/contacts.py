"""contacts.csv: the people at our customers. Their ids are unique per customer."""

from collections.abc import Sequence
from typing import Any

from customers.extension import Importer
from customers.importing.load import Check, Load, customer_known
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

TEXTS = ("email", "phone", "title", "role", "language", "time_zone")
FLAGS = ("is_primary", "is_executive", "is_admin")
# A main contact that the file gives to somebody else must step down first.
DEMOTE = """
UPDATE customers_contact k SET is_primary = false
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
WHERE s.is_primary AND k.customer_id = c.id AND k.is_primary
  AND k.external_id <> s.contact_id
"""
RECORDED = known_at("s.recorded_at", day_start("c.customer_since"))


class ContactImporter(Importer):
    """Contacts; one main contact per customer."""

    table = "contacts"
    noun = "contact"
    key = ("contact_id", "customer_id")
    columns = (
        Column("contact_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("name", required=True, size=150),
        Column("email", "email", size=254),
        Column("phone", size=40),
        Column("title", size=120),
        Column("role", size=80),
        Column("language", size=10),
        Column("time_zone", size=64),
        Column("is_primary", "boolean"),
        Column("is_executive", "boolean"),
        Column("is_admin", "boolean"),
        Column("left_on", "date"),
        Column("left_recorded_at", "moment", past=True),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject contacts of unknown customers and second main contacts."""
        del load
        return (
            customer_known(),
            Check(
                "is_primary",
                "d.place > 1 AND s.ctid = d.row",
                "format('customer %%L has a main contact already in line %%s', "
                "s.customer_id, d.first)",
                using="(SELECT ctid AS row, first_value(line) OVER w AS first, "
                "row_number() OVER w AS place FROM import_stage WHERE is_primary "
                "WINDOW w AS (PARTITION BY customer_id ORDER BY line, ctid)) d",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will let former main contacts step down."""
        cursor.execute(DEMOTE, load.parameters())

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of contacts."""
        update = {
            **taken_over(load.present, {n: n for n in ("name", *TEXTS, *FLAGS)}),
            **taken_over(load.present, {"recorded_at": "recorded_at"}),
            **milestone(
                "left_on", "left_recorded_at", own="left_recorded_at" in load.present
            ),
        }
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_contact",
                conflict="(customer_id, external_id) WHERE NOT (external_id = '')",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="c.id, s.contact_id",
                columns={
                    "customer_id": "c.id",
                    "external_id": "s.contact_id",
                    "name": "s.name",
                    **{name: f"COALESCE(s.{name}, '')" for name in TEXTS},
                    **{name: f"COALESCE(s.{name}, false)" for name in FLAGS},
                    "left_on": "s.left_on",
                    "left_recorded_at": milestone_known_at(
                        "s.recorded_at", "s.left_recorded_at", day_start("s.left_on")
                    ),
                    "recorded_at": RECORDED,
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=update,
                quiet=("left_recorded_at",),
            ),
        )
