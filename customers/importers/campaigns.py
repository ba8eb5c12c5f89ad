"""campaigns.csv: what was done to win customers."""

from collections.abc import Sequence
from typing import Any

from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.tally import Counts
from customers.importing.upsert import taken_over, upsert
from customers.importing.values import Column

DIRECT = {name: name for name in ("name", "source", "starts_on", "ends_on", "note")}


class CampaignImporter(Importer):
    """Campaigns; customers and spend name them by their ids."""

    table = "campaigns"
    noun = "campaign"
    key = ("campaign_id",)
    columns = (
        Column("campaign_id", required=True, size=100),
        Column("name", required=True, size=120),
        Column("source", size=80),
        Column("starts_on", "date"),
        Column("ends_on", "date"),
        Column("note", size=250),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject campaigns that end before they begin."""
        # Of a day that the file does not speak of, the one we have counts.
        begun = _known(load, "starts_on")
        over = _known(load, "ends_on")
        return (
            Check(
                "ends_on",
                f"{over} < {begun}",
                "'impossible date: the campaign ends before it begins'",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of campaigns."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_campaign",
                conflict="(external_id)",
                source="FROM import_stage s "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.campaign_id",
                columns={
                    "external_id": "s.campaign_id",
                    "name": "s.name",
                    "source": "COALESCE(s.source, '')",
                    "starts_on": "s.starts_on",
                    "ends_on": "s.ends_on",
                    "note": "COALESCE(s.note, '')",
                },
                update=taken_over(load.present, DIRECT),
            ),
        )


def _known(load: Load, column: str) -> str:
    if column in load.present:
        return f"s.{column}"
    return (
        f"(SELECT k.{column} FROM customers_campaign k "
        "WHERE k.external_id = s.campaign_id)"
    )
