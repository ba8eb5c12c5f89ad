"""customers.csv: the companies we look after."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from customers.enums import DeliveryState, Stage
from customers.events import STAGE_CHANGED
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column
from customers.models import Segment

DIRECT = {
    "name": "name",
    "customer_since": "customer_since",
    "segment": "segment_id",
    "owner_email": "owner_id",
    "stage": "stage",
    "persona": "persona",
    "interests": "interests",
    "needs": "needs",
    "industry": "industry",
    "country": "country",
    "city": "city",
    "acquisition_source": "acquisition_source",
    "acquisition_cost": "acquisition_cost",
    "campaign": "campaign_id",
    "parent_id": "parent_id",
    "tags": "tags",
    "recorded_at": "recorded_at",
}
TEXTS = (
    "stage",
    "persona",
    "needs",
    "industry",
    "country",
    "city",
    "acquisition_source",
)
SOURCE = """
FROM import_stage s
LEFT JOIN accounts_user u ON lower(u.email) = lower(s.owner_email)
LEFT JOIN customers_customer p ON p.external_id = s.parent_id
LEFT JOIN customers_campaign k ON k.external_id = s.campaign
WHERE s.line > %(first)s AND s.line <= %(last)s
"""
# A campaign that campaigns.csv does not tell of has no more than its name.
CAMPAIGNS = """
INSERT INTO customers_campaign (external_id, name, source, note)
SELECT DISTINCT campaign, campaign, '', '' FROM import_stage
WHERE campaign IS NOT NULL ORDER BY campaign
ON CONFLICT (external_id) DO NOTHING
"""
PARENTS = """
UPDATE customers_customer c SET parent_id = p.id, updated_at = %(now)s
FROM import_stage s JOIN customers_customer p ON p.external_id = s.parent_id
WHERE c.external_id = s.customer_id AND c.parent_id IS DISTINCT FROM p.id
"""
# Customers that were here before and get another stage, told to everybody who listens.
STAGES = """
WITH told AS (
  INSERT INTO customers_event (customer_id, kind, happened_at, recorded_at,
                               subject_type, subject_id, data)
  SELECT c.id, %(kind)s, %(now)s, %(now)s, '', '',
         jsonb_build_object('before', c.stage, 'after', s.stage)
    FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
   WHERE s.line > %(first)s AND s.line <= %(last)s
     AND c.stage <> '' AND s.stage <> c.stage
   ORDER BY c.id
  RETURNING id
)
INSERT INTO customers_eventdelivery (event_id, consumer, state, attempts, reason)
SELECT told.id, consumer, %(state)s, 0, ''
  FROM told, unnest(%(consumers)s::varchar[]) AS consumer
"""
# The log of profiles: the first line is as old as the customer, a later one is learnt now.
PROFILES = """
INSERT INTO customers_profilechange
       (customer_id, segment_id, stage, parent_id, recorded_at)
SELECT c.id, c.segment_id, c.stage, c.parent_id,
       CASE WHEN l.id IS NULL THEN c.recorded_at
            ELSE GREATEST(%(now)s, l.recorded_at) END
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
LEFT JOIN LATERAL (
    SELECT p.* FROM customers_profilechange p WHERE p.customer_id = c.id
    ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1) l ON true
WHERE l.id IS NULL OR (l.segment_id, l.stage, l.parent_id)
      IS DISTINCT FROM (c.segment_id, c.stage, c.parent_id)
ORDER BY c.id
"""
# Where the file says that we knew the customer earlier, we knew the first line earlier.
FIRST_PROFILES = """
UPDATE customers_profilechange p SET recorded_at = c.recorded_at
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
WHERE p.customer_id = c.id AND p.recorded_at > c.recorded_at AND NOT EXISTS (
    SELECT 1 FROM customers_profilechange o WHERE o.customer_id = c.id
    AND (o.recorded_at, o.id) < (p.recorded_at, p.id))
