"""A made company of any size, written by the database itself.

Every customer has a subscription, a person, 12 invoices, 5 tickets, 2 answers, a call and
a profile (every fourth a former one too); every fifth has a task, every third daily usage
over 90 days. Numbers come from hashes of the id, so the same size gives the same company.
"""

import datetime as dt

from django.db import connection

from accounts.models import Company
from common.partitions import month_partitions_ensure
from surveys.models import Survey, SurveyVersion

DAYS_OF_USAGE = 90

STATEMENTS = [
    """
    INSERT INTO customers_segment (id, key, name, position)
    SELECT s, 'segment-' || s, 'Segment ' || s, s FROM generate_series(1, 3) s
    """,
    """
    INSERT INTO accounts_user (id, password, is_superuser, email, name, role, time_zone,
      language, theme, digest, digest_at, digest_weekday, session_epoch, is_active,
      is_demo, created_at)
    SELECT u, '!', false, 'csm' || u || '@example.org', 'Manager ' || u, 'csm', '', '',
      'system', 'off', '07:00', 1, 0, true, false, now() FROM generate_series(1, 5) u
    """,
    """
    INSERT INTO customers_customer (id, external_id, name, segment_id, owner_id, stage,
      persona, interests, needs, industry, country, city, acquisition_source,
      acquisition_cost, customer_since, tags, attributes, recorded_at, recorded_assumed,
      updated_at)
    SELECT c, 'C' || c, 'Customer ' || md5(c::text), 1 + c %% 3, 1 + c %% 5, '', '', '{}',
      '', '', '', '', '', 500, %(day)s::date - 400 - (c %% 700)::int, '{}', '{}',
      %(day)s::date - 1200, true, now() - interval '1 day'
    FROM generate_series(1, %(n)s::bigint) c
    """,
    """
    INSERT INTO customers_profilechange (customer_id, segment_id, stage, recorded_at)
    SELECT c.id, c.segment_id, x.stage, x.at FROM customers_customer c,
      LATERAL (SELECT CASE WHEN id %% 4 = 0 THEN 'onboarding' ELSE '' END AS stage,
                 recorded_at AS at
        UNION ALL SELECT 'adoption', customer_since + 60 WHERE id %% 4 = 0) x
    ORDER BY x.at, c.id
    """,
    """
    INSERT INTO customers_task (customer_id, title, type, reason, state, due_on,
      snooze_reason, created_at, closed_at)
    SELECT c, 'Call', 'call', '', CASE WHEN c %% 2 = 0 THEN 'open' ELSE 'done' END,
      %(day)s::date - 10 + (c %% 20)::int, '', %(day)s::date - 30,
      CASE WHEN c %% 2 = 1 THEN %(day)s::date - 5 END
    FROM generate_series(5, %(n)s::bigint, 5) c
    """,
    """
    INSERT INTO customers_contact (customer_id, external_id, name, email, phone, title,
      role, language, time_zone, is_primary, is_executive, is_admin, recorded_at,
      recorded_assumed)
    SELECT c, 'P' || c, 'Person ' || c, 'p' || c || '@example.org', '', '', '', 'en', '',
      true, c %% 7 = 0, c %% 2 = 0, %(day)s::date - 1200, true
    FROM generate_series(1, %(n)s::bigint) c
    """,
    """
    INSERT INTO billing_subscription (id, customer_id, external_id, currency,
      interval_months, started_on, is_trial, recorded_at, recorded_assumed)
    SELECT id, id, 'S' || id, 'EUR', CASE WHEN id %% 2 = 0 THEN 12 ELSE 1 END,
      customer_since, false, recorded_at, true FROM customers_customer
    """,
    """
    INSERT INTO billing_subscriptionchange (subscription_id, customer_id, kind,
      effective_on, recorded_at, mrr, currency, quantity, interval_months, discount)
    SELECT id, customer_id, 'start', started_on, recorded_at,
      100 + abs(hashint8(id)) %% 4000, 'EUR', 5 + id %% 60, interval_months,
      CASE WHEN id %% 3 = 0 THEN (id %% 40) / 100.0 END
    FROM billing_subscription
    """,
    """
    INSERT INTO billing_invoice (customer_id, subscription_id, external_id, issued_on,
      due_on, total, currency, recorded_at, recorded_assumed, paid_on, paid_recorded_at)
    SELECT c, c, 'I' || c || '-' || m, d.day, d.day + 14, 100 + c %% 900, 'EUR', d.day,
      true, p.day, p.day
    FROM generate_series(1, %(n)s::bigint) c, generate_series(1, 12) m,
      LATERAL (SELECT %(day)s::date - (m * 30) AS day) d,
      LATERAL (SELECT CASE WHEN m = 1 AND c %% 9 = 0 THEN NULL
        ELSE d.day + (abs(hashint8(c * 31 + m)) %% 25)::int END AS day) p
    """,
    """
    INSERT INTO customers_supportticket (customer_id, external_id, subject, channel,
      priority, opened_at, recorded_at, recorded_assumed, first_response_at,
      first_response_recorded_at, resolved_at, resolved_recorded_at, satisfaction,
      satisfaction_recorded_at, reopened_at, reopened_recorded_at)
    SELECT c, 'T' || c || '-' || k, '', 'email',
      ('{low,medium,high,urgent}'::text[])[1 + (c + k) %% 4], t.at, t.at, true,
      t.at + interval '3 hours', t.at + interval '3 hours',
      t.at + interval '20 hours', t.at + interval '20 hours', 1 + (c + k) %% 5,
      t.at + interval '20 hours',
      CASE WHEN (c + k) %% 20 = 0 THEN t.at + interval '10 hours' END,
      CASE WHEN (c + k) %% 20 = 0 THEN t.at + interval '10 hours' END
    FROM generate_series(1, %(n)s::bigint) c, generate_series(1, 5) k,
      LATERAL (SELECT %(day)s::timestamptz - make_interval(
        days => 1 + (abs(hashint8(c * 7 + k)) %% 300)::int) AS at) t
    """,
    """
    INSERT INTO surveys_response (customer_id, version_id, kind, score, comment, source,
      responded_at, recorded_at, recorded_assumed, language, no_reply, flags, counted,
      decision, resolution)
    SELECT c, 1, 'nps', abs(hashint8(c * 3 + k)) %% 11, '', 'imported', a.at, a.at, true,
      '', false, '{}', true, '', ''
    FROM generate_series(1, %(n)s::bigint) c, generate_series(1, 2) k,
      LATERAL (SELECT %(day)s::timestamptz - make_interval(
        days => 5 + (abs(hashint8(c * 5 + k)) %% 300)::int) AS at) a
    """,
    """
    INSERT INTO customers_interaction (customer_id, kind, summary, happened_at,
      recorded_at, recorded_assumed)
    SELECT c, 'call', '', i.at, i.at, true FROM generate_series(1, %(n)s::bigint) c,
      LATERAL (SELECT %(day)s::timestamptz - make_interval(
        days => 1 + (abs(hashint8(c)) %% 120)::int) AS at) i
    """,
    """
    INSERT INTO customers_usagedaily (customer_id, day, recorded_on, active_users,
      events, features, key_events)
    SELECT c, d.day, d.day, 1 + (c %% 30 * (100 - (c %% 90 * b) / 90) / 100)::int,
      10 + (c %% 300)::int, 1 + (c %% 6)::int,
      CASE WHEN c %% 2 = 0 THEN (c + b) %% 9 END
    FROM generate_series(0, %(usage)s) b, generate_series(3, %(n)s::bigint, 3) c,
      LATERAL (SELECT %(day)s::date - (%(usage)s - b) AS day) d
    """,
]


def company_make(*, customers: int, day: dt.date) -> None:
    """This will fill an empty database with a company of a size, as of a day."""
    Company.objects.create(id=1, name="Bench", currency="EUR")
    survey = Survey.objects.create(id=1, key="nps", name="NPS", kind="nps")
    SurveyVersion.objects.create(id=1, survey=survey, number=1)
    month_partitions_ensure(
        table="customers_usagedaily",
        first=day - dt.timedelta(days=DAYS_OF_USAGE),
        last=day,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in STATEMENTS:
            cursor.execute(
                statement, {"n": customers, "day": day, "usage": DAYS_OF_USAGE}
            )
        for table in ("accounts_user", "customers_customer", "billing_subscription"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"
                f" FROM {table}"
            )
        # Index-only scans need the map of what everybody may see.
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
