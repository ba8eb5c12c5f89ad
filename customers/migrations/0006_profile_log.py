"""The log of profiles begins with what we know: stages from the timeline, the rest as is.

SQL, because there is one statement for all customers and one for all events.
"""

from django.db import migrations

FIRST = """
INSERT INTO customers_profilechange (customer_id, segment_id, stage, parent_id, recorded_at)
SELECT c.id, c.segment_id, COALESCE(e.before, c.stage), c.parent_id, c.recorded_at
FROM customers_customer c LEFT JOIN (
    SELECT DISTINCT ON (customer_id) customer_id, data ->> 'before' AS before
    FROM customers_event WHERE kind = 'customers.stage_changed'
    ORDER BY customer_id, recorded_at, id) e ON e.customer_id = c.id
ORDER BY c.id
"""
STAGES = """
INSERT INTO customers_profilechange (customer_id, segment_id, stage, parent_id, recorded_at)
SELECT c.id, c.segment_id, e.data ->> 'after', c.parent_id,
       GREATEST(e.recorded_at, c.recorded_at)
FROM customers_event e JOIN customers_customer c ON c.id = e.customer_id
WHERE e.kind = 'customers.stage_changed' AND e.data ->> 'after' IS NOT NULL
ORDER BY e.recorded_at, e.id
"""
# A stage that was taken away left no event.
NOW = """
INSERT INTO customers_profilechange (customer_id, segment_id, stage, parent_id, recorded_at)
SELECT c.id, c.segment_id, c.stage, c.parent_id, GREATEST(now(), c.recorded_at)
FROM customers_customer c JOIN (
    SELECT DISTINCT ON (customer_id) customer_id, stage FROM customers_profilechange
    ORDER BY customer_id, recorded_at DESC, id DESC) l ON l.customer_id = c.id
WHERE l.stage <> c.stage
ORDER BY c.id
"""
BACK = "DELETE FROM customers_profilechange"


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_facts")]

    operations = [
        migrations.RunSQL(FIRST, BACK),
        migrations.RunSQL(STAGES, migrations.RunSQL.noop),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
    ]