"""


class CustomerImporter(Importer):
    """Customers; segments and campaigns are made from their names, people never."""

    table = "customers"
    noun = "customer"
    required = True
    key = ("customer_id",)
    columns = (
        Column("customer_id", required=True, size=100),
        Column("name", required=True, size=200),
        Column("customer_since", "date", required=True),
        Column("segment", size=50),
        Column("owner_email", "email", size=254),
        Column("stage", "choice", choices=tuple(Stage.values)),
        Column("persona", size=80),
        Column("interests", "list", size=80),
        Column("needs"),
        Column("industry", size=80),
        Column("country", size=80),
        Column("city", size=80),
        Column("acquisition_source", size=80),
        Column("acquisition_cost", "amount"),
        Column("campaign", size=100),
        Column("parent_id", size=100),
        Column("tags", "list", size=50),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject customers of unknown or own parents."""
        del load
        return (
            Check(
                "parent_id",
                "s.parent_id = s.customer_id",
                "'a customer cannot be its own parent'",
            ),
            Check(
                "parent_id",
                "s.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_stage o "
                "WHERE o.customer_id = s.parent_id) AND NOT EXISTS (SELECT 1 FROM "
                "customers_customer c WHERE c.external_id = s.parent_id)",
                "format('customer %%L is not known', s.parent_id)",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing segments and campaigns, and warn of unknown owners."""
        cursor.execute(CAMPAIGNS)
        cursor.execute(
            "SELECT segment FROM import_stage WHERE segment IS NOT NULL "
            "GROUP BY segment ORDER BY min(line)"
        )
        self.segments = json.dumps(
            {name: segment_ensure(name) for (name,) in cursor.fetchall()}
        )
        cursor.execute(
            "SELECT lower(s.owner_email), count(*) FROM import_stage s "
            "WHERE s.owner_email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts_user u "
            "WHERE lower(u.email) = lower(s.owner_email)) GROUP BY 1 ORDER BY 1"
        )
        for email, rows in cursor.fetchall():
            load.warn(f"Nobody here signs in as {email}: customers without owner", rows)

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of customers, and tell of changed stages."""
        if "stage" in load.present:
            self._stages_tell(cursor, load, first, last)
        update = taken_over(load.present, DIRECT)
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="customers_customer",
                conflict="(external_id)",
                source=SOURCE,
                order="s.customer_id",
                columns=_values(),
                update={**update, "updated_at": "%(now)s"},
                quiet=("updated_at",),
            ),
            segments=self.segments,
        )

    def _stages_tell(self, cursor: Any, load: Load, first: int, last: int) -> None:
        """This will add a line to the timeline of each customer whose stage changes.

        Before the rows are written, while the old stage still stands. A first load finds
        nobody; a stage that was or becomes unknown is no change.
        """
        values = load.parameters(
            first=first,
            last=last,
            kind=STAGE_CHANGED,
            state=DeliveryState.PENDING.value,
            consumers=settings.EVENT_CONSUMERS,
        )
        cursor.execute(STAGES, values)

    def conclude(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will set the parents that stand further down, then log the profiles."""
        if "parent_id" in load.present:
            cursor.execute(PARENTS, load.parameters())
        if "recorded_at" in load.present:
            cursor.execute(FIRST_PROFILES, load.parameters())
        cursor.execute(PROFILES, load.parameters())
        return ()


def segment_ensure(name: str) -> int:
    """This will find a segment by the key made of its name, or make it."""
    key = slugify(name)[:50] or "segment"
    segment, _made = Segment.objects.get_or_create(
        key=key, defaults={"name": name, "position": Segment.objects.count()}
    )
    return int(segment.pk)


def _values() -> dict[str, str]:
    return {
        "external_id": "s.customer_id",
        "name": "s.name",
        "customer_since": "s.customer_since",
        "segment_id": "(%(segments)s::jsonb ->> s.segment)::bigint",
        "owner_id": "u.id",
        **{name: f"COALESCE(s.{name}, '')" for name in TEXTS},
        "interests": "COALESCE(s.interests, '{}')",
        "tags": "COALESCE(s.tags, '{}')",
        "acquisition_cost": "s.acquisition_cost",
        "campaign_id": "k.id",
        "parent_id": "p.id",
        "attributes": "'{}'::jsonb",
        "recorded_at": known_at("s.recorded_at", day_start("s.customer_since")),
        "recorded_assumed": "s.recorded_at IS NULL",
        "updated_at": "%(now)s",
    }
