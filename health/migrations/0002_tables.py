"""Tables written set-wise: scores by day, the standing, and the board the pages read."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SCORE = """
CREATE TABLE health_score (
    customer_id bigint NOT NULL
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    as_of date NOT NULL,
    run_id bigint NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    subscores real[] NOT NULL,
    freshness real[] NOT NULL,
    values real[] NOT NULL,
    before real[] NOT NULL,
    PRIMARY KEY (customer_id, as_of)
) PARTITION BY RANGE (as_of);
"""

# The fill factor leaves room for updates in place: every row changes every night.
STANDING = """
CREATE TABLE health_standing (
    customer_id bigint PRIMARY KEY
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    run_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    churn real NOT NULL,
    churn_low real NOT NULL,
    churn_high real NOT NULL,
    mrr numeric(14, 2) NOT NULL,
    clv numeric(14, 2) NOT NULL,
    clv_p10 numeric(14, 2) NOT NULL,
    clv_p50 numeric(14, 2) NOT NULL,
    clv_p90 numeric(14, 2) NOT NULL,
    clv_textbook numeric(14, 2) NOT NULL,
    value_at_risk numeric(14, 2) NOT NULL,
    queue_value numeric(14, 2) NOT NULL,
    at_risk boolean NOT NULL,
    renews_on date,
    last_contact_on date,
    last_used_on date,
    latest_nps smallint,
    reasons smallint[] NOT NULL,
    reason_values real[] NOT NULL,
    reason_before real[] NOT NULL,
    weekly real[] NOT NULL
) WITH (fillfactor = 60);
"""

BOARD = """
CREATE TABLE health_board (
    customer_id bigint NOT NULL,
    name varchar(200) NOT NULL,
    segment_id bigint,
    segment_name varchar(80) NOT NULL,
    owner_id bigint,
    owner_name varchar(150) NOT NULL,
    contact_id bigint,
    contact_name varchar(150) NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    churn real NOT NULL,
    churn_low real NOT NULL,
    churn_high real NOT NULL,
    mrr numeric(14, 2) NOT NULL,
    clv numeric(14, 2) NOT NULL,
    clv_p10 numeric(14, 2) NOT NULL,
    clv_p90 numeric(14, 2) NOT NULL,
    value_at_risk numeric(14, 2) NOT NULL,
    queue_value numeric(14, 2) NOT NULL,
    rank integer NOT NULL,
    at_risk boolean NOT NULL,
    renews_on date,
    last_contact_on date,
    latest_nps smallint,
    falling boolean NOT NULL,
    silent boolean NOT NULL,
    snoozed_until date,
    reasons smallint[] NOT NULL,
    reason_values real[] NOT NULL,
    reason_before real[] NOT NULL,
    weekly real[] NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0001_initial"), ("customers", "0002_usage")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(SCORE, "DROP TABLE health_score"),
                migrations.RunSQL(STANDING, "DROP TABLE health_standing"),
                migrations.RunSQL(BOARD, "DROP TABLE health_board"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Board",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("segment_id", models.BigIntegerField(null=True)),
                        ("segment_name", models.CharField(max_length=80)),
                        ("owner_id", models.BigIntegerField(null=True)),
                        ("owner_name", models.CharField(max_length=150)),
                        ("contact_id", models.BigIntegerField(null=True)),
                        ("contact_name", models.CharField(max_length=150)),
                        ("scorecard_version_id", models.BigIntegerField()),
                        ("score", models.FloatField()),
                        ("coverage", models.FloatField()),
                        (
                            "band",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "Unknown"),
                                    (1, "At risk"),
                                    (2, "Watch"),
                                    (3, "Healthy"),
                                ]
                            ),
                        ),
                        ("churn", models.FloatField()),
                        ("churn_low", models.FloatField()),
                        ("churn_high", models.FloatField()),
                        ("mrr", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("clv", models.DecimalField(decimal_places=2, max_digits=14)),
                        (
                            "clv_p10",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "clv_p90",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "value_at_risk",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "queue_value",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        ("rank", models.IntegerField(verbose_name="rank")),
                        ("at_risk", models.BooleanField()),
                        ("renews_on", models.DateField(null=True)),
                        ("last_contact_on", models.DateField(null=True)),
                        ("latest_nps", models.SmallIntegerField(null=True)),
                        ("falling", models.BooleanField()),
                        ("silent", models.BooleanField()),
                        ("snoozed_until", models.DateField(null=True)),
                        (
                            "reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SmallIntegerField(), size=None
                            ),
                        ),
                        (
                            "reason_values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "reason_before",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "weekly",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                    ],
                    options={
                        "db_table": "health_board",
                    },
                ),
                migrations.CreateModel(
                    name="Score",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer",
                                "as_of",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("score", models.FloatField(verbose_name="score")),
                        ("coverage", models.FloatField(verbose_name="coverage")),
                        (
                            "band",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "Unknown"),
                                    (1, "At risk"),
                                    (2, "Watch"),
                                    (3, "Healthy"),
                                ],
                                verbose_name="band",
                            ),
                        ),
                        (
                            "subscores",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "freshness",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "before",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="health.run",
                            ),
                        ),
                        (
                            "scorecard_version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="health.scorecardversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "score",
                        "db_table": "health_score",
                    },
                ),
                migrations.CreateModel(
                    name="Standing",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        ("score", models.FloatField(verbose_name="score")),
                        ("coverage", models.FloatField(verbose_name="coverage")),
                        (
                            "band",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "Unknown"),
                                    (1, "At risk"),
                                    (2, "Watch"),
                                    (3, "Healthy"),
                                ],
                                verbose_name="band",
                            ),
                        ),
                        (
                            "churn",
                            models.FloatField(verbose_name="may leave within 90 days"),
                        ),
                        ("churn_low", models.FloatField()),
                        ("churn_high", models.FloatField()),
                        (
                            "mrr",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=14,
                                verbose_name="monthly recurring revenue",
                            ),
                        ),
                        (
                            "clv",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=14,
                                verbose_name="customer lifetime value",
                            ),
                        ),
                        (
                            "clv_p10",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "clv_p50",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "clv_p90",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "clv_textbook",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        (
                            "value_at_risk",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=14,
                                verbose_name="value at risk",
                            ),
                        ),
                        (
                            "queue_value",
                            models.DecimalField(decimal_places=2, max_digits=14),
                        ),
                        ("at_risk", models.BooleanField(verbose_name="at risk")),
                        (
                            "renews_on",
                            models.DateField(null=True, verbose_name="renews"),
                        ),
                        ("last_contact_on", models.DateField(null=True)),
                        ("last_used_on", models.DateField(null=True)),
                        ("latest_nps", models.SmallIntegerField(null=True)),
                        (
                            "reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SmallIntegerField(), size=None
                            ),
                        ),
                        (
                            "reason_values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "reason_before",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "weekly",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="health.run",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standing",
                        "db_table": "health_standing",
                    },
                ),
            ],
        ),
    ]
