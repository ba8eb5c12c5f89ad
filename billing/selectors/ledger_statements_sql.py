"""The statements that read what the ledger is made from.

{scope} keeps some customers. Days count from 2000-01-01, amounts are cents, −1 is nobody
says. Raw, because they are read by COPY.
"""

from collections.abc import Sequence

from billing.enums import ChangeKind, ChurnKind, SubscriptionState
from common.copy import Columns


def numbered(column: str, values: Sequence[str]) -> str:
    """This will give the SQL that turns a choice into its place among others."""
    cases = " ".join(f"WHEN '{one}' THEN {place}" for place, one in enumerate(values))
    return f"(CASE {column} {cases} END)::smallint"


def day_number(column: str) -> str:
    """This will give the SQL for a day's number, −1 where it is empty."""
    return f"COALESCE({column} - DATE '2000-01-01', -1)"


KINDS = (ChangeKind.START.value, ChangeKind.CHANGE.value, ChangeKind.END.value)
STATES = (
    SubscriptionState.ACTIVE.value,
    SubscriptionState.TRIAL.value,
    SubscriptionState.PAUSED.value,
)
LOG_COLUMNS: Columns = {
    "customer": "bigint",
    "subscription": "bigint",
    "currency": "bytes[3]",
    "effective_on": "integer",
    "known_at": "bigint",
    "kind": "smallint",
    "state": "smallint",
    "mrr": "bigint",
    "list_mrr": "bigint",
    "discount": "double",
    "discount_until": "integer",
    "interval": "integer",
    "renews_on": "integer",
    "anchored_on": "integer",
    "plan": "bigint",
}
# What files do not date is taken to be known at the first moment of its day: nobody told.
LOG = f"""
SELECT c.customer_id, c.subscription_id, rpad(c.currency, 3),
       c.effective_on - DATE '2000-01-01',
       CASE WHEN k.at = c.effective_on THEN -1
            ELSE floor(extract(epoch FROM k.at - TIMESTAMP '2000-01-01'))::bigint END,
       {numbered("c.kind", KINDS)}, {numbered("c.state", STATES)},
       (c.mrr * 100)::bigint, COALESCE((c.list_mrr * 100)::bigint, -1),
       COALESCE(c.discount, -1)::double precision, {day_number("c.discount_until")},
       c.interval_months::integer, {day_number("c.renews_on")},
       {day_number("c.anchored_on")}, COALESCE(c.plan_id, 0)
FROM billing_subscriptionchange c,
     LATERAL (SELECT c.recorded_at AT TIME ZONE {{zone}} AS at) k
WHERE {{scope}}
ORDER BY c.customer_id, c.subscription_id, c.effective_on, c.id
"""
GAP_COLUMNS: Columns = {
    "subscription": "bigint",
    "due_on": "integer",
    "paid_on": "integer",
}
# What was credited in full is no longer owed.
GAPS = f"""
SELECT c.subscription_id, c.due_on - DATE '2000-01-01', {day_number("p.paid_on")}
FROM billing_invoice c,
     LATERAL (SELECT COALESCE(c.paid_on, (
        SELECT max(n.issued_on) FROM billing_creditnote n WHERE n.invoice_id = c.id
        HAVING sum(n.amount) >= c.total)) AS paid_on) p
WHERE {{scope}} AND c.subscription_id IS NOT NULL AND c.total > 0
  AND c.due_on + {{late}} <= {{day}} AND (c.paid_on IS NULL OR c.paid_on >= c.due_on + {{late}})
"""
PROFILE = """
SELECT id, COALESCE(segment_id::text, ''), stage, persona, acquisition_source,
       COALESCE(owner_id::text, '')
FROM customers_customer WHERE {scope} ORDER BY id
"""
HISTORY = """
SELECT customer_id, (recorded_at AT TIME ZONE %s)::date - DATE '2000-01-01',
       COALESCE(segment_id::text, ''), stage
FROM customers_profilechange WHERE {scope} ORDER BY customer_id, recorded_at, id
"""
DEPARTURES = f"""
SELECT customer_id, left_on - DATE '2000-01-01',
       kind = '{ChurnKind.INVOLUNTARY.value}', reason
FROM billing_churnevent WHERE {{scope}} ORDER BY customer_id, left_on
"""
