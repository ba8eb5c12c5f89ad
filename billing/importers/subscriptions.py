"""subscriptions.csv and subscription_changes.csv: what customers subscribed to."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

from billing.importers.changelog import (
    BATCH,
    CHANGE,
    CHANGES,
    DISCOUNT,
    ENDS,
    MOVED_STARTS,
    START,
    STARTS,
    WRITTEN,
)
from billing.importers.common import (
    discount_possible,
    subscription_known,
)
from billing.importers.derived import churn_from_ends
from billing.models import Plan
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
    "recorded_at": "recorded_at",
}
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
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing plans and note who waits for the invoices' amounts."""
        del load
        cursor.execute(
            "SELECT plan FROM import_stage WHERE plan IS NOT NULL "
            "GROUP BY plan ORDER BY min(line)"
        )
        self.plans = json.dumps(
            {name: plan_ensure(name) for (name,) in cursor.fetchall()}
        )
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

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will conclude who left, where the folder does not tell."""
        return () if "churn_events" in load.tables else churn_from_ends(cursor, load)


def plan_ensure(name: str) -> int:
    """This will find a plan by the key made of its name, or make it."""
    key = slugify(name)[:50] or "plan"
    return int(Plan.objects.get_or_create(key=key, defaults={"name": name})[0].pk)


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
        "recorded_at": known_at("s.recorded_at", day_start("s.started_on")),
        "recorded_assumed": "s.recorded_at IS NULL",
    }


class SubscriptionChangeImporter(Importer):
    """Lines of the change log between a subscription's start and end."""

    table = "subscription_changes"
    noun = "change of subscription"
    key = ("subscription_id", "effective_on")
    columns = (
        Column("subscription_id", required=True, size=100),
        Column("effective_on", "date", required=True),
        Column("mrr", "amount", required=True),
        Column("seats", "integer"),
        Column("renews_on", "date"),
        Column("discount_percent", "amount"),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown subscriptions and changes outside of their lives."""
        del load
        return (
            subscription_known(),
            discount_possible(),
            Check(
                "effective_on",
                "b.external_id = s.subscription_id AND (s.effective_on < b.started_on "
                "OR s.effective_on >= b.ended_on)",
                "format('impossible date: the subscription ran from %%s to %%s', "
                "b.started_on, COALESCE(b.ended_on::text, 'now'))",
                using="billing_subscription b",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of changes; empty seats, and a discount, stay as at the start."""
        direct = {
            "mrr": "mrr",
            "seats": "quantity",
            "renews_on": "renews_on",
            "discount_percent": "discount",
            "recorded_at": "recorded_at",
        }
        update = taken_over(load.present, direct)
        update.pop("recorded_assumed", None)
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="billing_subscriptionchange",
                conflict="(subscription_id, effective_on, kind, revision)",
                source=f"{WRITTEN} JOIN billing_subscriptionchange f "
                f"ON f.subscription_id = b.id AND f.kind = '{START}' {BATCH}",
                order="b.customer_id, b.id, s.effective_on",
                columns={
                    "subscription_id": "b.id",
                    "customer_id": "b.customer_id",
                    "kind": f"'{CHANGE}'",
                    "effective_on": "s.effective_on",
                    "recorded_at": known_at(
                        "s.recorded_at", day_start("s.effective_on")
                    ),
                    "mrr": "s.mrr",
                    "currency": "b.currency",
                    "quantity": "COALESCE(s.seats, f.quantity)",
                    "interval_months": "b.interval_months",
                    "renews_on": "COALESCE(s.renews_on, CASE WHEN f.renews_on > "
                    "s.effective_on THEN f.renews_on END)",
                    "discount": f"COALESCE({DISCOUNT}, f.discount)",
                    "plan_id": "f.plan_id",
                },
                update=update,
            ),
        )
