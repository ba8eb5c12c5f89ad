"""interactions.csv: calls, meetings, reviews, mails, notes and pulses."""

from collections.abc import Sequence
from typing import Any

from customers.enums import InteractionKind
from customers.extension import Importer
from customers.importing.load import Check, Load, contact_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import known_at, taken_over, upsert
from customers.importing.values import Column

DIRECT = {
    "contact_id": "contact_id",
    "author_email": "author_id",
    "kind": "kind",
    "summary": "summary",
    "pulse": "pulse",
    "happened_at": "happened_at",
    "recorded_at": "recorded_at",
}
PULSE = InteractionKind.PULSE.value


class InteractionImporter(Importer):
    """Interactions; an author nobody knows is left empty."""

    table = "interactions"
    noun = "interaction"
    key = ("interaction_id",)
    newest = "happened_at"
    columns = (
        Column("interaction_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("kind", "choice", required=True, choices=tuple(InteractionKind.values)),
        Column("happened_at", "moment", required=True, past=True),
        Column("contact_id", size=100),
        Column("author_email", "email", size=254),
        Column("summary"),
        Column("pulse", "integer", low=1, high=5),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers and contacts, and pulses without a value."""
        del load
        return (
            customer_known(),
            contact_known(),
            Check(
                "pulse",
                f"s.kind = '{PULSE}' AND s.pulse IS NULL",
                "'a pulse needs a value from 1 to 5'",
            ),
            Check(
                "pulse",
                f"s.kind <> '{PULSE}' AND s.pulse IS NOT NULL",
                f"'only an interaction of the kind {PULSE} has a pulse'",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will warn of authors nobody knows."""
        cursor.execute(
            "SELECT lower(s.author_email), count(*) FROM import_stage s WHERE "
            "s.author_email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts_user u "
            "WHERE lower(u.email) = lower(s.author_email)) GROUP BY 1 ORDER BY 1"
        )
        for email, rows in cursor.fetchall():
            load.warn(
                f"Nobody here signs in as {email}: interactions without author", rows
            )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of interactions."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_interaction",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN customers_contact k "
                "ON k.customer_id = c.id AND k.external_id = s.contact_id "
                "LEFT JOIN accounts_user u ON lower(u.email) = lower(s.author_email) "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.interaction_id",
                columns={
                    "customer_id": "c.id",
                    "contact_id": "k.id",
                    "author_id": "u.id",
                    "external_id": "s.interaction_id",
                    "kind": "s.kind",
                    "summary": "COALESCE(s.summary, '')",
                    "pulse": "s.pulse",
                    "happened_at": "s.happened_at",
                    "recorded_at": known_at("s.recorded_at", "s.happened_at"),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, DIRECT),
            ),
        )
