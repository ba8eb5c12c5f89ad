"""spend.csv: what was spent on winning customers."""

from collections.abc import Sequence
from typing import Any

from customers.extension import Importer
from customers.importing.load import Check, Load, currency_known
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column

DIRECT = {
    "source": "source",
    "campaign": "campaign_id",
    "spent_on": "spent_on",
    "amount": "amount",
    "currency": "currency",
    "note": "note",
    "recorded_at": "recorded_at",
}


class SpendImporter(Importer):
    """Spend; money for a campaign nobody knows is rejected, not guessed."""

    table = "spend"
    noun = "spend"
    key = ("spend_id",)
    newest = "spent_on"
    columns = (
        Column("spend_id", required=True, size=100),
        Column("spent_on", "date", required=True, past=True),
        Column("amount", "amount", required=True),
        Column("currency", "currency"),
        Column("source", size=80),
        Column("campaign", size=100),
        Column("note", size=250),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject spend on nothing, on unknown campaigns, without a rate."""
        del load
        return (
            Check(
                "campaign",
                "s.campaign IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
                "customers_campaign k WHERE k.external_id = s.campaign)",
                "format('campaign %%L is not known', s.campaign)",
            ),
            Check(
                "source",
                "s.source IS NULL AND s.campaign IS NULL",
                "'neither a source nor a campaign: nobody knows what it was spent on'",
            ),
            currency_known("s.spent_on"),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of spend."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_acquisitionspend",
                conflict="(external_id)",
                source="FROM import_stage s LEFT JOIN customers_campaign k "
                "ON k.external_id = s.campaign "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.spend_id",
                columns={
                    "external_id": "s.spend_id",
                    "source": "COALESCE(s.source, '')",
                    "campaign_id": "k.id",
                    "spent_on": "s.spent_on",
                    "amount": "s.amount",
                    "currency": "COALESCE(s.currency, %(currency)s)",
                    "note": "COALESCE(s.note, '')",
                    "recorded_at": known_at("s.recorded_at", day_start("s.spent_on")),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, DIRECT),
            ),
        )
