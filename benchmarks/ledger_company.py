"""A made company for the ledger, written by the database itself.

Four customers in five have one subscription, the others two. A subscription's log has
three lines on average: a start (every fourth with a discount that ends), a rise, a fall or
a pause, and for a third of them an end. One in seven is in dollars. Twelve invoices each,
of which one in thirty is paid five weeks late or not yet. Numbers come from hashes.
"""

import datetime as dt

from django.db import connection

from accounts.models import Company
from benchmarks.company import STATEMENTS as PEOPLE

CHANGE_COLUMNS = """INSERT INTO billing_subscriptionchange (subscription_id, customer_id,
  kind, effective_on, recorded_at, mrr, list_mrr, currency, quantity, interval_months,
  discount, discount_until, plan_id, state)"""
# What every line of a subscription's log is made of.
BASE = """FROM billing_subscription s, LATERAL (SELECT abs(hashint8(s.id)) AS h) x,
  LATERAL (SELECT 100 + h % 4000 AS price, h % 4 = 0 AS reduced,
    s.started_on + 20 + (h / 7 % 340)::int AS second,
    s.started_on + 400 + (h / 11 % 500)::int AS third,
    s.started_on + 60 + (h / 13 % 1500)::int AS gone) y"""
STATEMENTS = [
    *PEOPLE[:3],
    PEOPLE[3],
    """
    INSERT INTO billing_plan (id, key, name, kind)
    SELECT p, 'plan-' || p, 'Plan ' || p, 'base' FROM generate_series(1, 6) p
    """,
    """
    INSERT INTO accounts_exchangerate (currency, valid_on, rate)
    SELECT 'USD', d, 0.9 + (row_number() OVER () %% 7) / 100.0
    FROM generate_series(%(day)s::date - 2000, %(day)s::date, '1 month') d
    """,
    """
    UPDATE customers_customer SET acquisition_source = 'source ' || id %% 12,
      persona = 'persona ' || id %% 5, customer_since = %(day)s::date - 30 - (
        abs(hashint8(id)) %% 1800)::int
    """,
    """
    INSERT INTO billing_subscription (id, customer_id, external_id, currency, plan_id,
      interval_months, started_on, is_trial, recorded_at, recorded_assumed)
    SELECT s, c.id, 'S' || s, CASE WHEN c.id %% 7 = 0 THEN 'USD' ELSE 'EUR' END,
      1 + s %% 6, CASE WHEN s %% 2 = 0 THEN 12 ELSE 1 END,
      c.customer_since + CASE WHEN s > %(n)s THEN 15 ELSE 0 END, false,
      c.customer_since::timestamptz + interval '10 hours', false
    FROM generate_series(1, %(subscriptions)s::bigint) s
    JOIN customers_customer c ON c.id = 1 + (s - 1) %% %(n)s ORDER BY c.id, s
    """,
    f"""
    {CHANGE_COLUMNS}
    SELECT s.id, s.customer_id, l.kind, l.at, l.at::timestamptz + interval '10 hours',
      CASE WHEN l.share > 0 AND l.discounted THEN price * 0.8 ELSE price * l.share END,
      CASE WHEN l.kind <> 'end' THEN price * GREATEST(l.share, 1) END, s.currency, 5,
      s.interval_months, CASE WHEN l.discounted THEN 0.2 END,
      CASE WHEN l.discounted THEN s.started_on + 181 END, s.plan_id, l.state
    {BASE.replace("%", "%%")}, LATERAL (
      SELECT 'start' AS kind, s.started_on AS at, 1.0 AS share, reduced AS discounted,
        'active' AS state
      UNION ALL SELECT 'change', s.started_on + 181, 1.0, false, 'active' WHERE reduced
      UNION ALL SELECT 'change', second, 1.3, false, 'active'
        WHERE NOT reduced AND h / 3 %% 5 < 3
      UNION ALL SELECT 'change', third, CASE WHEN h %% 9 = 0 THEN 0 ELSE 1.6 END, false,
        CASE WHEN h %% 9 = 0 THEN 'paused' ELSE 'active' END WHERE h / 5 %% 5 < 4
      UNION ALL SELECT 'change', third + 45, 1.2, false, 'active' WHERE h %% 9 = 0
      UNION ALL SELECT 'end', gone, 0, false, 'active' WHERE h / 17 %% 3 = 0) l
    WHERE l.at <= %(day)s::date + 20
      AND (l.kind = 'end' OR h / 17 %% 3 > 0 OR l.at < gone)
    ORDER BY s.customer_id, s.id, l.at
    """,
    """
    INSERT INTO billing_churnevent (customer_id, left_on, kind, reason, secondary_reason,
      competitor, comment, recorded_at, recorded_assumed)
    SELECT customer_id, max(effective_on), CASE WHEN customer_id %% 5 = 0
        THEN 'involuntary' ELSE 'voluntary' END,
      ('{price,"missing feature","no need",""}'::text[])[1 + customer_id %% 4], '', '',
      '', max(recorded_at), false
    FROM billing_subscriptionchange WHERE kind = 'end' GROUP BY customer_id
    ORDER BY customer_id
    """,
    """
    INSERT INTO billing_invoice (customer_id, subscription_id, external_id, issued_on,
      due_on, total, currency, recorded_at, recorded_assumed, paid_on, paid_recorded_at)
    SELECT s.customer_id, s.id, 'I' || s.id || '-' || m, d.day, d.day + 14,
      100 + s.id %% 900, s.currency, d.day, true, p.day, p.day
    FROM billing_subscription s, generate_series(1, 12) m,
      LATERAL (SELECT %(day)s::date - (m * 30) AS day) d,
      LATERAL (SELECT CASE WHEN abs(hashint8(s.id * 31 + m)) %% 30 > 0
        THEN d.day + (abs(hashint8(s.id * 7 + m)) %% 25)::int
        WHEN m > 1 THEN d.day + 50 END AS day) p
    ORDER BY s.customer_id, s.id, m
    """,
]


def ledger_company_make(*, subscriptions: int, day: dt.date) -> None:
    """This will fill an empty database with so many subscriptions, as of a day."""
    Company.objects.create(id=1, name="Bench", currency="EUR")
    customers = subscriptions * 4 // 5
    found = {"n": customers, "subscriptions": subscriptions, "day": day}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in STATEMENTS:
            cursor.execute(statement, found)
        for table in ("customers_customer", "billing_subscription", "billing_plan"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"
                f" FROM {table}"
            )
        for table in ("customers_customer", "customers_profilechange",
                      "billing_subscription", "billing_subscriptionchange",
                      "billing_invoice", "billing_churnevent"):  # fmt: skip
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
