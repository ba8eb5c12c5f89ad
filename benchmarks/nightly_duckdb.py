"""Part of `nightly`: the same features by DuckDB, from Parquet, with two threads."""

import datetime as dt
import statistics
import time
from pathlib import Path

import duckdb
from django.db import connection

THREADS, ROUNDS = 2, 3
TABLES = {
    "customers_customer": "id, segment_id, customer_since, acquisition_cost",
    "billing_subscriptionchange": "customer_id, subscription_id, kind, effective_on,"
    " mrr::float8 AS mrr, quantity, interval_months, renews_on, discount::float8 AS discount",
    "billing_invoice": "customer_id, issued_on, due_on, paid_on, total::float8 AS total",
    "customers_supportticket": "customer_id, priority, opened_at::timestamp AS opened_at,"
    " first_response_at::timestamp AS first_response_at,"
    " resolved_at::timestamp AS resolved_at, escalated_at::timestamp AS escalated_at,"
    " reopened_at::timestamp AS reopened_at, satisfaction",
    "surveys_response": "customer_id, contact_id, score,"
    " responded_at::timestamp AS responded_at",
    "customers_usagedaily": "customer_id, day, period_days, active_users, events,"
    " features, key_events",
    "customers_interaction": "customer_id, kind, happened_at::timestamp AS happened_at,"
    " pulse",
    "customers_contact": "customer_id, is_primary, is_executive, is_admin, left_on",
    "customers_task": "customer_id, state, due_on",
}
FEATURES = """
CREATE OR REPLACE TABLE features AS
WITH u AS (SELECT customer_id, count(*) usage_days,
    max(day) FILTER (WHERE events > 0 OR active_users > 0) used,
    sum(least(period_days, 28)) FILTER (WHERE day > $day - 28) active,
    sum(least(period_days, 14)) FILTER (WHERE day > $day - 14) active14,
    avg(active_users) FILTER (WHERE day > $day - 31) users,
    avg(active_users) FILTER (WHERE day BETWEEN $day - 120 AND $day - 31) users_before,
    max(active_users) FILTER (WHERE day > $day - 31) peak,
    sum(events) FILTER (WHERE day > $day - 31) events,
    sum(events) FILTER (WHERE day BETWEEN $day - 120 AND $day - 31) events_before,
    max(features) FILTER (WHERE day > $day - 31) features,
    max(features) FILTER (WHERE day BETWEEN $day - 120 AND $day - 31) features_before,
    max(day) FILTER (WHERE key_events > 0) key_used, count(key_events) key_known
  FROM customers_usagedaily WHERE day BETWEEN $day - 365 AND $day GROUP BY 1),
t AS (SELECT customer_id, count(*) total, max(opened_at) opened,
    count(*) FILTER (WHERE opened_at > $day - 30) recent,
    count(*) FILTER (WHERE opened_at BETWEEN $day - 120 AND $day - 30) earlier,
    count(*) FILTER (WHERE resolved_at IS NULL) open,
    count(*) FILTER (WHERE escalated_at::timestamp > $day - 90) escalated,
    count(*) FILTER (WHERE reopened_at::timestamp > $day - 90) reopened,
    avg(epoch(first_response_at - opened_at)) FILTER (WHERE opened_at > $day - 90) response,
    avg(epoch(first_response_at - opened_at) / CASE priority WHEN 'urgent' THEN 1
      WHEN 'high' THEN 4 WHEN 'medium' THEN 8 ELSE 24 END)
      FILTER (WHERE opened_at > $day - 90) response_ratio,
    avg(epoch(resolved_at - opened_at)) FILTER (WHERE resolved_at > $day - 90) resolution,
    avg(satisfaction) FILTER (WHERE resolved_at > $day - 180) satisfaction
  FROM customers_supportticket GROUP BY 1),
a AS (SELECT customer_id, arg_max(score, responded_at) latest, max(responded_at) answered,
    count(DISTINCT contact_id) people,
    count(*) FILTER (WHERE score <= 6 AND responded_at > $day - 365) detractors
  FROM surveys_response GROUP BY 1),
i AS (SELECT customer_id, count(*) seen,
    max($day - due_on) FILTER (WHERE paid_on IS NULL AND due_on < $day) overdue,
    count(*) FILTER (WHERE due_on > $day - 180 AND paid_on > due_on + 3) late,
    sum(total) FILTER (WHERE paid_on IS NOT NULL) earned
  FROM billing_invoice WHERE issued_on <= $day GROUP BY 1),
l AS (SELECT customer_id, subscription_id, arg_max(mrr, effective_on) mrr,
    arg_max(mrr, effective_on) FILTER (WHERE effective_on <= $day - 180) mrr_before,
    arg_max(quantity, effective_on) seats, arg_max(interval_months, effective_on) period,
    arg_max(discount, effective_on) discount, min(effective_on) began
  FROM billing_subscriptionchange WHERE effective_on <= $day GROUP BY 1, 2),
s AS (SELECT customer_id, sum(mrr) mrr, sum(mrr_before) mrr_before, sum(seats) seats,
    max(period) period, max(discount) discount, min(began) began FROM l GROUP BY 1),
x AS (SELECT customer_id, max(happened_at) touched,
    count(*) FILTER (WHERE kind IN ('meeting', 'review') AND happened_at > $day - 90) met,
    arg_max(pulse, happened_at) pulse
  FROM customers_interaction GROUP BY 1),
p AS (SELECT customer_id, count(*) known, max(left_on::date) gone,
    count(*) FILTER (WHERE is_admin AND left_on IS NULL) admins,
    count(*) FILTER (WHERE is_executive AND left_on IS NULL) executives
  FROM customers_contact GROUP BY 1),
k AS (SELECT customer_id, count(*) overdue_tasks FROM customers_task
  WHERE state = 'open' AND due_on < $day GROUP BY 1)
SELECT c.*, u.* EXCLUDE customer_id, t.* EXCLUDE customer_id, a.* EXCLUDE customer_id,
  i.* EXCLUDE customer_id, s.* EXCLUDE customer_id, x.* EXCLUDE customer_id,
  p.* EXCLUDE customer_id, k.* EXCLUDE customer_id
FROM customers_customer c LEFT JOIN u ON u.customer_id = c.id
  LEFT JOIN t ON t.customer_id = c.id LEFT JOIN a ON a.customer_id = c.id
  LEFT JOIN i ON i.customer_id = c.id LEFT JOIN s ON s.customer_id = c.id
  LEFT JOIN x ON x.customer_id = c.id LEFT JOIN p ON p.customer_id = c.id
  LEFT JOIN k ON k.customer_id = c.id
"""


def features(folder: Path, day: dt.date) -> float:
    """This will export the tables and return the median seconds of the statement."""
    duck = duckdb.connect(config={"threads": THREADS})
    for table, columns in TABLES.items():
        _export(duck, folder, table, columns)
    query = FEATURES.replace("$day", f"DATE '{day}'")
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        duck.execute(query)
        times.append(time.perf_counter() - began)
    duck.close()
    return statistics.median(times)


def _export(
    duck: duckdb.DuckDBPyConnection, folder: Path, table: str, columns: str
) -> None:
    """This will copy a table to Parquet and make a view of it."""
    csv, parquet = folder / f"{table}.csv", folder / f"{table}.parquet"
    with connection.cursor() as cursor, csv.open("wb") as file:
        cursor.execute("SET statement_timeout = 0")
        cursor.copy_expert(
            f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv, HEADER)", file
        )
    connection.close()
    duck.execute(
        f"COPY (SELECT * FROM read_csv('{csv}', sample_size = -1)) TO '{parquet}'"
        " (FORMAT parquet)"
    )
    csv.unlink()
    duck.execute(f"CREATE VIEW {table} AS SELECT * FROM '{parquet}'")
