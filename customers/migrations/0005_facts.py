"""What measures of health read beyond the first ones; indexes that cover it.

The key of the usage table is made anew so that it covers the new column: about a minute
for 30 million rows, during which usage can be neither read nor written. That is longer
than a statement may take otherwise.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

KEY = """
SET LOCAL statement_timeout = 0;
ALTER TABLE customers_usagedaily DROP CONSTRAINT customers_usagedaily_pkey;
ALTER TABLE customers_usagedaily ADD PRIMARY KEY (customer_id, day, recorded_on)
    INCLUDE ({columns});
"""
FORMER = "period_days, active_users, events, features"
STAGES = [
    ("onboarding", "Onboarding"),
    ("adoption", "Adoption"),
    ("mature", "Mature"),
    ("renewal", "Renewal"),
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_lookups_for_surveys")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="is_admin",
            field=models.BooleanField(default=False, verbose_name="administrator"),
        ),
        migrations.RemoveIndex(model_name="contact", name="customers_contact_frame"),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["customer", "left_on"],
                include=(
                    "left_recorded_at",
                    "recorded_at",
                    "is_primary",
                    "is_executive",
                    "is_admin",
                    "id",
                ),
                name="customers_contact_frame",
            ),
        ),
        migrations.AddField(
            model_name="supportticket",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reopened"),
        ),
        migrations.AddField(
            model_name="supportticket",
            name="reopened_recorded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="supportticket",
            constraint=models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_recorded_at__isnull=True)
                | Q(reopened_at__isnull=False, reopened_recorded_at__isnull=False),
                name="customers_ticket_reopened_known",
            ),
        ),
        migrations.RemoveIndex(
            model_name="supportticket", name="customers_ticket_frame"
        ),
        migrations.AddIndex(
            model_name="supportticket",
            index=models.Index(
                fields=["customer", "opened_at"],
                include=(
                    "recorded_at",
                    "resolved_at",
                    "resolved_recorded_at",
                    "escalated_at",
                    "escalated_recorded_at",
                    "satisfaction",
                    "satisfaction_recorded_at",
                    "priority",
                    "first_response_at",
                    "first_response_recorded_at",
                    "reopened_at",
                    "reopened_recorded_at",
                ),
                name="customers_ticket_frame",
            ),
        ),
        migrations.AddIndex(
            model_name="supportticket",
            index=models.Index(
                fields=["opened_at"],
                include=("recorded_at",),
                name="customers_ticket_opened",
            ),
        ),
        migrations.AddField(
            model_name="usagedaily",
            name="key_events",
            field=models.IntegerField(null=True, verbose_name="events of key features"),
        ),
        migrations.RunSQL(
            KEY.format(columns=f"{FORMER}, key_events"), KEY.format(columns=FORMER)
        ),
        migrations.AddIndex(
            model_name="usagedaily",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["day"], name="customers_usage_day"
            ),
        ),
        migrations.RemoveIndex(
            model_name="interaction", name="customers_interaction_frame"
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                fields=["customer", "happened_at"],
                include=("recorded_at", "kind", "pulse", "contact", "id"),
                name="customers_interaction_frame",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=Q(("due_on__isnull", False)),
                fields=["customer", "due_on"],
                include=("created_at", "closed_at"),
                name="customers_task_frame",
            ),
        ),
        migrations.CreateModel(
            name="ProfileChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=STAGES,
                        max_length=12,
                        verbose_name="lifecycle stage",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segment",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a profile",
                "indexes": [
                    models.Index(
                        fields=["customer", "recorded_at", "id"],
                        include=("segment", "stage", "parent"),
                        name="customers_profile_frame",
                    ),
                    models.Index(
                        condition=Q(("parent__isnull", False)),
                        fields=["parent"],
                        name="customers_profile_parent",
                    ),
                ],
            },
        ),
    ]
