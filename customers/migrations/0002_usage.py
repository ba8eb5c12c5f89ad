"""The usage table: partitioned by month, one covering index that begins with the customer."""

from django.db import migrations

CREATE = """
CREATE TABLE customers_usagedaily (
    customer_id bigint NOT NULL
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    day date NOT NULL,
    recorded_on date NOT NULL,
    period_days smallint NOT NULL DEFAULT 1 CHECK (period_days >= 1),
    active_users integer NOT NULL DEFAULT 0,
    events integer NOT NULL DEFAULT 0,
    features integer NOT NULL DEFAULT 0,
    CHECK (recorded_on >= day),
    PRIMARY KEY (customer_id, day, recorded_on)
        INCLUDE (period_days, active_users, events, features)
) PARTITION BY RANGE (day);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE customers_usagedaily"),
    ]
