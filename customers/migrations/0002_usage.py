"""The usage table: partitioned by month, one covering index that begins with the customer."""

import django.db.models.deletion
from django.db import migrations, models

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
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(CREATE, "DROP TABLE customers_usagedaily"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="UsageDaily",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer",
                                "day",
                                "recorded_on",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("recorded_on", models.DateField(verbose_name="recorded on")),
                        (
                            "period_days",
                            models.SmallIntegerField(
                                default=1, verbose_name="days covered"
                            ),
                        ),
                        (
                            "active_users",
                            models.IntegerField(default=0, verbose_name="active users"),
                        ),
                        (
                            "events",
                            models.IntegerField(default=0, verbose_name="events"),
                        ),
                        (
                            "features",
                            models.IntegerField(
                                default=0, verbose_name="features used"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="usage",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "usage of a day",
                        "db_table": "customers_usagedaily",
                    },
                ),
            ],
        ),
    ]
