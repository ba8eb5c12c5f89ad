"""feedback.csv: what customers said elsewhere without being asked."""

from collections.abc import Sequence
from typing import Any

from customers.extension import Importer
from customers.importing.load import Check, Load, contact_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import known_at, taken_over, upsert
from customers.importing.values import Column
from surveys.enums import FeedbackSource

DIRECT = {
    "contact_id": "contact_id",
    "ticket_id": "ticket_id",
    "source": "source",
    "text": "text",
    "url": "url",
    "language": "language",
    "said_at": "said_at",
    "recorded_at": "recorded_at",
}
TICKET_UNKNOWN = (
    "s.ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers_supportticket t "
    "JOIN customers_customer c ON c.id = t.customer_id "
    "WHERE c.external_id = s.customer_id AND t.external_id = s.ticket_id)"
)


class FeedbackImporter(Importer):
    """Comments from tickets, calls, reviews and anywhere else."""

    table = "feedback"
    noun = "feedback"
    key = ("feedback_id",)
    newest = "said_at"
    columns = (
        Column("feedback_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("source", "choice", required=True, choices=tuple(FeedbackSource.values)),
        Column("text", required=True),
        Column("said_at", "moment", required=True, past=True),
        Column("contact_id", size=100),
        Column("ticket_id", size=100),
        Column("url", size=500),
        Column("language", size=10),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers, contacts and tickets, and odd links."""
        del load
        return (
            customer_known(),
            contact_known(),
            Check(
                "ticket_id",
                TICKET_UNKNOWN,
                "format('ticket %%L of customer %%L is not known', "
                "s.ticket_id, s.customer_id)",
            ),
            # A link is shown to people: it leads to a page and runs nothing.
            Check(
                "url",
                "s.url IS NOT NULL AND s.url !~* '^https?://[^[:space:][:cntrl:]]+$'",
                "'a link begins with https:// or http:// and has no spaces'",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of comments."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="surveys_feedback",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN customers_contact k "
                "ON k.customer_id = c.id AND k.external_id = s.contact_id "
                "LEFT JOIN customers_supportticket t "
                "ON t.customer_id = c.id AND t.external_id = s.ticket_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.feedback_id",
                columns={
                    "customer_id": "c.id",
                    "contact_id": "k.id",
                    "ticket_id": "t.id",
                    "external_id": "s.feedback_id",
                    "source": "s.source",
                    "text": "s.text",
                    "url": "COALESCE(s.url, '')",
                    "language": "COALESCE(s.language, '')",
                    "said_at": "s.said_at",
                    "recorded_at": known_at("s.recorded_at", "s.said_at"),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, DIRECT),
            ),
        )
