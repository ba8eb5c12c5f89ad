"""tickets.csv: requests for support and their milestones."""

from collections.abc import Sequence
from typing import Any

from customers.enums import Channel, Priority
from customers.extension import Importer
from customers.importing.load import Check, Load, contact_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import (
    known_at,
    milestone,
    milestone_known_at,
    taken_over,
    upsert,
)
from customers.importing.values import Column

DIRECT = {
    "contact_id": "contact_id",
    "subject": "subject",
    "channel": "channel",
    "priority": "priority",
    "opened_at": "opened_at",
    "recorded_at": "recorded_at",
}
# A flag without a time: it was known when the ticket was closed, at the latest.
ESCALATED = (
    "COALESCE(s.escalated_at, CASE WHEN s.escalated "
    "THEN COALESCE(s.resolved_at, s.opened_at) END)"
)
SATISFIED = (
    "CASE WHEN s.satisfaction IS NOT NULL THEN COALESCE(s.resolved_at, s.opened_at) END"
)


class TicketImporter(Importer):
    """Tickets; each milestone becomes known at its own time."""

    table = "tickets"
    noun = "ticket"
    key = ("ticket_id",)
    newest = "opened_at"
    columns = (
        Column("ticket_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("opened_at", "moment", required=True, past=True),
        Column("contact_id", size=100),
        Column("subject", size=250),
        Column("channel", "choice", choices=tuple(Channel.values)),
        Column("priority", "choice", choices=tuple(Priority.values)),
        Column("first_response_at", "moment", past=True),
        Column("first_response_recorded_at", "moment", past=True),
        Column("resolved_at", "moment", past=True),
        Column("resolved_recorded_at", "moment", past=True),
        Column("escalated_at", "moment", past=True),
        Column("escalated_recorded_at", "moment", past=True),
        Column("escalated", "boolean"),
        Column("reopened_at", "moment", past=True),
        Column("reopened_recorded_at", "moment", past=True),
        Column("satisfaction", "integer", low=1, high=5),
        Column("satisfaction_recorded_at", "moment", past=True),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers and contacts, and ends before beginnings."""
        del load
        return (
            customer_known(),
            contact_known(),
            Check(
                "resolved_at",
                "s.resolved_at < s.opened_at",
                "'impossible date: the ticket was resolved before it was opened'",
            ),
            Check(
                "reopened_at",
                "s.reopened_at < s.opened_at",
                "'impossible date: the ticket was reopened before it was opened'",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of tickets."""
        present = load.present
        update = {
            **taken_over(present, DIRECT),
            **_milestone(present, "first_response_at", "first_response_recorded_at"),
            **_milestone(present, "resolved_at", "resolved_recorded_at"),
            **milestone(
                "escalated_at",
                "escalated_recorded_at",
                keep="escalated_at" not in present,
                own="escalated_recorded_at" in present,
            ),
            # The first reopening we were told of stays; a later one is not another.
            **milestone(
                "reopened_at",
                "reopened_recorded_at",
                keep=True,
                own="reopened_recorded_at" in present,
            ),
            **_milestone(present, "satisfaction", "satisfaction_recorded_at"),
        }
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_supportticket",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN customers_contact k "
                "ON k.customer_id = c.id AND k.external_id = s.contact_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.ticket_id",
                columns=_values(),
                update=update,
                quiet=[name for name in update if name.endswith("_recorded_at")],
            ),
        )


def _milestone(present: frozenset[str], column: str, known: str) -> dict[str, str]:
    return milestone(column, known, own=known in present)


def _values() -> dict[str, str]:
    def known(own: str, happened: str) -> str:
        return milestone_known_at("s.recorded_at", f"s.{own}", happened)

    return {
        "customer_id": "c.id",
        "contact_id": "k.id",
        "external_id": "s.ticket_id",
        "subject": "COALESCE(s.subject, '')",
        "channel": f"COALESCE(s.channel, '{Channel.OTHER.value}')",
        "priority": f"COALESCE(s.priority, '{Priority.MEDIUM.value}')",
        "opened_at": "s.opened_at",
        "recorded_at": known_at("s.recorded_at", "s.opened_at"),
        "recorded_assumed": "s.recorded_at IS NULL",
        "first_response_at": "s.first_response_at",
        "first_response_recorded_at": known(
            "first_response_recorded_at", "s.first_response_at"
        ),
        "resolved_at": "s.resolved_at",
        "resolved_recorded_at": known("resolved_recorded_at", "s.resolved_at"),
        "escalated_at": ESCALATED,
        "escalated_recorded_at": known("escalated_recorded_at", ESCALATED),
        "reopened_at": "s.reopened_at",
        "reopened_recorded_at": known("reopened_recorded_at", "s.reopened_at"),
        "satisfaction": "s.satisfaction",
        "satisfaction_recorded_at": known("satisfaction_recorded_at", SATISFIED),
    }
