"""subscriptions.csv: what customers subscribed to."""

from collections.abc import Sequence
from typing import Any

from billing.importers.changelog import (
    CHANGES,
    ENDS,
    MOVED_STARTS,
    STARTS,
)
from billing.importers.common import (
    discount_end_possible,
    discount_possible,
    list_not_below,
)
from billing.importers.derived import churn_from_ends, discounts_ended
from billing.importers.ledger import ledger_outdate
from billing.importers.plans import plans_of
from customers.extension import Importer
from customers.importing.load import Check, Load, currency_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column

DIRECT = {
    "plan": "plan_id",
    "started_on": "started_on",
    "ended_on": "ended_on",
    "currency": "currency",
    "interval_months": "interval_months",
    "is_trial": "is_trial",
    "auto_renews": "auto_renews",
    "notice_days": "notice_days",
    "recorded_at": "recorded_at",
}
PARENTS = """
UPDATE billing_subscription t SET parent_id = p.id
FROM import_stage s JOIN billing_subscription p
     ON p.external_id = s.parent_subscription_id
WHERE t.external_id = s.subscription_id AND t.parent_id IS DISTINCT FROM p.id
"""
SOURCE = """
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
WHERE s.line > %(first)s AND s.line <= %(last)s
"""


class SubscriptionImporter(Importer):
    """Subscriptions; plans are made from their names."""

    table = "subscriptions"
    noun = "subscription"
    key = ("subscription_id",)
    leaves_notes = True
    temporary = ("import_touched", "import_without_mrr")
    columns = (
        Column("subscription_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("started_on", "date", required=True),
        Column("plan", size=50),
        Column("ended_on", "date"),
        Column("ended_recorded_at", "moment", past=True),
        Column("mrr", "amount"),
        Column("currency", "currency"),
        Column("seats", "integer"),
        Column("interval_months", "integer", low=1, high=120),
        Column("renews_on", "date"),
        Column("is_trial", "boolean"),
        Column("discount_percent", "amount"),
        Column("list_mrr", "amount"),
        Column("discount_until", "date"),
        Column("notice_days", "integer", high=3650),
        Column("auto_renews", "boolean"),
        Column("parent_subscription_id", size=100),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers, currencies, and ends before starts."""
        del load
        return (
            customer_known(),
            Check(
                "ended_on",
                "s.ended_on < s.started_on",
                "format('impossible date: it ended on %%s, before it started on %%s', "
                "s.ended_on, s.started_on)",
            ),
            Check(
                "customer_id",
                "b.external_id = s.subscription_id AND c.id = b.customer_id "
                "AND c.external_id <> s.customer_id",
                "format('subscription %%L belongs to customer %%L', s.subscription_id, "
                "c.external_id)",
                using="billing_subscription b, customers_customer c",
            ),
            currency_known("s.started_on"),
            discount_possible(),
            list_not_below(),
            *discount_end_possible("started_on"),
            parent_known(),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing plans and note who waits for the invoices' amounts."""
        del load
        self.plans = plans_of(cursor)
        for table in self.temporary:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute("CREATE TEMP TABLE import_touched (id bigint, created boolean)")
        cursor.execute(
            "CREATE TEMP TABLE import_without_mrr AS "
            "SELECT subscription_id AS external_id FROM import_stage WHERE mrr IS NULL"
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of subscriptions and their change logs."""
        parameters = load.parameters(first=first, last=last, plans=self.plans)
        update = taken_over(load.present, DIRECT)
        if "ended_on" in update:
            update["ended_on"] = "COALESCE(EXCLUDED.ended_on, t.ended_on)"
        cursor.execute("TRUNCATE import_touched")
        written = self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_subscription",
                conflict="(external_id)",
                source=SOURCE,
                order="s.subscription_id",
                columns=_values(),
                update=update,
                note="import_touched",
            ),
            plans=self.plans,
        )
        cursor.execute("ANALYZE import_touched")
        for statement in (STARTS, MOVED_STARTS, CHANGES, ENDS):
            cursor.execute(statement, parameters)
        cursor.execute(
            "SELECT count(DISTINCT id) FROM import_touched t WHERE NOT EXISTS "
            "(SELECT 1 FROM import_touched m WHERE m.id = t.id AND m.created)"
        )
        (changed,) = cursor.fetchone()
        total = written.created + written.changed + written.unchanged
        return Counts(written.created, changed, total - written.created - changed)

    def conclude(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will tie add-ons to what they belong to."""
        if "parent_subscription_id" in load.present:
            cursor.execute(PARENTS, load.parameters())
        return ()

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will end discounts, and conclude who left where the folder does not tell."""
        ledger_outdate()
        notes = discounts_ended(cursor, load)
        if "churn_events" in load.tables:
            return notes
        return [*notes, *churn_from_ends(cursor, load)]


def parent_known() -> Check:
    """This will reject add-ons of nothing, of themselves and of somebody else's plan."""
    return Check(
        "parent_subscription_id",
        "s.parent_subscription_id IS NOT NULL AND (s.parent_subscription_id = "
        "s.subscription_id OR NOT EXISTS (SELECT 1 FROM import_stage o "
        "WHERE o.subscription_id = s.parent_subscription_id "
        "AND o.customer_id = s.customer_id) AND NOT EXISTS (SELECT 1 "
        "FROM billing_subscription o JOIN customers_customer c ON c.id = o.customer_id "
        "WHERE o.external_id = s.parent_subscription_id "
        "AND c.external_id = s.customer_id))",
        "format('subscription %%L cannot belong to %%L: the customer has no such other "
        "one', s.subscription_id, s.parent_subscription_id)",
    )


def _values() -> dict[str, str]:
    return {
        "customer_id": "c.id",
        "external_id": "s.subscription_id",
        "plan_id": "(%(plans)s::jsonb ->> s.plan)::bigint",
        "currency": "COALESCE(s.currency, %(currency)s)",
        "interval_months": "COALESCE(s.interval_months, 1)",
        "started_on": "s.started_on",
        "ended_on": "s.ended_on",
        "is_trial": "COALESCE(s.is_trial, false)",
        "auto_renews": "COALESCE(s.auto_renews, true)",
        "notice_days": "s.notice_days",
        "recorded_at": known_at("s.recorded_at", day_start("s.started_on")),
        "recorded_assumed": "s.recorded_at IS NULL",
    }
