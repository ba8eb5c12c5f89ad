"""subscription_changes.csv: what became of subscriptions."""

from collections.abc import Sequence
from typing import Any

from billing.enums import ChangeAction, SubscriptionState
from billing.importers.changelog import (
    ACTIVE,
    BATCH,
    CHANGE,
    DISCOUNT,
    PAUSED,
    START,
    TRIAL,
    WRITTEN,
)
from billing.importers.common import (
    discount_end_possible,
    discount_possible,
    list_not_below,
    subscription_known,
)
from billing.importers.derived import discounts_ended
from billing.importers.ledger import ledger_outdate
from billing.importers.plans import plans_of
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.tally import Counts
from customers.importing.upsert import day_start, known_at, taken_over, upsert
from customers.importing.values import Column

CHANGED = {
    "mrr": "mrr",
    "seats": "quantity",
    "renews_on": "renews_on",
    "discount_percent": "discount",
    "list_mrr": "list_mrr",
    "discount_until": "discount_until",
    "state": "state",
    "action": "action",
    "plan": "plan_id",
    "recorded_at": "recorded_at",
}
ACTIONS = tuple(action for action in ChangeAction.values if action)
# A line without a plan goes on in that of the line before it in the file.
SAME_PLAN = """
WITH runs AS (
    SELECT ctid AS row, subscription_id, effective_on, plan, count(plan) OVER w AS run
    FROM import_stage
    WINDOW w AS (PARTITION BY subscription_id ORDER BY effective_on, line)),
filled AS (
    SELECT row, max(plan) OVER (PARTITION BY subscription_id, run) AS plan
    FROM runs WHERE run > 0)
UPDATE import_stage s SET plan = f.plan FROM filled f
WHERE s.ctid = f.row AND s.plan IS NULL
"""


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
        Column("list_mrr", "amount"),
        Column("discount_until", "date"),
        Column("state", "choice", choices=tuple(SubscriptionState.values)),
        Column("action", "choice", choices=ACTIONS),
        Column("plan", size=50),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown subscriptions and changes outside of their lives."""
        del load
        return (
            subscription_known(),
            discount_possible(),
            list_not_below(),
            *discount_end_possible("effective_on"),
            Check(
                "effective_on",
                "b.external_id = s.subscription_id AND (s.effective_on < b.started_on "
                "OR s.effective_on >= b.ended_on)",
                "format('impossible date: the subscription ran from %%s to %%s', "
                "b.started_on, COALESCE(b.ended_on::text, 'now'))",
                using="billing_subscription b",
            ),
        )

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make missing plans; an empty plan is that of the line before."""
        self.plans = "{}"
        if "plan" in load.present:
            self.plans = plans_of(cursor)
            cursor.execute(SAME_PLAN)

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of changes; empty seats, and a discount, stay as at the start."""
        update = taken_over(load.present, CHANGED)
        update.pop("recorded_assumed", None)
        if update.keys() & {"state", "list_mrr"}:
            update |= {name: f"EXCLUDED.{name}" for name in ("mrr", "list_mrr")}
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
                columns=_line(),
                update=update,
            ),
            plans=self.plans,
        )

    def finish(self, cursor: Any, load: Load) -> Sequence[str]:
        """This will end discounts after which nothing is told."""
        ledger_outdate()
        return discounts_ended(cursor, load)


def _line() -> dict[str, str]:
    """This will say what a line of the log is made of; `f` is how the log began."""
    ongoing = (
        f"COALESCE({DISCOUNT}, f.discount) IS NOT DISTINCT FROM f.discount "
        "AND f.discount_until > s.effective_on"
    )
    none = f"s.state IN ('{TRIAL}', '{PAUSED}')"
    return {
        "subscription_id": "b.id",
        "customer_id": "b.customer_id",
        "kind": f"'{CHANGE}'",
        "effective_on": "s.effective_on",
        "recorded_at": known_at("s.recorded_at", day_start("s.effective_on")),
        "mrr": f"CASE WHEN {none} THEN 0 ELSE s.mrr END",
        "currency": "b.currency",
        "quantity": "COALESCE(s.seats, f.quantity)",
        "interval_months": "b.interval_months",
        "renews_on": "COALESCE(s.renews_on, CASE WHEN f.renews_on > "
        "s.effective_on THEN f.renews_on END)",
        "discount": f"COALESCE({DISCOUNT}, CASE WHEN f.discount_until <= "
        "s.effective_on THEN NULL ELSE f.discount END)",
        "plan_id": "COALESCE((%(plans)s::jsonb ->> s.plan)::bigint, f.plan_id)",
        "list_mrr": f"COALESCE(s.list_mrr, CASE WHEN {none} AND s.mrr > 0 THEN s.mrr END)",
        "discount_until": "COALESCE(s.discount_until, "
        f"CASE WHEN {ongoing} THEN f.discount_until END)",
        "state": f"COALESCE(s.state, '{ACTIVE}')",
        "action": "COALESCE(s.action, '')",
    }
